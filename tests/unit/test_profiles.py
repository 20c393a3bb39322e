"""Profiles that a site loaded: each thing that they may ask, asked and told with its place."""

import json
from pathlib import Path

import pytest

from tests.e2e.deliveries import bundle
from tests.e2e.deliveries import patient as somebody
from tests.unit.door_site import site
from tests.unit.door_web import application_of, client
from wholerecord.fhir.profiles import NotADefinition, read
from wholerecord.fhir.profiles.shelf import Profiles, Shelf
from wholerecord.fhir.validation.places import Found
from wholerecord.record import canonical, read_json
from wholerecord.storage import memory

UK_CORE = Path(__file__).parents[3] / "shared" / ("data/uk-core")
URL = "https://profiles.example/Patient"
NHS = "https://fhir.nhs.uk/Id/nhs-number"


def definition(url, elements, of="Patient", base="http://hl7.org/fhir/StructureDefinition/Patient"):
    """A profile as JSON."""
    return canonical({
        "resourceType": "StructureDefinition", "url": url, "name": "Ours", "status": "active",
        "kind": "resource", "abstract": False, "type": of, "derivation": "constraint",
        "baseDefinition": base,
        "differential": {"element": [
            {"id": one, "path": ".".join(step.partition(":")[0] for step in one.split("."))} | asks
            for one, asks in elements.items()
        ]},
    })  # fmt: skip


def issues_of(elements, resource, *more, url=URL):
    """What is told of a resource by a profile: code and place, warnings too."""
    held = [read(definition(URL, elements)), *(read(one) for one in more)]
    shelf = Shelf.of(held)

    class Held:
        async def definitions(self):
            return held

        async def definitions_state(self):
            return "1"

        async def asked_profiles(self):
            return []

    import asyncio

    assert shelf.check(URL) is not None
    told = asyncio.run(Profiles(Held()).issues("Patient", resource, [url]))
    return [(one.code, one.place, one.severity) for one in told]


def patient(**more):
    return {"resourceType": "Patient"} | more


def sliced(least=0, most="*", rules="open"):
    by = {"discriminator": [{"type": "value", "path": "system"}], "rules": rules}
    return {
        "Patient.identifier": {"slicing": by},
        "Patient.identifier:nhs": {"sliceName": "nhs", "min": least, "max": most},
        "Patient.identifier:nhs.system": {"min": 1, "fixedUri": NHS},
        "Patient.identifier:nhs.value": {"min": 1},
    }


CODES = canonical({
    "resourceType": "CodeSystem", "url": "urn:codes", "status": "active", "content": "complete",
    "concept": [{"code": "a", "concept": [{"code": "b"}]}],
})  # fmt: skip
SET = canonical({
    "resourceType": "ValueSet", "url": "urn:set", "status": "active",
    "compose": {"include": [
        {"system": "urn:codes"}, {"system": "urn:x", "concept": [{"code": "x"}]}
    ]},
})  # fmt: skip
PART = canonical({
    "resourceType": "ValueSet", "url": "urn:set", "status": "active",
    "compose": {"include": [{"system": "urn:not-loaded"}]},
})  # fmt: skip
BOUND = {"Patient.maritalStatus": {"binding": {"strength": "required", "valueSet": "urn:set|1"}}}
WEAK = {"Patient.maritalStatus": {"binding": {"strength": "extensible", "valueSet": "urn:set"}}}
MALE = {"fixedCode": "male"}
TYPED = {"Patient.deceased[x]": {"type": [{"code": "boolean"}]}}
LED = {"Patient.generalPractitioner": {
    "type": [{"code": "Reference",
              "targetProfile": ["http://hl7.org/fhir/StructureDefinition/Organization"]}]}
}  # fmt: skip
RULE = {"Patient": {"constraint": [{"key": "our-1", "severity": "error", "human": "x",
                                    "expression": "name.exists() or identifier.exists()"}]}
}  # fmt: skip
PATTERN = {"Patient.maritalStatus": {"patternCodeableConcept": {"coding": [{"system": "urn:s"}]}}}


def coded(system, code):
    return {"coding": [{"system": system, "code": code}]}


