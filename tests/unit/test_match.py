"""Tracing somebody by everything said of them: `Patient/$match`, and who has become another."""

from typing import Any

import pytest

from tests.e2e.deliveries import bundle, patient
from tests.unit.door_site import NUMBER, actor, send, site
from tests.unit.door_web import application_of, client
from wholerecord.access import Refused
from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.fhir.record.match import matches
from wholerecord.people import from_patient
from wholerecord.record import canonical

OTHER = "9990000026"
MATCH = "/record/fhir/Patient/$match"
ADA = {
    "resourceType": "Patient",
    "name": [{"family": "Example", "given": ["Ada"]}],
    "birthDate": "1970-05-04",
    "gender": "female",
    "address": [{"postalCode": "LS6 1AA"}],
}


def said(**more: Any) -> dict[str, Any]:
    return {"name": "resource", "resource": ADA | more}


def parameters(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(parts)}


def full(id: str, nhs: str, **more: Any) -> dict[str, Any]:
    """Somebody of Ada's name and birthday, where she lives."""
    return patient(id, nhs) | {key: ADA[key] for key in ("gender", "address")} | more


def restricted(id: str, nhs: str) -> dict[str, Any]:
    security = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    return full(id, nhs, meta={"security": [security]})


async def ask(way, person, *parts, who="DOCTOR"):
    async with client(application_of(way, person), who) as browser:
        answer = await browser.post(MATCH, json=parameters(*parts))
        return answer.status_code, answer.json()


async def test_a_match_comes_with_score_grade_and_the_weight_of_every_comparison():
    way, person = await site(bundle(full("p1", NUMBER)))
    status, found = await ask(way, person, said())
    assert (status, found["total"]) == (200, 1)
    [entry] = found["entry"]
    assert entry["resource"]["id"] == person
    assert entry["fullUrl"].endswith(f"/Patient/{person}")
    assert 0 < entry["search"]["score"] <= 1
    grade, evidence = entry["search"]["extension"]
    assert grade["valueCode"] == "certain"
    compared = [one for one in evidence["extension"] if one["url"] == "comparison"]
    fields = {one["extension"][0]["valueString"] for one in compared}
    assert {"date of birth", "family name", "given name", "postcode"} <= fields
    total = next(one["valueDecimal"] for one in evidence["extension"] if one["url"] == "weight")
    assert sum(one["extension"][1]["valueDecimal"] for one in compared) == pytest.approx(total, 0.1)


async def test_every_person_matched_has_an_opening_of_their_own():
    way, person = await site(bundle(full("p1", NUMBER)))
    before = len(await way.store.openings_of(person, limit=100))
    await ask(way, person, said())
    looks = await way.store.openings_of(person, limit=100)
    assert len(looks) == before + 1
    assert (looks[0].view, looks[0].part) == (View.FIND.value, "match")


async def test_only_certain_matches_leaves_out_whoever_may_be_another():
    way, person = await site(bundle(full("p1", NUMBER)))
    certain = {"name": "onlyCertainMatches", "valueBoolean": True}
    assert (await ask(way, person, said(), certain))[1]["total"] == 1
    assert (await ask(way, person, said(address=[]), certain))[1]["total"] == 0
    assert (await ask(way, person, said(address=[])))[1]["total"] == 1


async def test_a_guess_at_where_a_restricted_person_lives_confirms_nothing():
    way, person = await site(bundle(restricted("p1", NUMBER)))
    _, right = await ask(way, person, said())
    _, wrong = await ask(way, person, said(address=[{"postalCode": "M1 1AA"}]))
    assert right == wrong
    assert "LS6" not in str(right)
    _, by_place = await ask(way, person, said(name=[{"family": "Example", "given": ["A"]}]))
    _, elsewhere = await ask(
        way,
        person,
        said(name=[{"family": "Example", "given": ["A"]}], address=[{"postalCode": "M1 1AA"}]),
    )
    assert by_place == elsewhere


async def test_an_application_alone_is_told_of_one_match_or_that_there_are_too_many():
    way, _ = await site(bundle(full("p1", NUMBER)))
    rule = Rule(
        allow=True,
        purpose=Purpose.DIRECT_CARE,
        role=Role.SYSTEM,
        view=View.FIND,
        reason="a tracing service",
    )
    await way.store.add_rule(rule)
    found = await way.door(actor(Role.SYSTEM)).match(
        from_patient(canonical(ADA)), purpose=Purpose.DIRECT_CARE
    )
    assert not isinstance(found, Refused)
    assert matches(found, 20, "http://here", alone=True)["total"] == 1
    several = matches((*found, *found), 20, "http://here", alone=True)
    assert several["total"] == 0
    [entry] = several["entry"]
    assert entry["search"] == {"mode": "outcome"}
    assert "TOO_MANY_MATCHES" in str(entry)
    assert matches((*found, *found), 1, "http://here", alone=False)["total"] == 2


