"""The International Patient Summary: its sections, what is not known, and who said what."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import fromstring

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, SECRET, secret, send, site
from tests.unit.door_web import application_of, client
from wholerecord.access import Doorway
from wholerecord.fhir.validation import wrong
from wholerecord.record import PersonId

#: LOINC codes of the guide's sections. Source: IPS 2.0.0, Composition-uv-ips.
REQUIRED = {"48765-2", "11450-4", "10160-0"}
ALL = REQUIRED | {
    *("11369-6", "30954-2", "47519-4", "46264-8", "104605-1", "42348-3", "47420-5"),
    *("11348-0", "10162-6", "18776-5", "29762-2", "81338-6", "8716-3"),
}
NKA = {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]}
PENICILLIN = {"coding": [{"system": "http://snomed.info/sct", "code": "91936005"}]}


def said(kind: str, id: str, **more: Any) -> dict[str, Any]:
    about = "patient" if kind in ("AllergyIntolerance", "Immunization") else "subject"
    return {"resourceType": kind, "id": id, about: {"reference": "Patient/p1"}, **more}


def allergy(id: str, code: dict[str, Any]) -> dict[str, Any]:
    return said("AllergyIntolerance", id, code=code)


def measured(id: str, code: str, day: str, value: float, kind: str) -> dict[str, Any]:
    return said(
        "Observation",
        id,
        status="final",
        category=[{"coding": [{"code": kind}]}],
        code={"coding": [{"system": "http://loinc.org", "code": code}], "text": code},
        effectiveDateTime=day,
        valueQuantity={"value": value, "unit": "mmol/L"},
    )


async def summary_of(way: Doorway, person: PersonId, who: str = "DOCTOR") -> dict[str, Any]:
    async with client(application_of(way, person), who) as browser:
        answer = await browser.get(f"/record/fhir/Patient/{person}/{quote('$summary')}")
    assert answer.status_code == 200
    return json.loads(answer.text, parse_float=Decimal)


def text_of(value: Any) -> str:
    return json.dumps(value, default=str)


def composition(document: dict[str, Any]) -> dict[str, Any]:
    return document["entry"][0]["resource"]


def section(document: dict[str, Any], code: str) -> dict[str, Any]:
    [found] = [
        one for one in composition(document)["section"] if one["code"]["coding"][0]["code"] == code
    ]
    return found


def held(document: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """The resources that a section refers to."""
    by_url = {one["fullUrl"]: one["resource"] for one in document["entry"]}
    return [by_url[one["reference"]] for one in section(document, code).get("entry", [])]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def check(document: dict[str, Any]) -> None:
    """What the guide asks that can be asked here."""
    assert wrong("Bundle", document) == []
    assert (document["type"], document["identifier"]["system"]) == (
        "document",
        "urn:ietf:rfc:3986",
    )
    first = composition(document)
    assert first["resourceType"] == "Composition"
    assert first["type"]["coding"][0]["code"] == "60591-5"
    urls = [one["fullUrl"] for one in document["entry"]]
    assert len(urls) == len(set(urls))
    assert set(references(document)) - {"#device"} <= set(urls)
    about = document["entry"][urls.index(first["subject"]["reference"])]["resource"]
    assert about["resourceType"] == "Patient"
    assert about["name"]
    assert "birthDate" in about or "_birthDate" in about
    codes = [one["code"]["coding"][0]["code"] for one in first["section"]]
    assert (len(codes), set(codes)) == (16, ALL)
    for one in first["section"]:
        fromstring(one["text"]["div"])  # noqa: S314 - our own, and it must be well formed
        assert ("entry" in one) != ("emptyReason" in one), one["title"]
    explained = {
        each["reference"]
        for one in document["entry"]
        if one["resource"]["resourceType"] == "Provenance"
        for each in one["resource"]["target"]
    }
    for one in first["section"]:
        assert {each["reference"] for each in one.get("entry", [])} <= explained


async def test_a_person_with_nothing_said_is_not_known_and_never_none():
    way, person = await site(bundle(patient("p1", NUMBER)))
    document = await summary_of(way, person)
    check(document)
    for code in ALL:
        found = section(document, code)
        assert found["emptyReason"]["coding"][0]["code"] == "unavailable"
        assert found["emptyReason"]["text"].startswith("Not known. Nothing recorded by")
        assert "nilknown" not in text_of(found)


async def test_what_is_so_stands_in_its_section_and_the_newest_of_each_test():
    way, person = await site(
        bundle(
            patient("p1", NUMBER),
            condition("c1", "p1"),
            allergy("a1", PENICILLIN),
            measured("o1", "2823-3", "2026-01-01", 4.1, "laboratory"),
            measured("o2", "2823-3", "2026-02-01", 5.2, "laboratory"),
            measured("v1", "8867-4", "2026-02-01", 71, "vital-signs"),
            measured("s1", "72166-2", "2026-02-01", 1, "social-history"),
            said("Flag", "f1", status="active", code={"text": "Falls"}),
            said("Device", "d1", type={"text": "Pacemaker"}) | {"patient": {}},
        )
    )
    document = await summary_of(way, person)
    check(document)
    [result] = held(document, "30954-2")
    assert result["valueQuantity"]["value"] == Decimal("5.2")
    assert len(held(document, "8716-3")) == 1
    assert len(held(document, "29762-2")) == 1
    assert len(held(document, "104605-1")) == 1
    assert [one["resourceType"] for one in held(document, "11450-4")] == ["Condition"]
    assert "1 more entry of the record" in composition(document)["text"]["div"]


async def test_that_there_is_none_is_one_source_s_word_and_names_it():
    way, person = await site(bundle(patient("p1", NUMBER), allergy("n1", NKA)))
    document = await summary_of(way, person)
    check(document)
    [none] = held(document, "48765-2")
    assert none["code"]["coding"][0]["code"] == "716186003"
    assert none["extension"][0]["extension"][0] == {"url": "source", "valueString": "pas"}
    assert "PAS" in section(document, "48765-2")["text"]["div"]
    assert "other places may know more" in section(document, "48765-2")["text"]["div"]


async def test_a_negative_never_stands_as_an_entry_beside_a_positive():
    way, person = await site(bundle(patient("p1", NUMBER), allergy("a1", PENICILLIN)))
    await send(way, bundle(patient("g1", NUMBER), allergy("n1", NKA) | _of("g1")), "gp")
    document = await summary_of(way, person)
    check(document)
    [one] = held(document, "48765-2")
    assert one["code"]["coding"][0]["code"] == "91936005"
    assert "GP" in section(document, "48765-2")["text"]["div"]
    assert one["note"], "the denial is told beside the allergy"


def _of(id: str) -> dict[str, Any]:
    return {"patient": {"reference": f"Patient/{id}"}}


async def test_every_entry_says_which_message_of_which_source_it_is_from():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    document = await summary_of(way, person)
    [one] = [
        each["resource"]
        for each in document["entry"]
        if each["resource"]["resourceType"] == "Provenance"
        and "Patient/" not in text_of(each["resource"]["entity"])
    ]
    assert one["agent"][1]["who"]["display"] == "PAS"
    assert one["entity"][0]["what"]["display"] == "message 1, entry[1]"
    assert one["entity"][0]["what"]["identifier"]["value"].startswith("Condition/")


async def test_what_is_withheld_is_not_there_and_leaves_no_number():
    hidden = bundle(patient("p1", NUMBER), condition("c1", "p1"), secret())
    way, person = await site(hidden)
    nurse = await summary_of(way, person, "NURSE")
    check(nurse)
    assert SECRET not in text_of(nurse)
    assert "may not be shown" not in text_of(nurse)
    assert SECRET in text_of(await summary_of(way, person, "PATIENT"))


async def test_words_of_a_source_are_text_and_never_markup():
    wild = "<script>x</script>\u0000\u000b & \ud83d\ude00"
    way, person = await site(
        bundle(patient("p1", NUMBER), condition("c1", "p1", code={"text": wild}))
    )
    document = await summary_of(way, person)
    div = section(document, "11450-4")["text"]["div"]
    assert "<script" not in div
    fromstring(div)  # noqa: S314 - our own


async def test_the_look_is_written_down_as_a_summary():
    way, person = await site(bundle(patient("p1", NUMBER)))
    await summary_of(way, person)
    looks = await way.store.openings_of(person, limit=10)
    assert [(look.view, look.part) for look in looks] == [("record", "$summary")]


@pytest.mark.parametrize("dated", ["2026", "2026-03", "2026-03-01", "2026-03-01T10:00:00Z", None])
async def test_any_date_a_source_gives_makes_a_valid_document(dated):
    more = {"onsetDateTime": dated} if dated else {}
    medicine = said(
        "MedicationStatement",
        "m1",
        status="active",
        medicationCodeableConcept={"text": "Amlodipine"},
        **({"effectiveDateTime": dated} if dated else {}),
    )
    procedure = said("Procedure", "r1", status="completed", code={"text": "Hip replacement"})
    one = condition("c1", "p1")
    one.pop("onsetDateTime", None)
    way, person = await site(bundle(patient("p1", NUMBER), one | more, medicine, procedure))
    check(await summary_of(way, person))