ROWS = [
    ({"Patient.name": {"min": 1}}, patient(), [("required", "Patient.name", "error")]),
    ({"Patient.name": {"min": 1}}, patient(name=[{"text": "A"}]), []),
    ({"Patient.name": {"max": "1"}}, patient(name=[{"text": "A"}, {"text": "B"}]),
     [("structure", "Patient.name", "error")]),
    ({"Patient.photo": {"max": "0"}}, patient(photo=[{"title": "x"}]),
     [("structure", "Patient.photo", "error")]),
    ({"Patient.name.family": {"min": 1}}, patient(name=[{"text": "A"}]),
     [("required", "Patient.name[0].family", "error")]),
    ({"Patient.gender": MALE}, patient(gender="female"), [("value", "Patient.gender", "error")]),
    ({"Patient.gender": MALE}, patient(gender="male"), []),
    ({"Patient.gender": MALE | {"min": 1}},
     patient(_gender={"extension": [{"url": "urn:x", "valueCode": "x"}]}), []),
    (PATTERN, patient(maritalStatus=coded("urn:s", "x")), []),
    (PATTERN, patient(maritalStatus=coded("urn:t", "x")),
     [("value", "Patient.maritalStatus", "error")]),
    (TYPED, patient(deceasedBoolean=True), []),
    (TYPED, patient(deceasedDateTime="2020"), [("value", "Patient.deceasedDateTime", "error")]),
    (LED, patient(generalPractitioner=[{"reference": "Organization/1"}]), []),
    (LED, patient(generalPractitioner=[{"reference": "Practitioner/1"}]),
     [("value", "Patient.generalPractitioner[0].reference", "error")]),
    (LED, patient(generalPractitioner=[{"reference": "urn:uuid:1"}]), []),
    (RULE, patient(), [("invariant", "Patient", "error")]),
    (RULE, patient(name=[{"text": "A"}]), []),
    (sliced(1), patient(identifier=[{"system": "urn:x", "value": "1"}]),
     [("required", "Patient.identifier", "error")]),
    (sliced(1), patient(identifier=[{"system": NHS, "value": "1"}]), []),
    (sliced(1), patient(identifier=[{"system": NHS}]),
     [("required", "Patient.identifier[0].value", "error")]),
    (sliced(0, "1"), patient(identifier=[{"system": NHS, "value": "1"}] * 2),
     [("structure", "Patient.identifier", "error")]),
    (sliced(rules="closed"), patient(identifier=[{"system": "urn:x", "value": "1"}]),
     [("structure", "Patient.identifier[0]", "error")]),
    (BOUND, patient(maritalStatus=coded("urn:codes", "b")), []),
    (BOUND, patient(maritalStatus=coded("urn:codes", "z")),
     [("code-invalid", "Patient.maritalStatus", "error")]),
    (BOUND, patient(maritalStatus={"text": "free"}), []),
    (WEAK, patient(maritalStatus=coded("urn:codes", "z")),
     [("code-invalid", "Patient.maritalStatus", "warning")]),
]  # fmt: skip


@pytest.mark.parametrize(("elements", "resource", "told"), ROWS)
def test_what_a_profile_asks_is_told_with_its_place(elements, resource, told):
    assert issues_of(elements, resource, SET, CODES) == told


def test_what_is_not_in_the_part_of_a_set_that_is_known_may_be_in_it():
    assert issues_of(BOUND, patient(maritalStatus=coded("urn:not-loaded", "z")), PART) == []


def test_a_profile_takes_over_what_the_one_it_is_made_from_asks():
    derived = definition("urn:derived", {"Patient.identifier:nhs.use": {"min": 1}}, base=URL)
    whole = patient(identifier=[{"system": NHS}])
    assert issues_of(sliced(1), whole, derived, url="urn:derived") == [
        ("required", "Patient.identifier[0].value", "error"),
        ("required", "Patient.identifier[0].use", "error"),
    ]


def test_an_extension_is_held_against_its_own_profile():
    extension = json.loads(
        definition(
            "urn:ext",
            {"Extension.url": {"fixedUri": "urn:ext"}, "Extension.value[x]": {"min": 1}},
            of="Extension",
            base="http://hl7.org/fhir/StructureDefinition/Extension",
        )
    )
    extension = canonical(extension | {"context": [{"type": "element", "expression": "Patient"}]})
    kind = {"type": [{"code": "Extension", "profile": ["urn:ext"]}], "max": "1"}
    asks = {"Patient.extension:one": {"sliceName": "one"} | kind}
    empty = {"url": "urn:ext", "extension": [{"url": "a", "valueCode": "a"}]}
    there = {"url": "urn:ext", "valueCode": "a"}
    assert issues_of(asks, patient(extension=[empty]), extension) == [
        ("required", "Patient.extension[0].value[x]", "error")
    ]
    assert issues_of(asks, patient(extension=[there, {"url": "urn:b"}]), extension) == []
    assert issues_of(asks, patient(extension=[there, there]), extension) == [
        ("structure", "Patient.extension", "error")
    ]


