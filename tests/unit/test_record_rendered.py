"""The one record rendered: only what is given out, once, and never what another may not see."""

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, secret, send, site
from tests.unit.door_web import application_of, client
from wholerecord.consent import Purpose, Role
from wholerecord.fhir.record import rendered
from wholerecord.fhir.record.entries import TYPES
from wholerecord.fhir.record.summary import Summaries
from wholerecord.fhir.record.summary.document import document
from wholerecord.fhir.search import Held
from wholerecord.fhir.search.definitions import of_type
from wholerecord.record import PersonId

WORDS = ("Gout", "Asthma", "Eczema", "Migraine", "Vertigo", "Psoriasis")
RECORD = "/record/fhir"


@pytest.fixture
def made(monkeypatch):
    """The titles of the entries that were rendered, each time they are."""
    titles = []

    def entry(person, one):
        titles.append(one.title)
        return real(person, one)

    real = rendered.entry
    monkeypatch.setattr(rendered, "entry", entry)
    return titles


def said(*more):
    conditions = [condition(f"c{n}", "p1", code={"text": one}) for n, one in enumerate(WORDS)]
    return bundle(patient("p1", NUMBER), *conditions, *more)


def of_entries(answer):
    """What an answer's entries are, but for a Composition: that says when it was made."""
    found = [one["resource"] for one in answer.json().get("entry", [])]
    return [one for one in found if one["resourceType"] != "Composition"]


async def got(app, path, role="DOCTOR"):
    async with client(app, role) as browser:
        answer = await browser.get(f"{RECORD}/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()


async def test_a_page_of_the_record_renders_no_more_than_is_on_it(made):
    way, person = await site(said())
    found = await got(application_of(way, person), f"Condition?patient={person}&_count=2")
    assert found["total"] == len(WORDS)
    assert sorted(made) == sorted(one["resource"]["code"]["text"] for one in found["entry"])


async def test_what_was_rendered_is_rendered_again_only_when_something_is_said_of_it(made):
    way, person = await site(said())
    app = application_of(way, person)
    for path in (f"Condition?patient={person}", f"Patient/{person}/$everything"):
        await got(app, path)
        assert sorted(made) == sorted(WORDS), path
    for n, news in enumerate(("Sciatica", "Hay fever")):  # a fold is made to go on the first time
        made.clear()
        more = condition(f"m{n}", "p1", code={"text": news})
        await send(way, bundle(patient("p1", NUMBER), more))
        found = await got(app, f"Condition?patient={person}")
    assert made == ["Hay fever"]
    assert found == await got(application_of(way, person), f"Condition?patient={person}")


async def test_what_was_rendered_for_one_who_may_see_it_is_not_given_to_another():
    way, person = await site(said(secret()))
    app = application_of(way, person)
    for path in (
        f"Condition?patient={person}&_revinclude=Provenance:target",
        f"Patient/{person}/$everything",
        f"Patient/{person}/$summary",
    ):
        answers = {}
        for role in ("PATIENT", "DOCTOR", "RECEPTIONIST", "PATIENT"):
            async with (
                client(app, role) as browser,
                client(application_of(way, person), role) as afresh,
            ):
                first, second = [await one.get(f"{RECORD}/{path}") for one in (browser, afresh)]
                assert first.status_code == second.status_code, (role, path)
                assert of_entries(first) == of_entries(second), (role, path)
                answers[role] = first.text
        assert "Chlamydial" in answers["PATIENT"]
        assert "Chlamydial" not in answers["DOCTOR"]


def test_whose_an_entry_is_known_to_be_is_what_its_resource_says():
    person = PersonId("a" * 32)
    for kind in set(TYPES.values()):
        whole = Held({"resourceType": kind, "id": "1", **rendered.about(kind, person)})
        known = rendered.known_of(kind, person)
        assert known.get("patient") or known.get("subject"), kind
        for name, values in known.items():
            assert values == whole.values(of_type(kind)[name]), kind
            assert [(one.type, one.id) for one in values] == [("Patient", person)]


async def test_records_rendered_longest_ago_are_let_go_of():
    way, person = await site(said())
    asked = (
        (way.door(actor(Role.DOCTOR)), Purpose.DIRECT_CARE),
        (way.door(actor(Role.PATIENT, person=person)), Purpose.OWN_RECORD),
    )
    for most, same in ((2 * len(WORDS), True), (1, False)):
        kept = rendered.Rendered(most=most)
        shown = []
        for door, purpose in (*asked, asked[0]):
            opened = await door.open(person, purpose=purpose)
            shown.append(kept.of(opened))
        assert (shown[0] is shown[2]) is same, most
        assert shown[0] is not shown[1]


async def test_a_summary_makes_again_only_what_something_was_said_of():
    way, person = await site(said())
    door, kept = way.door(actor(Role.DOCTOR)), Summaries()
    resources = []
    for n in range(3):
        opened = await door.open(person, purpose=Purpose.DIRECT_CARE)
        pieces = kept.begin(opened)
        assert document(opened, "1", pieces) == document(opened, "1")
        kept.made(opened, pieces)
        resources.append({piece.line.text: id(piece.resource) for piece in pieces.made.values()})
        more = condition(f"m{n}", "p1", code={"text": f"New {n}"})
        await send(way, bundle(patient("p1", NUMBER), more))
    last, before = resources[2], resources[1]
    assert len(last) == len(before) + 1
    assert {one for one, at in last.items() if before.get(one) == at} == set(before)
