"""Nothing leaves by a side path: the real door over the reference store, real messages behind."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, SECRET, SECRET_CODE, actor, secret, send, site
from wholerecord import fhir
from wholerecord.access import Doorway, Opened, Original, Refused
from wholerecord.consent import Purpose, Role, View
from wholerecord.consent.indication import INDICATED, BadIndication, indicated, silent
from wholerecord.consent.wish import Act as Wished
from wholerecord.consent.wish import What, Wish, rules_of
from wholerecord.fold import About, Kind, Verdict
from wholerecord.people import Act
from wholerecord.record import PatientKey, Source

WITH_SECRET = bundle(patient("p1", NUMBER), condition("c1", "p1"), secret())

_CARERS = {Role.DOCTOR, Role.GP, Role.NURSE, Role.PHARMACIST}
_LOOKS = {View.RECORD, View.PROVENANCE, View.MESSAGE, View.DEMOGRAPHICS}


def oracle(role: Role, purpose: Purpose, view: View, *, related: bool) -> bool:
    """What the standing rules mean, written again from what people were told."""
    match purpose:
        case Purpose.DIRECT_CARE if role in {*_CARERS, Role.SOCIAL_WORKER}:
            if view is View.RULING:
                return related and role in {Role.DOCTOR, Role.GP}
            if view in {View.REGISTER, View.CLAIM}:
                return True
            return view is View.FIND or (view in {*_LOOKS, View.SAY} and related)
        case Purpose.EMERGENCY:
            operator = role is Role.SYSTEM and view in {View.FIND, View.RECORD, View.RULES}
            return operator or (role in _CARERS and view in _LOOKS)
        case Purpose.ADMINISTRATION if role is Role.RECEPTIONIST:
            return view is View.FIND or (view in {View.DEMOGRAPHICS, View.RULES} and related)
        case Purpose.OWN_RECORD if role is Role.PATIENT:
            return view in {*_LOOKS, View.OPENINGS, View.RULING, View.RULES}
        case Purpose.SAFETY_REVIEW if role is Role.GOVERNANCE:
            return view in {View.DESK, View.RULING, View.OPENINGS, View.FIND, View.RULES}
        case Purpose.PLANNING:
            return (role, view) == (Role.PLANNER, View.COUNT)
        case Purpose.RESEARCH:
            return (role, view) == (Role.RESEARCHER, View.COUNT)
        case _:
            return False


async def test_every_role_purpose_and_view_is_as_people_were_told_and_is_written_down():
    way, person = await site(WITH_SECRET)
    asked = 0
    for role, purpose, view, related in product(Role, Purpose, View, (True, False)):
        who = actor(role, "RXA" if related else "RZZ", person=person)
        opened = await way.door(who).open(person, purpose=purpose, view=view, given="collapsed")
        allowed = isinstance(opened, Opened)
        assert allowed is oracle(role, purpose, view, related=related), (role, purpose, view)
        asked += 1
        assert opened.opening.allowed is allowed
        if allowed and purpose is not Purpose.OWN_RECORD:
            assert SECRET not in str(opened.record.entries)
        if allowed and purpose in {Purpose.ADMINISTRATION, Purpose.SAFETY_REVIEW}:
            assert not opened.record.entries
    assert len(await way.store.openings_of(person, limit=100_000)) == asked


async def test_nobody_but_the_person_is_a_person_of_their_own():
    way, person = await site(WITH_SECRET)
    stranger = replace(actor(Role.PATIENT), person=None)
    refused = await way.door(stranger).open(person, purpose=Purpose.OWN_RECORD)
    assert isinstance(refused, Refused)


async def test_what_is_sealed_is_in_no_answer_of_the_api():
    way, person = await site(WITH_SECRET)

    async def who_asks(_):
        return actor(Role.DOCTOR)

    api = fhir.Api(door=way.door, who_asks=who_asks, cursors=fhir.Cursors(b"test"))
    app = Starlette(routes=[Mount("/fhir", routes=fhir.record_routes(api, "1"))])
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here/fhir") as client:
        for path in (
            f"/Patient/{person}",
            f"/Patient/{person}/$everything",
            f"/Condition?patient={person}",
            f"/Condition?patient={person}&_count=0",
            f"/Condition?patient={person}&code={SECRET_CODE}",
            f"/Patient?identifier={NUMBER}",
        ):
            answer = await client.get(path)
            assert answer.status_code == 200
            assert SECRET not in answer.text
            assert "s1" not in [one["resource"]["id"] for one in answer.json().get("entry", ())]
        searched = (await client.get(f"/Condition?patient={person}&code={SECRET_CODE}")).json()
        assert searched["total"] == 0
        for odd in ("%00", "%2e%2e", "x" * 5000, "\N{SNOWMAN}", "a" * 32):
            assert (await client.get(f"/Patient/{odd}")).status_code == 403
            assert (await client.get(f"/Condition?patient={odd}")).status_code in {400, 403}


async def test_that_something_is_withheld_is_told_to_staff_unless_it_is_sealed():
    for label, told in (("STD", 1), ("R", 0), ("sealed", 0)):
        way, person = await site(bundle(patient("p1", NUMBER), secret(label)))
        opened = await way.door(actor(Role.DOCTOR)).open(person, purpose=Purpose.DIRECT_CARE)
        assert isinstance(opened, Opened)
        assert SECRET not in str(opened.record.entries)
        assert opened.withheld == told, label


async def test_what_is_sealed_and_sensitive_in_two_ways_leaves_no_sign():
    both = secret("STD") | {"meta": {"security": [{"code": "STD"}, {"code": "R"}]}}
    way, person = await site(bundle(patient("p1", NUMBER), both))
    opened = await way.door(actor(Role.DOCTOR)).open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(opened, Opened)
    assert opened.withheld == 0


async def hidden_by_the_person(**by: Any):
    """A line that the person hides from everybody, and who they are."""
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    ours = PatientKey("pas", "p1").id
    item = f"{ours}/Condition/c1"
    wish = Wish(act=Wished.HIDE, what=What.ITEM, which=(item,), emergency=True)
    await way.store.prefer(person, rules_of(wish, person), by="ada", words="hidden")
    return Doorway(way.store, **by), person


async def test_what_a_person_hides_leaves_no_sign_to_whom_it_is_hidden_from():
    way, person = await hidden_by_the_person()
    for purpose in (Purpose.DIRECT_CARE, Purpose.EMERGENCY):
        opened = await way.door(actor(Role.GP)).open(person, purpose=purpose, given="collapsed")
        assert isinstance(opened, Opened)
        assert (opened.record.entries, opened.withheld) == ((), 0)


@pytest.mark.parametrize(("name", "told"), [("own", 1), ("item:Condition", 1), ("item:Goal", 0)])
async def test_a_site_that_must_say_so_tells_staff_that_something_is_hidden(name, told):
    way, person = await hidden_by_the_person(indicated=INDICATED | {name: True})
    opened = await way.door(actor(Role.GP)).open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(opened, Opened)
    assert (opened.record.entries, opened.withheld) == ((), told)


def test_the_file_of_what_is_indicated_names_what_may_be_withheld(tmp_path):
    file = tmp_path / "indication.toml"
    assert indicated(file) is INDICATED
    file.write_text('[indicated]\nown = true\n"kind:allergy" = true\nsealed = false\n')
    assert indicated(file) == INDICATED | {"own": True, "kind:allergy": True}
    assert silent(frozenset({"sealed"}), frozenset({"sealed"}), indicated(file)) == {"sealed"}
    for wrong in ("[indicated]\nshoes = true", "own = true", "[indicated]\nown = 1", "[", "\xff"):
        file.write_text(wrong)
        with pytest.raises(BadIndication):
            indicated(file)


async def test_of_a_message_the_part_that_is_sealed_is_not_shown():
    way, person = await site(WITH_SECRET)
    original = await way.door(actor(Role.DOCTOR)).message(person, 1, purpose=Purpose.DIRECT_CARE)
    assert isinstance(original, Original)
    assert original.places == {"entry[0]", "entry[1]"}


async def test_a_message_that_says_only_what_is_sealed_is_refused():
    way, person = await site(bundle(patient("p1", NUMBER)), bundle(secret()))
    door = way.door(actor(Role.DOCTOR))
    assert isinstance(await door.message(person, 2, purpose=Purpose.DIRECT_CARE), Refused)
    assert isinstance(await door.message(person, 99, purpose=Purpose.DIRECT_CARE), Refused)


async def test_what_was_sealed_since_is_sealed_in_the_past():
    way, person = await site(bundle(patient("p1", NUMBER), secret(label="")))
    door = way.door(actor(Role.DOCTOR))
    before = datetime.now(UTC)
    opened = await door.open(person, purpose=Purpose.DIRECT_CARE, at=before)
    assert isinstance(opened, Opened)
    assert SECRET in str(opened.record.entries)
    await send(way, bundle(secret()))
    opened = await door.open(person, purpose=Purpose.DIRECT_CARE, at=before)
    assert isinstance(opened, Opened)
    assert SECRET not in str(opened.record.entries)
    assert SECRET not in str(opened.record.superseded)
    assert opened.withheld == 0  # that somebody sealed something is sealed too


async def test_who_cared_once_cannot_look_at_that_time_for_ever():
    way, person = await site(WITH_SECRET)
    await way.store.declare(Source(name="other", controller="RXB", title="Other"))
    await send(way, bundle(patient("p1", NUMBER)), "other")
    door = way.door(actor(Role.DOCTOR, "RXB"))
    then = datetime.now(UTC)
    assert isinstance(await door.open(person, purpose=Purpose.DIRECT_CARE, at=then), Opened)
    members = await way.store.members(person)
    [theirs] = [member.patient for member in members if member.controller == "RXB"]
    governance = way.door(actor(Role.GOVERNANCE, "ICB"))
    assert not isinstance(await governance.unlink(theirs, why="another person"), Refused)
    refused = await door.open(person, purpose=Purpose.DIRECT_CARE, at=then)
    assert isinstance(refused, Refused)
    assert not refused.opening.allowed


async def test_how_they_came_to_be_one_is_told_as_it_was_known_then():
    way, person = await site(WITH_SECRET)
    await way.store.declare(Source(name="other", controller="RXB", title="Other"))
    await send(way, bundle(patient("p1", NUMBER)), "other")
    then = datetime.now(UTC)
    members = await way.store.members(person)
    [theirs] = [member.patient for member in members if member.controller == "RXB"]
    governance = way.door(actor(Role.GOVERNANCE, "ICB"))
    assert not isinstance(await governance.unlink(theirs, why="another person"), Refused)
    seen: list[tuple[int, list[Act]]] = []
    for at in (then, None):
        opened = await governance.open(
            person, purpose=Purpose.SAFETY_REVIEW, view=View.RULING, part="identity", at=at
        )
        assert isinstance(opened, Opened)
        events = await governance.links(opened, at=at)
        seen.append((len(opened.members), [event.act for event in events]))
    assert seen == [(2, [Act.LINK, Act.LINK]), (1, [Act.LINK, Act.LINK, Act.UNLINK])]


async def test_a_ruling_over_what_is_sealed_is_neither_told_nor_undone():
    way, person = await site(WITH_SECRET)
    own = way.door(actor(Role.PATIENT, person=person))
    opened = await own.open(person, purpose=Purpose.OWN_RECORD)
    assert isinstance(opened, Opened)
    [said] = [s for e in opened.record.entries for s in e.said_by if s.id == "s1"]
    ruling = await own.rule(
        person,
        Verdict.DISPUTED,
        [About(said.patient, said.kind, said.id)],
        why="not mine",
        purpose=Purpose.OWN_RECORD,
    )
    assert not isinstance(ruling, Refused)
    doctor = way.door(actor(Role.DOCTOR))
    looked = await doctor.open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(looked, Opened)
    assert list(await doctor.rulings(looked)) == []
    assert isinstance(await doctor.withdraw(person, ruling.n), Refused)
    assert [one.n for one in await own.rulings(opened)] == [ruling.n]


async def test_who_looked_is_the_whole_list():
    way, person = await site(WITH_SECRET)
    door = way.door(actor(Role.DOCTOR))
    for _ in range(1100):
        await door.open(person, purpose=Purpose.DIRECT_CARE)
    own = way.door(actor(Role.PATIENT, person=person))
    looks = await own.who_looked(person, purpose=Purpose.OWN_RECORD)
    assert not isinstance(looks, Refused)
    assert len(looks) == 1101


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.RECEPTIONIST, Role.PATIENT])
async def test_the_desk_is_refused_and_the_refusal_is_kept(role):
    way, _ = await site(WITH_SECRET)
    assert isinstance(await way.door(actor(role)).desk(), Refused)
    [opening] = await way.store.openings()
    assert (opening.allowed, opening.view, opening.person) == (False, "desk", None)


async def test_whoever_is_named_in_a_possible_match_can_see_who_read_it():
    way, _ = await site(WITH_SECRET)
    alike = json.loads(bundle(patient("p2", NUMBER)))
    alike["entry"][0]["resource"] |= {"id": "p2", "identifier": []}
    await send(way, json.dumps(alike).encode())
    desk = await way.door(actor(Role.GOVERNANCE, "ICB")).desk()
    assert not isinstance(desk, Refused)
    named = {person for review, _, _ in desk.reviews for person in (review.person,)}
    for person in named:
        assert [one.part for one in await way.store.openings_of(person)] == ["possible match"]
    assert all(mine and theirs for _, mine, theirs in desk.reviews)


@pytest.mark.parametrize("view", View)
async def test_a_view_holds_what_it_is_for_and_no_more(view):
    way, person = await site(WITH_SECRET, bundle(condition("c2", "p1", code={"text": "Asthma"})))
    own = way.door(actor(Role.PATIENT, person=person))
    opened = await own.open(person, purpose=Purpose.OWN_RECORD, view=view)
    if isinstance(opened, Refused):
        return
    entries = {View.RECORD: 3}.get(view, 0)
    assert len(opened.record.entries) == entries
    whose = view in {View.RECORD, View.PROVENANCE, View.DEMOGRAPHICS, View.RULING, View.FIND}
    assert (opened.record.who is not None, bool(opened.members)) == (whose, whose)
    if view is not View.RECORD:
        left = (*opened.record.negatives, *opened.record.superseded, *opened.record.parked)
        assert (left, opened.parked, opened.withheld) == ((), (), 0)


async def test_where_one_entry_comes_from_is_shown_with_those_it_may_be_joined_with():
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": "Patient/p1"},
        "code": {"text": "Penicillin"},
    }
    way, person = await site(WITH_SECRET, bundle(allergy))
    own = way.door(actor(Role.PATIENT, person=person))
    opened = await own.open(person, purpose=Purpose.OWN_RECORD)
    assert isinstance(opened, Opened)
    [entry] = opened.record.of(Kind.ALLERGY)
    shown = await own.open(person, purpose=Purpose.OWN_RECORD, view=View.PROVENANCE, part=entry.key)
    assert isinstance(shown, Opened)
    assert shown.record.entries == (entry,)


@pytest.mark.parametrize("last", ["replaced", "taken back", "said again"])
async def test_a_sealed_statement_that_is_no_longer_current_shows_no_words(last):
    before = secret() | {"code": {"text": SECRET}}
    dated = {"lastUpdated": "2026-09-09T00:00:00Z"}
    after = {
        "replaced": {"code": {"text": "Something else"}, "meta": dated},
        "taken back": {
            "verificationStatus": {"coding": [{"code": "entered-in-error"}]},
            "code": {"text": SECRET},
            "meta": dated,
        },
        "said again": {"meta": before["meta"] | dated},
    }[last]
    way, person = await site(bundle(patient("p1", NUMBER), before), bundle(before | after))
    opened = await way.door(actor(Role.DOCTOR)).open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(opened, Opened)
    assert SECRET not in str(opened.record)
    own = way.door(actor(Role.PATIENT, person=person))
    theirs = await own.open(person, purpose=Purpose.OWN_RECORD)
    assert isinstance(theirs, Opened)
    assert SECRET in str(theirs.record)


async def test_what_was_replaced_and_was_never_sealed_is_shown_to_staff():
    older = condition("c1", "p1", code={"text": "Asthma"})
    way, person = await site(bundle(patient("p1", NUMBER), older), bundle(condition("c1", "p1")))
    opened = await way.door(actor(Role.DOCTOR)).open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(opened, Opened)
    assert len(opened.record.superseded) == 1


async def test_a_ruling_that_may_not_be_made_is_a_refusal_in_the_log():
    way, person = await site(WITH_SECRET)
    door = way.door(actor(Role.DOCTOR))
    about = [About(next(iter(await way.store.members(person))).patient, "Condition", "s1")]
    refused = await door.rule(person, Verdict.WRONG, about, why="x")
    assert isinstance(refused, Refused)
    [opening] = await way.store.openings_of(person)
    assert (opening.allowed, opening.view, opening.reason) == (False, "ruling", refused.reason)
    assert await way.store.rulings([about[0].patient]) == []
