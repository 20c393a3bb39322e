"""Looks that somebody reviews: every broken glass, and the patterns of a night."""

from dataclasses import replace

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, send, site
from tests.unit.door_web import application_of, client
from wholerecord.access import Actor, Opened, Refused
from wholerecord.access.doubting import doubt_emergencies, doubt_patterns
from wholerecord.access.doubts import Outcome, Pattern
from wholerecord.access.patterns import CROWD, Home, home_of, staff_name
from wholerecord.consent import Purpose, Role
from wholerecord.consent.emergency import GROUNDS, reason_given
from wholerecord.errors import Incorrect, NotFound
from wholerecord.nhs import NhsNumber
from wholerecord.people import Address, Demographics, Name
from wholerecord.people.search import Search

CARE, GLASS = Purpose.DIRECT_CARE, Purpose.EMERGENCY
OTHERS = {"neighbour": "9990000026", "relative": "9990000034", "self": "9990000042"}


def lived(id, number, name, line, postcode):
    given, family = name.split()
    return patient(id, number) | {
        "name": [{"family": family, "given": [given]}],
        "address": [{"line": [line], "postalCode": postcode}],
    }


async def world():
    """Ada at 1 Mill Lane, and staff at work; Dr Bo Marsh lives next door, at 3 Mill Lane."""
    ada = lived("p1", NUMBER, "Ada Example", "1 Mill Lane", "LS1 1AA")
    way, person = await site(bundle(ada, condition("c1", "p1")))
    bo = lived("p2", OTHERS["neighbour"], "Bo Marsh", "3 Mill Lane", "LS1 1AB")
    cy = lived("p3", OTHERS["relative"], "Cy Example", "1 Mill Lane", "LS1 1AA")
    await send(way, bundle(bo, condition("c2", "p2")))
    await send(way, bundle(cy, condition("c3", "p3")))
    return way, person


def named(name, id="N1", organisation="RXA"):
    return Actor(id=id, name=name, role=Role.NURSE, organisation=organisation)


async def look(way, person, who, purpose=CARE):
    given = reason_given("life", "found collapsed") if purpose is GLASS else ""
    opened = await way.door(who).open(person, purpose=purpose, given=given)
    assert isinstance(opened, Opened)


async def patterns(way):
    await doubt_patterns(way.store)
    return [(one.pattern, one.name) for one in await way.store.open_doubts()]


async def test_a_broken_glass_waits_for_a_review_at_once_and_is_closed_with_an_outcome():
    way, person = await world()
    stranger = named("Nurse Example", organisation="RZZ")
    await look(way, person, stranger, GLASS)
    await look(way, person, stranger, GLASS)
    governance = way.door(actor(Role.GOVERNANCE))
    [one] = await governance.doubts()
    assert one.pattern is Pattern.EMERGENCY
    assert one.evidence.endswith("found collapsed")
    assert await governance.close_doubt(one.n, Outcome.RIGHT, why="seen in the notes") is None
    assert await governance.doubts() == []
    kept = await way.store.doubt_of(one.n)
    assert (kept.outcome, kept.closed_by) == (Outcome.RIGHT, "GOVERNANCE")
    with pytest.raises(NotFound):
        await governance.close_doubt(one.n, Outcome.WRONG, why="once more")
    assert [each.part for each in await way.store.openings_of(person)][:2] == [
        f"review {one.n}",
        f"review {one.n}",
    ]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("Dr Ada Example", Pattern.OWN),
        ("Cy Example", Pattern.FAMILY),
        ("Dr Bo Marsh", Pattern.NEIGHBOUR),
        ("Nurse Dee Quill", None),
    ],
)
async def test_who_looks_at_themselves_their_family_or_a_neighbour_is_a_question(name, pattern):
    way, person = await world()
    await look(way, person, named(name))
    assert await patterns(way) == ([(pattern, name)] if pattern else [])
    assert await doubt_patterns(way.store) == 0, "the same is not asked twice"


async def test_a_look_at_somebody_with_a_colleagues_name_is_a_question():
    way, person = await world()
    [(other, _)] = await way.store.find(Search.of(OTHERS["neighbour"]).keys)
    await look(way, other, named("Ada Example", "N2"))
    await look(way, person, named("Dee Quill"))
    assert (Pattern.COLLEAGUE, "Dee Quill") in await patterns(way)


async def test_many_staff_on_one_person_in_a_day_are_a_question_and_fewer_are_not():
    way, person = await world()
    staff = [named(f"Dee Quill{n}", f"N{n}") for n in range(CROWD)]
    for who in staff[1:]:
        await look(way, person, who)
        await look(way, person, who)
    assert await patterns(way) == []
    for who in staff:
        await look(way, person, replace(who, id=f"{who.id}b"))
    assert await patterns(way) == [(Pattern.CROWD, "")]
    [one] = await way.store.open_doubts()
    assert one.evidence.startswith(f"{CROWD} staff of 1 organisations")


async def test_every_look_at_a_watched_record_is_a_question():
    way, person = await world()
    governance = way.door(actor(Role.GOVERNANCE))
    assert await governance.watch(person, why="in the newspapers") is None
    await look(way, person, named("Dee Quill"))
    assert await patterns(way) == [(Pattern.WATCHED, "Dee Quill")]
    assert await governance.unwatch(person) is None
    with pytest.raises(NotFound):
        await governance.unwatch(person)


async def test_nobody_but_governance_reviews_or_watches():
    way, person = await world()
    for role in (Role.DOCTOR, Role.PATIENT, Role.SYSTEM):
        door = way.door(actor(role))
        assert isinstance(await door.doubts(), Refused)
        assert isinstance(await door.watch(person, why="no reason"), Refused)
        assert isinstance(await door.engineers(), Refused)
    assert not await way.store.watched()


async def test_what_operators_looked_at_is_listed():
    way, person = await world()
    operator = actor(Role.SYSTEM, "")
    await way.door(operator).open(person, purpose=GLASS, given="asked by the desk")
    looks = await way.door(actor(Role.GOVERNANCE)).engineers()
    assert [(one.actor, one.given) for one in looks] == [("SYSTEM", "asked by the desk")]


async def test_the_desk_shows_and_closes_what_waits():
    way, person = await world()
    await look(way, person, named("Dr Bo Marsh"))
    await look(way, person, named("Nurse Quill", "N9", "RZZ"), GLASS)
    await doubt_emergencies(way.store)
    await doubt_patterns(way.store)
    async with client(application_of(way, person), "GOVERNANCE") as browser:
        page = (await browser.get("/desk/emergencies")).text
        assert "A neighbour&#39;s record" in page
        assert "found collapsed" in page.lower()


def test_a_ground_that_the_law_does_not_know_is_refused():
    assert reason_given("life", "collapsed") == f"{next(iter(GROUNDS.values()))}: collapsed"
    for ground in ("", "curiosity"):
        with pytest.raises(Incorrect):
            reason_given(ground, "collapsed")


def test_a_home_is_what_all_sources_say_and_a_bare_name_is_nobodys():
    said = Demographics(
        names=(Name(family="O'Hara", given=("Mo",)), Name(family="Stone")),
        addresses=(Address(lines=("12a Mill  Lane",), postcode="LS1 1AA"),),
        nhs_number=NhsNumber.parse(NUMBER),
    )
    home = home_of([said, Demographics()])
    assert home.names == {"mo o'hara"}
    assert home.streets == {("mill lane", "LS1")}
    assert home_of([]) == Home()
    assert staff_name("Nurse") == ""
