"""What every store does with looks through the door."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.conformance.given import (
    DOCTOR,
    NUMBERS,
    allow,
    ask,
    keep,
    patient,
    person,
    refuse,
    settled,
    sources,
)
from wholerecord.access import Ask, Facts, Store, Verdict
from wholerecord.audit import Seal, Tile, leaf
from wholerecord.consent import View
from wholerecord.record import PersonId
from wholerecord.storage import open_store


async def somebody(store: Store) -> PersonId:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await keep(store, "hospital", ["8", "Example", NUMBERS[0], 1])
    await keep(store, "hospital", ["8", "", "", 1])
    await settled(store)
    return await person(store, "gp", "1")


async def test_a_look_is_decided_on_the_facts_and_written_down(store: Store) -> None:
    mine = await somebody(store)
    opening, facts, verdict = await store.open(ask(mine, part="line\0", given="why"), allow)
    assert verdict.allowed
    assert list(facts.members) == list(await store.members(mine))
    assert opening.seen == {patient("gp", "1"): 1, patient("hospital", "8"): 2}
    assert opening.at >= facts.now
    assert (opening.part, opening.given) == ("line\ufffd", "why")
    assert (opening.actor, opening.role, opening.organisation) == ("dr", "doctor", "RXA")
    assert (opening.purpose, opening.view, opening.rule) == ("direct care", "record", 1)
    assert await store.openings_of(mine) == [opening]
    assert await store.openings() == [opening]


async def test_a_refusal_is_written_down_and_saw_nothing(store: Store) -> None:
    mine = await somebody(store)
    opening, _, verdict = await store.open(ask(mine), refuse)
    assert not verdict.allowed
    assert await store.openings_of(mine) == [opening]
    assert (opening.allowed, opening.seen, opening.reason) == (False, {}, "no rule allows this")


@pytest.mark.parametrize("odd", ["f" * 32, "nobody", "a\0b", "\ud800", "é" * 200, ""])
async def test_nobody_has_no_members_and_the_look_is_written_down(store: Store, odd: str) -> None:
    opening, facts, _ = await store.open(ask(PersonId(odd)), refuse)
    assert facts.members == ()
    assert await store.openings_of(PersonId(odd)) == [opening]


async def test_a_look_at_nobody_in_particular_is_written_down(store: Store) -> None:
    opening, facts, _ = await store.open(ask(None, view=View.DESK), allow)
    assert (opening.person, facts.members) == (None, ())
    assert await store.openings() == [opening]


async def test_a_look_at_the_past_sees_the_past(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await settled(store)
    mine, then = await person(store, "gp", "1"), datetime.now(UTC)
    await keep(store, "gp", ["1", "", "", 1])
    await settled(store)
    (past, _, _), (now, _, _) = await asyncio.gather(
        store.open(ask(mine, at=then), allow), store.open(ask(mine), allow)
    )
    assert past.seen == {patient("gp", "1"): 1}
    assert now.seen == {patient("gp", "1"): 2}


async def test_looks_at_the_same_moment_are_each_written_down(store: Store) -> None:
    mine = await somebody(store)
    people = [mine, PersonId("f" * 32), None]
    asked = [replace(ask(people[n % 3]), actor=replace(DOCTOR, id=f"dr{n}")) for n in range(300)]
    replies = await asyncio.gather(*(store.open(each, allow) for each in asked))
    assert [opening.actor for opening, _, _ in replies] == [each.actor.id for each in asked]
    assert [opening.person for opening, _, _ in replies] == [each.person for each in asked]
    listed = [*await store.openings(limit=200)]
    listed += await store.openings(after=listed[-1].n, limit=200)
    assert listed == sorted((opening for opening, _, _ in replies), key=lambda each: each.n)
    assert len({each.n for each in listed}) == 300


async def test_one_bad_decision_fails_alone(store: Store) -> None:
    def fail(_: Ask, __: Facts) -> Verdict:
        raise ZeroDivisionError

    decisions = [allow, fail, refuse]
    replies = await asyncio.gather(
        *(store.open(ask(None), each) for each in decisions), return_exceptions=True
    )
    assert isinstance(replies[1], ZeroDivisionError)
    assert len(await store.openings()) == 2


async def test_the_newest_look_is_listed_first_and_the_list_is_as_long_as_asked(
    store: Store,
) -> None:
    mine = await somebody(store)
    made = [(await store.open(ask(mine), allow))[0] for _ in range(4)]
    assert await store.openings_of(mine) == made[::-1]
    assert await store.openings_of(mine, limit=2) == made[:1:-1]
    assert await store.openings_of(mine, limit=2, before=made[2].n) == made[1::-1]
    assert await store.openings_of(mine, before=made[0].n) == []
    assert await store.openings(after=made[1].n) == made[2:]


async def test_the_last_look_is_the_actors_own_and_was_allowed(store: Store) -> None:
    mine = await somebody(store)
    first, _, _ = await store.open(ask(mine), allow)
    await store.open(ask(mine), refuse)
    await store.open(ask(mine, view=View.OPENINGS), allow)
    await store.open(replace(ask(mine), actor=replace(DOCTOR, id="other")), allow)
    now, _, _ = await store.open(ask(mine), allow)
    assert await store.last_opening(mine, "dr", "record", before=now.n) == first
    assert await store.last_opening(mine, "dr", "record", before=first.n) is None


async def test_seals_come_back_smallest_first(store: Store) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    seals = [Seal(size=n, root=b"r%d" % n, at=at, signature=b"s") for n in (1, 20)]
    for seal in reversed(seals):
        await store.add_seal(seal)
    assert list(await store.seals()) == seals


@pytest.mark.postgres
async def test_no_smaller_number_appears_after_a_larger_one_was_read(database_url: str) -> None:
    async with open_store(database_url) as one, open_store(database_url) as two:
        read: list[int] = []

        async def reader() -> None:
            while len(read) < 400:
                read.extend([each.n for each in await one.openings(after=read[-1] if read else 0)])

        async def looker(store: Store) -> None:
            for _ in range(100):
                await store.open(ask(None), allow)

        async with asyncio.timeout(30):
            await asyncio.gather(reader(), *(looker(store) for store in (one, two) * 2))
        assert read == [each.n for each in await one.openings()]


async def test_leaves_are_the_openings_as_they_are_sealed(store: Store) -> None:
    mine = await somebody(store)
    odd = 'a\t"b"\\/\x1f\x7f\u00e9\u2028\U0001f600'
    await store.open(ask(mine, part=odd, given=odd), allow)
    await store.open(ask(None, part="a list"), allow)
    leaves = await store.leaves()
    openings = await store.openings()
    assert [each.said for each in leaves] == [leaf(each) for each in openings]
    assert [(each.n, each.person, each.nth) for each in leaves] == [
        (each.n, each.person, each.nth) for each in openings
    ]
    assert await store.leaves(after=leaves[0].n, limit=1) == leaves[1:2]


async def test_tiles_are_remembered_until_they_are_forgotten(store: Store) -> None:
    first, second, fourth = (
        Tile(place=place, first=place * 300 + 1, last=place * 300 + 260, root=bytes([place]) * 32)
        for place in (0, 1, 3)
    )
    await store.add_tiles([first, fourth])
    await store.add_tiles([replace(first, root=bytes(32)), second])
    assert list(await store.tiles()) == [first, second]
    await store.forget_tiles()
    assert list(await store.tiles()) == []
