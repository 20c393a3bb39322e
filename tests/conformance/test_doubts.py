"""What every store does with looks that somebody reviews."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conformance.given import NUMBERS, allow, ask, keep, person, refuse, settled, sources
from wholerecord.access import Actor, Store
from wholerecord.access.doubts import Outcome
from wholerecord.access.patterns import emergency
from wholerecord.consent import Purpose, Role
from wholerecord.errors import NotFound
from wholerecord.record import PersonId

NURSE = Actor(id="nu", name="Nurse Example", role=Role.NURSE, organisation="RXB")
ROBOT = Actor(id="root", name="", role=Role.SYSTEM, organisation="")


async def somebody(store: Store) -> PersonId:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await settled(store)
    return await person(store, "gp", "1")


async def test_emergencies_are_found_and_asked_about_once_a_day(store: Store) -> None:
    one = await somebody(store)
    glass = replace(ask(one), purpose=Purpose.EMERGENCY, given="collapsed")
    await store.open(ask(one), allow)
    first, _, _ = await store.open(glass, allow)
    await store.open(glass, refuse)
    second, _, _ = await store.open(replace(glass, actor=NURSE), allow)
    assert await store.emergencies(after=0) == [first, second]
    assert await store.emergencies(after=first.n, limit=5) == [second]
    asked = [emergency(first), emergency(first), emergency(second)]
    assert await store.doubt(asked) == 2
    assert await store.doubt(asked) == 0
    later = replace(asked[0], at=first.at + timedelta(days=1))
    assert await store.doubt([later]) == 1
    found = await store.open_doubts()
    assert [(each.actor, each.first) for each in found] == [
        ("dr", first.n),
        ("nu", second.n),
        ("dr", first.n),
    ]
    assert await store.doubt_of(found[0].n) == found[0]
    assert len(await store.open_doubts(limit=1)) == 1


async def test_a_doubt_is_closed_once_by_an_outcome(store: Store) -> None:
    one = await somebody(store)
    opening, _, _ = await store.open(ask(one), allow)
    await store.doubt([emergency(opening)])
    [found] = await store.open_doubts()
    await store.close_doubt(found.n, Outcome.WRONG, by="gov\0", why="told to the trust")
    kept = await store.doubt_of(found.n)
    assert kept is not None
    assert (kept.outcome, kept.closed_by, kept.why) == (
        Outcome.WRONG,
        "gov\ufffd",
        "told to the trust",
    )
    assert kept.closed
    assert await store.open_doubts() == []
    for n in (found.n, 99, -1, 1 << 70):
        with pytest.raises(NotFound):
            await store.close_doubt(n, Outcome.RIGHT, by="gov", why="again")
    assert await store.doubt_of(1 << 70) is None


async def test_a_crowd_is_counted_by_different_staff(store: Store) -> None:
    one = await somebody(store)
    first, _, _ = await store.open(ask(one), allow)
    await store.open(ask(one), allow)
    await store.open(replace(ask(one), actor=NURSE), allow)
    await store.open(replace(ask(one), actor=replace(NURSE, id="ca", role=Role.CARER)), allow)
    said = {"views": ["record"], "but": ["carer"]}
    assert await store.crowds(after=0, least=3, **said) == []
    [found] = await store.crowds(after=0, least=2, **said)
    assert (found.person, found.first, found.at) == (one, first.n, first.at)
    assert (found.staff, found.places) == (2, 2)
    assert await store.crowds(after=first.n + 1, least=2, **said) == []
    assert await store.crowds(after=0, least=1, views=["find"], but=[]) == []


async def test_records_are_watched_until_they_are_not(store: Store) -> None:
    one = await somebody(store)
    await store.watch(one, by="gov", why="in the news")
    await store.watch(one, by="gov", why="again")
    assert await store.watched() == {one}
    await store.unwatch(one)
    assert await store.watched() == frozenset()
    with pytest.raises(NotFound):
        await store.unwatch(one)


async def test_openings_by_a_role_are_listed_the_newest_first(store: Store) -> None:
    one = await somebody(store)
    await store.open(ask(one), allow)
    first, _, _ = await store.open(replace(ask(one), actor=ROBOT), allow)
    second, _, _ = await store.open(replace(ask(None), actor=ROBOT), refuse)
    assert await store.openings_as("system") == [second, first]
    assert await store.openings_as("system", limit=1) == [second]
