"""In every store: what was said, and what was claimed, opens a record, and ends."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.relationships import at, referral, stay, team, written
from wholerecord.access import Actor, Door, Doorway, Opened, Refused, Store
from wholerecord.access.doubting import doubt_emergencies
from wholerecord.access.doubts import Pattern
from wholerecord.access.tie import Ground, Tie
from wholerecord.consent import Purpose, Role, Rule, View, standing_rules
from wholerecord.intake import Arrival
from wholerecord.people.search import Search
from wholerecord.record import PersonId, Source
from wholerecord.worker import prepare_here, settle

NUMBER = "9990000018"
CARE = Purpose.DIRECT_CARE


def doctor(organisation: str, id: str = "dr") -> Actor:
    return Actor(id=id, name="Dr Example", role=Role.DOCTOR, organisation=organisation)


async def said(store: Store, *bodies: dict[str, Any], source: str = "pas") -> None:
    body = bundle(patient("p1", NUMBER), *bodies)
    await store.keep(Arrival(source=source, body=body, name="post"))
    await settle(store, prepare_here)


async def begun(store: Store, *bodies: dict[str, Any]) -> tuple[Doorway, PersonId]:
    for rule in standing_rules():
        await store.add_rule(rule)
    for name in ("pas", "gp"):
        await store.declare(Source(name=name, controller="RXA", title=name))
    await said(store, condition("c1", "p1"), *bodies)
    [(person, _), *_] = await store.find(Search.of(NUMBER).keys)
    return Doorway(store), person


async def reason(door: Door, person: PersonId, at: datetime | None = None) -> str:
    """Why they may look; "" where they may not."""
    opened = await door.open(person, purpose=CARE, at=at)
    assert opened.opening.allowed is isinstance(opened, Opened)
    return opened.opening.reason if isinstance(opened, Opened) else ""


async def ties(way: Doorway, person: PersonId) -> Sequence[Tie]:
    """What the person themselves is told of."""
    me = Actor(id="me", name="Me", role=Role.PATIENT, organisation="", person=person)
    explained = await way.door(me).explain(person, purpose=Purpose.OWN_RECORD)
    assert not isinstance(explained, Refused)
    return explained.ties


async def test_a_referral_opens_the_record_until_it_is_closed(store: Store) -> None:
    way, person = await begun(store)
    door = way.door(doctor("RZZ"))
    assert not await reason(door, person)
    await said(store, written(referral(at("RZZ")), "2026-03-01T10:00:00Z"))
    assert await reason(door, person) == (
        "direct care by an organisation that cares for the person: the person is referred there"
    )
    assert not await reason(way.door(doctor("RYY")), person)
    [tie] = await ties(way, person)
    assert (tie.organisation, tie.ground) == ("RZZ", Ground.REFERRED)
    over = written(referral(at("RZZ"), status="completed"), "2026-03-02T10:00:00Z")
    await said(store, over)
    assert not await reason(door, person)
    assert not await ties(way, person)


async def test_it_ends_when_the_statement_that_made_it_is_in_error(store: Store) -> None:
    way, person = await begun(store, stay(at("RZZ")))
    door = way.door(doctor("RZZ"))
    before = datetime.now(UTC)
    assert "a patient there now" in await reason(door, person)
    wrong = written(stay(at("RZZ"), status="entered-in-error"), "2026-03-09T10:00:00Z")
    await said(store, wrong)
    assert not await reason(door, person)
    assert not await reason(door, person, before)  # nor by asking for that time


async def test_whoever_is_related_today_may_look_at_the_past(store: Store) -> None:
    way, person = await begun(store)
    before = datetime.now(UTC)
    await said(store, stay(at("RZZ")))
    assert await reason(way.door(doctor("RZZ")), person, before)


async def test_an_organisation_that_a_source_names_by_its_own_id_is_found(store: Store) -> None:
    ward = {
        "resourceType": "Organization",
        "id": "o17",
        "identifier": [at("RZZ")["identifier"]],
        "name": "Riverside",
    }
    way, person = await begun(store, team({"reference": "Organization/o17"}), ward)
    assert "by a team of there" in await reason(way.door(doctor("RZZ")), person)


async def test_the_practice_said_last_is_the_practice(store: Store) -> None:
    way, person = await begun(store)
    for code, when in (("A81001", "2026-03-02"), ("B82002", "2026-03-01")):
        who = patient("p1", NUMBER) | {"generalPractitioner": [at(code)]}
        one = written(who, f"{when}T00:00:00Z")
        source = "gp" if code == "A81001" else "pas"
        await store.keep(Arrival(source=source, body=bundle(one), name="post"))
        await settle(store, prepare_here)
    assert "registered there" in await reason(way.door(doctor("A81001")), person)
    assert not await reason(way.door(doctor("B82002")), person)


async def test_a_claim_opens_the_record_for_who_made_it_and_is_reviewed(store: Store) -> None:
    way, person = await begun(store)
    mine, theirs = way.door(doctor("RZZ")), way.door(doctor("RZZ", "colleague"))
    refused = await mine.open(person, purpose=CARE)
    assert isinstance(refused, Refused)
    assert refused.may_claim
    assert isinstance(await mine.claim(person, why="  "), Refused)
    assert await mine.claim(person, why="seen in my clinic today") is None
    assert "as the member of staff said" in await reason(mine, person)
    assert not await reason(theirs, person)
    elsewhere = way.door(replace(doctor("RYY"), id="dr"))
    assert not await reason(elsewhere, person)
    [tie] = await ties(way, person)
    assert (tie.actor, tie.given) == ("dr", "seen in my clinic today")
    assert tie.until == tie.since + timedelta(hours=24)
    assert await doubt_emergencies(store) == 1
    [doubt] = await store.open_doubts()
    assert (doubt.pattern, doubt.actor) == (Pattern.CLAIMED, "dr")
    assert doubt.evidence == "the reason given: seen in my clinic today"


async def test_what_the_person_hides_makes_no_relationship_with_whom_it_is_hidden_from(
    store: Store,
) -> None:
    label = {"meta": {"security": [{"code": "R"}]}}
    way, person = await begun(store, referral(at("RZZ")) | label)
    assert not await reason(way.door(doctor("RZZ")), person)
    assert [tie.organisation for tie in await ties(way, person)] == ["RZZ"]


async def test_a_person_can_deny_a_claim_and_whoever_is_related(store: Store) -> None:
    way, person = await begun(store, stay(at("RZZ")))
    no = Rule(allow=False, purpose=CARE, organisation="RZZ", person=person, reason="they said no")
    await store.add_rule(no)
    door = way.door(doctor("RZZ"))
    assert not await reason(door, person)
    assert isinstance(await door.claim(person, why="in my clinic"), Refused)


async def test_each_member_of_staff_claims_for_themselves(store: Store) -> None:
    way, person = await begun(store)
    for n in range(3):
        assert await way.door(doctor("RZZ", f"dr{n}")).claim(person, why="clinic") is None
    looks = await store.openings_of(person)
    assert [look.view for look in looks] == [View.CLAIM.value] * 3
    assert {tie.actor for tie in await ties(way, person)} == {"dr0", "dr1", "dr2"}