async def test_who_may_not_look_for_people_is_refused_whether_there_is_anybody_or_not():
    way, person = await site(bundle(full("p1", NUMBER)))
    for body in (said(), said(name=[{"family": "Nobody", "given": ["Such"]}], address=[])):
        assert (await ask(way, person, body, who="RESEARCHER"))[0] == 403


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (said(name=[], address=[]),),
        ({"name": "resource", "resource": {"resourceType": "Person"}},),
        (said(), {"name": "count", "valueInteger": 0}),
        (said(), {"name": "count", "valueInteger": "many"}),
        (said(), {"name": "onlyCertainMatches", "valueBoolean": "yes"}),
        (said(), {"name": "other", "valueBoolean": True}),
    ],
)
async def test_what_cannot_be_asked_is_told_as_an_outcome(parts: tuple[dict[str, Any], ...]):
    way, person = await site(bundle(full("p1", NUMBER)))
    status, outcome = await ask(way, person, *parts)
    assert status == 400
    assert outcome["resourceType"] == "OperationOutcome"


async def test_whoever_has_become_another_is_answered_with_who_they_are_now():
    way, one = await site(bundle(full("p1", NUMBER)))
    await send(way, bundle(full("p2", OTHER, birthDate="1950-01-02")), "gp")
    [two] = [each for each in await way.store.people() if each != one]
    [member] = await way.store.members(two)
    await way.store.join(member.patient, one, by="dr", why="asked them")
    async with client(application_of(way, one), "DOCTOR") as browser:
        answer = await browser.get(f"/record/fhir/Patient/{two}")
        assert (answer.status_code, answer.json()["id"]) == (200, one)
        for number in (NUMBER, OTHER):  # one of them is superseded
            found = (await browser.get(f"/record/fhir/Patient?identifier={number}")).json()
            assert [entry["resource"]["id"] for entry in found["entry"]] == [one]
    async with client(application_of(way, one), "STRANGER") as browser:
        assert (await browser.get(f"/record/fhir/Patient/{two}")).status_code == 403


TRACE = "family=Example&birthdate=eq1970-05-04&gender=female"


async def trace(way, person, query, who="DOCTOR"):
    async with client(application_of(way, person), who) as browser:
        answer = await browser.get(f"/record/fhir/Patient?{query}")
        return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("query", "total"),
    [
        (f"{TRACE}&_exact-match=true", 1),
        (f"{TRACE}&given=Ada&_fuzzy-match=true", 1),
        (
            "family=Exampel&given=Ada&birthdate=1970-05-04&address-postalcode=LS6+1AA&_fuzzy-match=true",
            1,
        ),
        (
            "family=Exampel&given=Ada&birthdate=1970-05-04&address-postalcode=LS6+1AA&_exact-match=true",
            0,
        ),
        (f"{TRACE}&given=Ada&_max-results=1", 1),
        ("family=Nobody&given=Ada&birthdate=1960-05-04&_fuzzy-match=true", 0),
    ],
)
async def test_a_trace_is_exact_or_fuzzy_as_it_is_asked(query: str, total: int):
    way, person = await site(bundle(full("p1", NUMBER)))
    status, found = await trace(way, person, query)
    assert (status, found["total"]) == (200, total)


@pytest.mark.parametrize(
    "query",
    [
        "family=Example&_fuzzy-match=true",
        "family=Example&birthdate=1970-05-04&_fuzzy-match=true",
        "birthdate=1970-05-04&gender=female&_fuzzy-match=true",
        f"{TRACE}&_fuzzy-match=perhaps",
        f"{TRACE}&_max-results=51",
        f"{TRACE}&_max-results=x",
        f"{TRACE}&_exact-match=true&shoe-size=9",
        f"{TRACE}&_exact-match=true&family=Two",
        "family=Example&birthdate=monday&gender=female&_exact-match=true",
        f"{TRACE}&address-postalcode=nowhere&_exact-match=true",
    ],
)
async def test_a_trace_that_says_too_little_or_what_is_not_known_is_told_so(query: str):
    way, person = await site(bundle(full("p1", NUMBER)))
    status, outcome = await trace(way, person, query)
    assert (status, outcome["resourceType"]) == (400, "OperationOutcome")


async def test_a_trace_by_postcode_finds_no_restricted_person_by_it():
    way, person = await site(bundle(restricted("p1", NUMBER)))
    query = "family=Example&given=A&birthdate=1970-05-04&_fuzzy-match=true&address-postalcode="
    right = await trace(way, person, f"{query}LS6+1AA")
    wrong = await trace(way, person, f"{query}M1+1AA")
    assert right == wrong