def test_a_snapshot_alone_is_enough():
    value = json.loads(definition(URL, {"Patient.name": {"min": 1}}))
    [element] = value.pop("differential")["element"]
    root = {"id": "Patient", "path": "Patient", "min": 0, "max": "*", "definition": "x"}
    element |= {"max": "*", "definition": "x"}
    value["snapshot"] = {"element": [root, element]}
    for one in value["snapshot"]["element"]:
        one["base"] = {"path": one["path"], "min": 0, "max": "*"}
    shelf = Shelf.of([read(canonical(value))])
    found = Found(root=patient())
    check = shelf.check(URL)
    assert check is not None
    check(patient(), "Patient", found)
    assert [one.place for one in found.wrong] == ["Patient.name"]


def test_a_profile_that_leads_to_itself_ends():
    again = json.loads(definition(URL, {"Patient.name": {"min": 1}}, base=URL))
    assert Shelf.of([read(canonical(again))]).check(URL) is not None


@pytest.mark.parametrize("raw", [b"", b"{", b"{}", b"<x/>", b'{"resourceType":"Patient"}',
                                 b'{"resourceType":"ValueSet","status":"active"}'])  # fmt: skip
def test_what_is_no_definition_is_named_so(raw):
    with pytest.raises(NotADefinition):
        read(raw)


async def test_validate_holds_a_resource_against_the_profile_asked_for_and_those_it_claims():
    way, person = await site(bundle(somebody("p1", "9990000018")))
    await way.store.load_definitions([read(definition(URL, {"Patient.name": {"min": 1}}))])
    app = application_of(way, person)
    async with client(app, "DOCTOR") as browser:

        async def told(path, **more):
            answer = await browser.post(f"/fhir/Patient/$validate{path}", json=patient(**more))
            return [(one["severity"], one["code"]) for one in answer.json()["issue"]]

        assert await told(f"?profile={URL}") == [("error", "required")]
        assert await told(f"?profile={URL}|9") == [("error", "required")]
        assert await told("?profile=urn:else") == [("error", "not-found")]
        assert await told("", meta={"profile": [URL]}) == [("error", "required")]
        assert await told("", meta={"profile": ["urn:else"]}) == [("information", "informational")]
        assert await told("") == [("information", "informational")]
        assert await told(f"?profile={URL}", name=[{"text": "A"}], gender="x") == [
            ("error", "code-invalid")
        ]  # what its type has not, first
        other = await browser.post(f"/fhir/Group/$validate?profile={URL}", json={
            "resourceType": "Group", "type": "person", "actual": True})  # fmt: skip
        assert [one["code"] for one in other.json()["issue"]] == ["value"]
        base = "http://hl7.org/fhir/StructureDefinition/Patient"
        assert await told(f"?profile={base}") == [("information", "informational")]


async def test_what_is_loaded_while_it_serves_is_taken_up():
    store = memory.Store()
    profiles = Profiles(store)
    assert (await profiles.issues("Patient", patient(), [URL]))[0].code == "not-found"
    await store.load_definitions([read(definition(URL, {"Patient.name": {"min": 1}}))])
    assert (await profiles.issues("Patient", patient(), [URL]))[0].code == "required"


@pytest.mark.shared_data
@pytest.mark.skipif(not UK_CORE.is_dir(), reason="UK Core is not beside the project")
async def test_uk_core_is_loaded_and_its_examples_are_as_its_profiles_ask():
    found, left_out = [], []
    for folder in ("structuredefinitions", "valuesets", "codesystems"):
        for file in sorted((UK_CORE / folder).glob("*.xml")):
            try:
                found.append(read(file.read_bytes()))
            except NotADefinition:
                left_out.append(file.name)
    shelf = Shelf.of(found)
    assert len(left_out) <= 1
    made = [one for one in found if shelf.check(one.url) is not None]
    assert len(made) == 153
    assert not any(shelf.left_out.values())
    store = memory.Store()
    await store.load_definitions(found)
    profiles = Profiles(store)
    wrong = {}
    held = 0
    by_name = {one.url.rpartition("/")[2]: one.url for one in made}
    for file in sorted((UK_CORE / "examples").glob("*.xml")):
        resource = _example(file)
        names = [one for one in by_name if file.name.startswith(f"{one}-")]
        if resource is None or not names or file.name.startswith("Extension"):
            continue
        held += 1
        url = by_name[max(names, key=len)]
        issues = await profiles.issues(resource["resourceType"], resource, [url])
        if errors := [(one.says, one.place) for one in issues if one.severity == "error"]:
            wrong[file.name] = errors
    assert held > 100
    assert wrong == {}


def _example(file):
    from wholerecord.fhir.formats import from_xml
    from wholerecord.fhir.problem import Problem

    try:
        return read_json(from_xml(file.read_bytes()))
    except Problem:
        return None
