"""What every store does with deeds: decided, done and written down together, or not at all."""

import asyncio
from dataclasses import replace

import asyncpg
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
from wholerecord.access import Deed, Join, Release, Rule, Store, Unlink, Verdict, Veto, Withdraw
from wholerecord.access.deed import Assign, Note
from wholerecord.consent import View
from wholerecord.errors import NotFound
from wholerecord.fold import About
from wholerecord.fold import Verdict as Ruled
from wholerecord.people import Act, LinkEvent
from wholerecord.record import PatientId, PersonId
from wholerecord.storage import open_store

GP, HOSPITAL = patient("gp", "1"), patient("hospital", "8")
ABOUT = (About(GP, "Patient", "0"),)


async def two_people(store: Store) -> tuple[PersonId, PersonId]:
    """One at the practice, one at the hospital, and a parked item."""
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await keep(store, "hospital", ["8", "Other", NUMBERS[1], 1], ["fault"])
    await settled(store)
    return await person(store, "gp", "1"), await person(store, "hospital", "8")


async def test_a_deed_is_done_in_the_name_of_whoever_asks_and_written_down(store: Store) -> None:
    mine, theirs = await two_people(store)
    asked = ask(mine, view=View.RULING, part="join")
    done = await store.act(asked, allow, Join(patient=HOSPITAL, person=mine, why="the same\0"))
    assert isinstance(done.outcome, LinkEvent)
    assert (done.outcome.act, done.outcome.by, done.outcome.was) == (Act.JOIN, "dr", theirs)
    assert done.outcome.why == "the same\ufffd"
    assert done.verdict.allowed
    assert await store.person_of(HOSPITAL) == mine
    assert await store.openings() == [done.opening]
    assert (done.opening.view, done.opening.part, done.opening.allowed) == ("ruling", "join", True)


async def test_every_deed_can_be_done(store: Store) -> None:
    mine, theirs = await two_people(store)
    asked = ask(mine, view=View.RULING)
    ruled = await store.act(asked, allow, Rule(verdict=Ruled.WRONG, about=ABOUT, why="no"))
    [ruling] = await store.rulings([GP])
    assert ruled.outcome == ruling
    await store.act(asked, allow, Withdraw(n=ruling.n))
    assert await store.rulings([GP]) == []
    await store.act(asked, allow, Veto(patient=GP, person=theirs, why="not"))
    await store.act(asked, allow, Join(patient=HOSPITAL, person=mine, why="is"))
    await store.act(asked, allow, Unlink(patient=HOSPITAL, why="is not"))
    assert await store.person_of(HOSPITAL) == theirs
    [item] = await store.parked()
    at_desk = replace(asked, person=None)
    await store.act(at_desk, allow, Assign(n=item.n, to="ann", why="her list"))
    await store.act(at_desk, allow, Note(n=item.n, why="asked the practice"))
    await store.act(at_desk, allow, Release(n=item.n, why="seen"))
    assert await store.parked() == []
    assert [step.why for step in await store.steps(item.n)] == [
        "her list",
        "asked the practice",
        "seen",
    ]
    assert len(await store.openings()) == 8


@pytest.mark.parametrize("deed", [Unlink(patient=GP, why="x"), Withdraw(n=1), Release(n=1, why="")])
async def test_a_deed_refused_is_not_done_and_the_refusal_is_written_down(
    store: Store, deed: Deed
) -> None:
    mine, _ = await two_people(store)
    await store.rule(Ruled.WRONG, ABOUT, by="dr", why="no")
    before = await store.events(mine), await store.rulings([GP]), await store.parked()
    done = await store.act(ask(mine), refuse, deed)
    assert (done.verdict.allowed, done.outcome) == (False, None)
    assert (await store.events(mine), await store.rulings([GP]), await store.parked()) == before
    assert await store.openings() == [done.opening]
    assert (done.opening.allowed, done.opening.seen) == (False, {})


@pytest.mark.parametrize(
    "deed",
    [
        Join(patient=PatientId(5), person=PersonId("f" * 32), why="x"),
        Join(patient=GP, person=PersonId("f" * 32), why="x"),
        Veto(patient=GP, person=PersonId("nobody"), why="x"),
        Unlink(patient=PatientId(5), why="x"),
        Rule(verdict=Ruled.SAME, about=(About(PatientId(5), "Condition", "1"),), why="x"),
        Withdraw(n=99),
        Release(n=99, why="x"),
        Assign(n=99, to="ann", why="x"),
        Note(n=99, why="x"),
    ],
)
async def test_what_is_not_there_leaves_a_refusal_that_says_so(store: Store, deed: Deed) -> None:
    mine, _ = await two_people(store)
    before = await store.events(mine)
    with pytest.raises(NotFound) as missing:
        await store.act(ask(mine), allow, deed)
    [opening] = await store.openings()
    assert (opening.allowed, opening.reason) == (False, str(missing.value))
    assert await store.events(mine) == before


async def test_deeds_and_looks_at_the_same_moment_are_each_written_down_once(store: Store) -> None:
    mine, theirs = await two_people(store)
    deeds = [
        Join(patient=HOSPITAL, person=mine, why="x"),
        Veto(patient=GP, person=theirs, why="x"),
        Rule(verdict=Ruled.DISPUTED, about=ABOUT, why="x"),
    ]
    async with asyncio.timeout(20):
        await asyncio.gather(
            *(store.act(ask(mine), allow, deeds[n % 3]) for n in range(30)),
            *(store.open(replace(ask(mine), actor=DOCTOR), allow) for _ in range(30)),
        )
    openings = await store.openings()
    assert len(openings) == 60
    assert [one.at for one in openings] == sorted(one.at for one in openings)
    assert len(await store.rulings([GP])) == 10


@pytest.mark.postgres
async def test_a_deed_whose_opening_cannot_be_written_is_not_done(database_url: str) -> None:
    async with open_store(database_url) as store:
        mine, theirs = await two_people(store)
        beyond = Verdict(allowed=True, rule=1 << 70, reason="no column holds that number")
        deed = Join(patient=HOSPITAL, person=mine, why="x")
        with pytest.raises(asyncpg.DataError):
            await store.act(ask(mine), lambda _, __: beyond, deed)
        assert await store.person_of(HOSPITAL) == theirs
        assert await store.openings() == []
