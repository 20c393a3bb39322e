"""Profiles that a site asks of what clients write: refused with its place, nothing half written."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.consents import of_conditions
from tests.unit.door_site import NUMBER, send, site
from tests.unit.door_web import application_of, client
from tests.unit.test_profiles import URL, definition
from wholerecord.cli.profiles import profiles as commands
from wholerecord.fhir.profiles import Base, NotADefinition, read
from wholerecord.fhir.profiles.shelf import Profiles, Shelf
from wholerecord.fhir.profiles.tally import Tally
from wholerecord.record import LogicalId, PatientKey

UK_CORE = Path(__file__).parents[3] / "shared" / ("data/uk-core")
SUBJECT = f"Patient/{LogicalId.of(PatientKey('pas', 'p1').id, 'p1').text}"
CONDITION = "https://profiles.example/Condition"
CONSENT = "https://profiles.example/Consent"


def of(url, kind, elements):
    base = f"http://hl7.org/fhir/StructureDefinition/{kind}"
    return read(definition(url, elements, of=kind, base=base))


ASKED = of(
    CONDITION,
    "Condition",
    {"Condition.onset[x]": {"min": 1}, "Condition.note": {"min": 1}},
)


async def asking(base=Base.SAID, definition=ASKED):
    """A site that asks it of whatever clients write there."""
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    await way.store.load_definitions([definition])
    await way.store.ask_profile(base, definition.url)
    return way, person


def stroke(**more):
    said = condition("", "p1", subject={"reference": SUBJECT}) | more
    return {name: value for name, value in said.items() if value is not None and name != "id"}


def places(answer):
    return [(one["code"], one["expression"][0]) for one in answer.json()["issue"]]


async def test_a_write_that_is_not_as_the_site_asks_is_refused_with_its_places():
    way, person = await asking()
    said = await way.store.received()
    async with client(application_of(way, person), "DOCTOR") as browser:
        answer = await browser.post("/fhir/Condition", json=stroke(onsetDateTime=None))
        assert answer.status_code == 422
        assert places(answer) == [
            ("required", "Condition.onset[x]"),
            ("required", "Condition.note"),
        ]
        assert (await way.store.received()) == said  # nothing was kept of it
        good = stroke(onsetDateTime="2024", note=[{"text": "told by her daughter"}])
        made = await browser.post("/fhir/Condition", json=good)
        assert made.status_code == 201, made.text
        own = made.json()
        less = {name: value for name, value in own.items() if name != "note"}
        answer = await browser.put(f"/fhir/Condition/{own['id']}", json=less)
        assert places(answer) == [("required", "Condition.note")]
        patch = [{"op": "remove", "path": "/note"}]
        answer = await browser.patch(
            f"/fhir/Condition/{own['id']}",
            content=json.dumps(patch),
            headers={"content-type": "application/json-patch+json"},
        )
        assert (answer.status_code, places(answer)) == (422, [("required", "Condition.note")])
        assert (await browser.delete(f"/fhir/Condition/{own['id']}")).status_code == 204


async def test_in_a_bundle_the_place_is_the_entrys_and_nothing_is_written():
    way, person = await asking()
    before = await way.store.received()
    entries = [
        {
            "resource": stroke(note=[{"text": "a"}]),
            "request": {"method": "POST", "url": "Condition"},
        },
        {"resource": stroke(), "request": {"method": "POST", "url": "Condition"}},
    ]
    async with client(application_of(way, person), "DOCTOR") as browser:
        whole = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
        answer = await browser.post("/fhir", json=whole)
        assert answer.status_code == 422
        assert places(answer) == [("required", "Bundle.entry[1].resource.Condition.note")]
        assert await way.store.received() == before
        batch = (await browser.post("/fhir", json=whole | {"type": "batch"})).json()["entry"]
        assert [one["response"]["status"][:3] for one in batch] == ["201", "422"]


async def test_what_a_source_says_is_kept_and_told_when_it_is_asked_about():
    way, person = await asking()
    await send(way, bundle(condition("c2", "p1")))
    own = LogicalId.of(PatientKey("pas", "p1").id, "c2").text
    async with client(application_of(way, person), "DOCTOR") as browser:
        assert (await browser.get(f"/fhir/Condition/{own}")).status_code == 200
        told = await browser.get(f"/fhir/Condition/{own}/$validate")
        assert places(told) == [("required", "Condition.note")]
        told = await browser.post("/fhir/Condition/$validate", json=stroke())
        assert places(told) == [("required", "Condition.note")]


async def test_it_is_asked_where_the_site_says_and_no_longer_than_it_does():
    way, person = await asking(Base.RECORD)
    await way.store.load_definitions([of(CONSENT, "Consent", {"Consent.policyRule": {"min": 1}})])
    await way.store.ask_profile(Base.RECORD, CONSENT)
    async with client(application_of(way, person), "DOCTOR") as browser:
        assert (await browser.post("/fhir/Condition", json=stroke())).status_code == 201
    said = {name: one for name, one in of_conditions(person).items() if name != "policyRule"}
    async with client(application_of(way, person), "PATIENT") as browser:
        answer = await browser.post("/record/fhir/Consent", json=said)
        assert (answer.status_code, places(answer)) == (422, [("required", "Consent.policyRule")])
    assert await way.store.unask_profile(Base.RECORD, CONSENT)
    assert not await way.store.unask_profile(Base.RECORD, CONSENT)
    async with client(application_of(way, person), "PATIENT") as browser:
        answer = await browser.post("/record/fhir/Consent", json=said)
        assert "asks for" not in answer.text


async def test_a_write_asks_the_store_what_is_asked_every_two_seconds_at_most(monkeypatch):
    way, _ = await asking()
    times, now = 0, 1000.0

    class Held:
        def __getattr__(self, name):
            return getattr(way.store, name)

        async def definitions_state(self):
            nonlocal times
            times += 1
            return await way.store.definitions_state()

    monkeypatch.setattr("wholerecord.fhir.profiles.shelf.monotonic", lambda: now)
    profiles = Profiles(Held())
    for _ in range(5):
        await profiles.must_be_as_asked(Base.SAID, "Patient", {"resourceType": "Patient"})
    assert times == 1
    now += 2.0
    await profiles.must_be_as_asked(Base.SAID, "Patient", {"resourceType": "Patient"})
    assert times == 2


def test_what_is_not_loaded_cannot_be_asked(monkeypatch):
    class Nothing:
        async def definitions(self):
            return []

        async def unask_profile(self, *_):
            return False

    import asyncio

    monkeypatch.setattr(
        "wholerecord.cli.profiles.on_store", lambda work: asyncio.run(work(Nothing()))
    )
    for words in (["ask", URL], ["unask", URL]):
        assert CliRunner().invoke(commands, words).exit_code != 0


async def counted(way):
    tally = Tally(Shelf.of(await way.store.definitions(), await way.store.asked_profiles()))
    for person in await way.store.people():
        members = await way.store.members(person)
        for version in await way.store.current([one.patient for one in members]):
            tally.add(version)
    return [(row.source, row.held, row.wrong, dict(row.places)) for row in tally.rows]


async def test_what_sources_said_that_is_not_as_asked_is_counted_source_by_source():
    way, person = await asking()
    await send(way, bundle(condition("c2", "p1", note=[{"text": "a"}, {"text": "b"}])))
    assert await counted(way) == [("pas", 2, 1, {"Condition.note": 1})]
    async with client(application_of(way, person), "DOCTOR") as browser:
        good = stroke(note=[{"text": "told by her daughter"}])
        made = (await browser.post("/fhir/Condition", json=good)).json()
        assert ("app:RXA", 1, 0, {}) in await counted(way)
        await browser.delete(f"/fhir/Condition/{made['id']}")
    assert await counted(way) == [("pas", 2, 1, {"Condition.note": 1})]
    await way.store.unask_profile(Base.SAID, CONDITION)
    assert await counted(way) == []


@pytest.mark.shared_data
@pytest.mark.skipif(not UK_CORE.is_dir(), reason="UK Core is not beside the project")
async def test_uk_core_is_asked_of_what_is_written():
    way, person = await site(bundle(patient("p1", NUMBER)))
    found = []
    for folder in ("structuredefinitions", "valuesets", "codesystems"):
        for file in sorted((UK_CORE / folder).glob("*.xml")):
            if any(name in file.name for name in ("Patient", "HumanName", "NHSNumber", "Gender")):
                try:
                    found.append(read(file.read_bytes()))
                except NotADefinition:
                    continue
    url = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"
    await way.store.load_definitions(found)
    await way.store.ask_profile(Base.SAID, url)
    number = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000026"}
    said = {"resourceType": "Patient", "identifier": [number], "name": [{"family": "Example"}]}
    async with client(application_of(way, person), "DOCTOR") as browser:
        answer = await browser.post("/fhir/Patient", json=said | {"birthDate": "1948-03-02"})
        assert answer.status_code == 201, answer.text
        twice = said | {"identifier": [number, number | {"value": "9990000034"}]}
        answer = await browser.post("/fhir/Patient", json=twice)
        assert answer.status_code == 422, answer.text
        assert all(place.startswith("Patient.identifier") for _, place in places(answer))
