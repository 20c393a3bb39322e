"""Attesting what software made, through the door and on the pages."""

from asyncio import Runner

import pytest

from tests.unit.portal_records import NOW, entry, opened, said
from tests.unit.portal_site import about as a_resource
from tests.unit.portal_site import region
from tests.unit.test_portal_pages import entry_href, token
from wholerecord.access import Actor, Doorway, Opened, Refused
from wholerecord.care.software import UNVERIFIED, mark_of
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.fhir.record.entries import entry as as_fhir
from wholerecord.fold import About, Condition, Kind, Negative, Verdict
from wholerecord.intake import Arrival
from wholerecord.people.search import Search
from wholerecord.portal.clinician.lines import line
from wholerecord.portal.clinician.screen import screen
from wholerecord.portal.patient.plain import section
from wholerecord.portal.shared.links import Links
from wholerecord.record import PersonId, Source, canonical
from wholerecord.storage import memory
from wholerecord.worker import prepare_here, settle

BY_SOFTWARE = {"security": [{"code": "AIAST"}]}
PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
    "name": [{"family": "Okafor", "given": ["Ada"]}],
    "birthDate": "1948-03-02",
}
NOTE = {
    "resourceType": "DocumentReference",
    "id": "note",
    "meta": BY_SOFTWARE,
    "status": "current",
    "description": "Clinic note",
    "subject": {"reference": "Patient/p1"},
}


async def drafted() -> tuple[Doorway, PersonId]:
    store = memory.Store()
    for rule in standing_rules():
        await store.add_rule(rule)
    await store.declare(Source(name="scribe", controller="RXA", title="Scribe"))
    body = canonical(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": PATIENT}, {"resource": NOTE}],
        }
    )
    await store.keep(Arrival(source="scribe", body=body, name="post"))
    await settle(store, prepare_here)
    [(person, _)] = await store.find(Search.of("9990000018").keys)
    return Doorway(store), person


def actor(role: Role, **more) -> Actor:
    return Actor(id="who", name="Dr Mina Hale", role=role, organisation="RXA", **more)


async def attest(way: Doorway, person: PersonId, who: Actor, purpose=Purpose.DIRECT_CARE):
    [member] = await way.store.members(person)
    about = [About(member.patient, "DocumentReference", "note")]
    return await way.door(who).rule(
        person, Verdict.ATTESTED, about, why="I was there", purpose=purpose
    )


async def unverified(way: Doorway, person: PersonId) -> bool:
    seen = await way.door(actor(Role.DOCTOR)).open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(seen, Opened)
    [note] = seen.record.of(Kind.DOCUMENT)
    return note.unverified


def test_a_doctor_attests_by_name_and_can_take_it_back():
    async def run():
        way, person = await drafted()
        assert await unverified(way, person)
        ruling = await attest(way, person, actor(Role.DOCTOR))
        assert not isinstance(ruling, Refused)
        assert ruling.why == "Dr Mina Hale, doctor: I was there"
        assert not await unverified(way, person)
        assert await way.door(actor(Role.DOCTOR)).withdraw(person, ruling.n) is None
        assert await unverified(way, person)

    with Runner() as runner:
        runner.run(run())


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.GOVERNANCE, Role.SYSTEM, Role.PATIENT])
def test_nobody_but_a_professional_answers_for_what_software_made(role):
    async def run():
        way, person = await drafted()
        mine = {"person": person} if role is Role.PATIENT else {}
        purpose = Purpose.OWN_RECORD if role is Role.PATIENT else Purpose.DIRECT_CARE
        assert isinstance(await attest(way, person, actor(role, **mine), purpose), Refused)
        assert await unverified(way, person)

    with Runner() as runner:
        runner.run(run())


def a_draft(kind=Kind.CONDITION):
    made = entry(kind, "Stroke", Condition(), by=(said(words="Stroke"),))
    return type(made)(
        **{f: getattr(made, f) for f in made.__struct_fields__} | {"unverified": True}
    )


def test_every_line_of_a_draft_says_so():
    links = Links(base="/people/x", at="")
    assert line(links, a_draft()).mark == UNVERIFIED
    shown = screen(opened([a_draft()]), alerts=(), last=None, now=NOW)
    problems = next(panel for panel in shown.panels if panel.slug == "problems")
    assert [one.mark for one in problems.lines] == [UNVERIFIED]
    plain = section(opened([a_draft()]), Kind.CONDITION, links, NOW.date())
    assert "No professional has checked it" in plain.lines[0].says
    denied = Negative(kind=Kind.ALLERGY, title="NKDA", said=said(words="NKDA"))
    assert mark_of(denied) == ""


def test_a_draft_leaves_as_fhir_with_the_label_of_a_draft():
    made = as_fhir(PersonId("x"), a_draft())
    assert [one["code"] for one in made["meta"]["security"]] == ["AIAST"]


def test_the_page_of_a_draft_offers_to_attest_and_then_names_who_did():
    here = region()
    with here.runner as runner:
        body = canonical(
            {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [
                    {
                        "resource": a_resource(
                            "draft", "Condition", "a1", "Gout", "90560007", meta=BY_SOFTWARE
                        )
                    },
                ],
            }
        )
        runner.run(_file(here.store, body))
        client = here.client("doctor")
        href = entry_href(client.get(f"/people/{here.grace}/condition").text, "Gout")
        page = client.get(href).text
        assert "Made by software, not verified by a person" in page
        form = {
            "form": token(page),
            "verdict": "attested",
            "kind": "condition",
            "why": "I saw her and it is right",
        }
        ticked = page.split('value="attested"')[1].split('name="about" value="')[1].split('"')[0]
        client.post(f"/people/{here.grace}/rulings", data={**form, "about": ticked})
        page = client.get(href).text
        assert "not verified by a person" not in page
        assert "Dr Priya Example, doctor: I saw her and it is right" in page
        assert "Made by software" in page


def test_a_denial_of_software_is_attested_where_allergies_are_listed():
    here = region()
    with here.runner as runner:
        nkda = a_resource("nkda", "AllergyIntolerance", "a1", "", "716186003", meta=BY_SOFTWARE)
        nkda["code"]["text"] = "No known allergies"
        entries = [{"resource": nkda}]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        runner.run(_file(here.store, canonical(bundle)))
        client = here.client("doctor")
        where = f"/people/{here.grace}/allergy"
        page = client.get(where).text
        assert "Said to be none" in page
        assert UNVERIFIED in page
        about = page.split('name="about" value="')[1].split('"')[0]
        form = {"form": token(page), "verdict": "attested", "kind": "allergy", "about": about}
        client.post(f"/people/{here.grace}/rulings", data={**form, "why": "I asked her"})
        page = client.get(where).text
        assert UNVERIFIED not in page
        assert "I asked her" in page
        n = page.split('name="n" value="')[1].split('"')[0]
        client.post(
            f"/people/{here.grace}/rulings/withdraw",
            data={"form": token(page), "n": n, "kind": "allergy"},
        )
        assert UNVERIFIED in client.get(where).text


async def _file(store: memory.Store, body: bytes) -> None:
    await store.keep(Arrival(source="acute", body=body, name="test"))
    await settle(store, prepare_here)
