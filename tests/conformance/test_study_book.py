"""What every store keeps of projects and studies, and who may check them."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from wholerecord.consent import Purpose
from wholerecord.errors import NotFound
from wholerecord.research.study.book import KnownProject, Ran, Sent, Standing, Told
from wholerecord.research.study.factors import CellOf
from wholerecord.research.study.project import Project
from wholerecord.research.study.protect import Shown
from wholerecord.research.study.release import State
from wholerecord.research.study.sets import (
    BrokenSets,
    read_cells,
    read_people,
    write_cells,
    write_people,
)

PROJECT = Project(
    id="p1",
    title="A project",
    legal_basis="section 251",
    controller="RXA",
    purposes=frozenset({Purpose.RESEARCH, Purpose.PLANNING}),
    ends=date(2027, 3, 1),
    people=frozenset({"ann", "bob"}),
    key="0" * 16,
)
SENT = Sent(
    project="p1",
    actor="ann",
    purpose=Purpose.RESEARCH,
    code="c" * 64,
    raw=b"study('x')",
    lists={"a.csv": b"code\n1\n"},
    sql=False,
)
TABLE = Shown(name="t", names=("sex",), rows=((("female",), 10), (("male",), None)), total=10,
              left_out=False)  # fmt: skip
CELL = CellOf(key=("female",), factors=frozenset({0b1110, 0b0111}), people=0b0110)


def ran(state: State = State.RELEASED, **more) -> Ran:
    told = Told(title="T", tables=(TABLE,), before=20, after=None,
                left_out=(("type 1 opt-out", None),), bias=(("sex", "male", 10, 10),))  # fmt: skip
    said = {"snapshot": "s1", "told": told, "people": write_people(0b0110)} | more
    return Ran(state=state, cells=write_cells([CELL], tables=1), **said)


async def waiting(store, **more) -> int:
    n = await store.keep_study(SENT)
    assert await store.settle_study(n, ran(State.WAITING, **more), seen=0)
    return n


async def test_a_project_is_found_as_it_was_approved_and_never_changed(store):
    await store.add_project(PROJECT)
    assert await store.project("p1") == PROJECT
    assert await store.project("p2\0") is None
    with pytest.raises(KnownProject):
        await store.add_project(replace(PROJECT, title="Another"))
    await store.add_project(replace(PROJECT, id="a1"))
    assert [each.id for each in await store.projects()] == ["a1", "p1"]


async def test_a_study_is_kept_before_anything_comes_of_it(store):
    first = await store.keep_study(SENT)
    second = await store.keep_study(replace(SENT, project="odd\0", sql=True))
    assert await store.study_sent(first) == SENT
    assert [case.n for case in await store.study_cases()] == [second, first]
    assert [case.n for case in await store.study_cases(project="p1")] == [first]
    case = await store.study_case(first)
    assert (case.standing, case.ran, case.code) == (Standing.UNFINISHED, None, SENT.code)
    for odd in (0, -1, 99, 1 << 70):
        assert await store.study_case(odd) is None
        assert await store.study_sent(odd) is None


async def test_what_came_of_a_study_is_told_and_its_cells_are_not(store):
    n = await store.keep_study(SENT)
    before = datetime.now(UTC)
    assert await store.settle_study(n, ran(), seen=0)
    case = await store.study_case(n)
    assert case.standing is Standing.RELEASED
    assert case.ran.told == ran().told
    assert (case.ran.cells, case.ran.people) == (b"", b"")
    [release] = await store.releases()
    assert (release.n, release.project) == (n, "p1")
    assert abs((release.at - before).total_seconds()) < 60
    assert read_cells(release.cells) == (1, {CELL.factors: CELL.people})
    assert [await store.studies_with(person) for person in range(4)] == [[], [n], [n], []]
    with pytest.raises(NotFound):
        await store.settle_study(n, ran(), seen=1)
    with pytest.raises(NotFound):
        await store.settle_study(99, ran(State.WRONG), seen=1)


async def test_a_release_is_held_against_every_earlier_one_even_when_both_come_at_once(store):
    numbers = [await store.keep_study(SENT) for _ in range(4)]
    done = await asyncio.gather(*(store.settle_study(n, ran(), seen=0) for n in numbers))
    assert sorted(done) == [False, False, False, True]
    for n, ok in zip(numbers, done, strict=True):
        if not ok:
            assert (await store.study_case(n)).standing is Standing.UNFINISHED
            assert await store.settle_study(n, ran(), seen=len(await store.releases()))
    assert len(await store.releases()) == 4


async def test_two_checkers_who_did_not_ask_release_what_waits(store):
    n = await waiting(store)
    assert await store.studies_with(1) == []
    await store.check_study(n, by="cat", approve=True, why="clear\0")
    for nobody in ("ann", "cat"):
        with pytest.raises(NotFound):
            await store.check_study(n, by=nobody, approve=True, why="again")
    case = await store.study_case(n)
    assert case.standing is Standing.WAITING
    assert [(each.by, each.why) for each in case.checks] == [("cat", "clear\ufffd")]
    await store.check_study(n, by="dan", approve=True, why="clear")
    assert (await store.study_case(n)).standing is Standing.RELEASED
    assert [release.n for release in await store.releases()] == [n]
    assert await store.studies_with(1) == [n]
    with pytest.raises(NotFound):
        await store.check_study(n, by="eve", approve=False, why="late")


async def test_one_checker_who_says_no_keeps_it_back(store):
    n = await waiting(store)
    await store.check_study(n, by="cat", approve=False, why="too near")
    assert (await store.study_case(n)).standing is Standing.KEPT_BACK
    with pytest.raises(NotFound):
        await store.check_study(n, by="dan", approve=True, why="clear")
    assert await store.releases() == []


async def test_two_checkers_at_once_release_once_and_one_person_is_never_two(store):
    n = await waiting(store)
    said = [store.check_study(n, by=by, approve=True, why="clear") for by in ("cat", "cat", "dan")]
    done = await asyncio.gather(*said, return_exceptions=True)
    assert sum(isinstance(each, NotFound) for each in done) == 1
    assert len(await store.releases()) == 1


async def test_nothing_to_release_can_only_be_kept_back(store):
    n = await waiting(store, told=Told(why="a mean"))
    with pytest.raises(NotFound):
        await store.check_study(n, by="cat", approve=True, why="clear")
    await store.check_study(n, by="cat", approve=False, why="ask in bands")
    for odd in (0, 99, 1 << 70):
        with pytest.raises(NotFound):
            await store.check_study(odd, by="cat", approve=False, why="no")


def test_sets_are_read_as_they_were_written_and_nothing_else_is():
    for people in (0, 1, 1 << 100_000, (1 << 500) - 1):
        assert read_people(write_people(people)) == people
    assert read_people(b"") == 0
    for raw in (b"no", write_people(5)[:-1]):
        with pytest.raises(BrokenSets):
            read_people(raw)
        with pytest.raises(BrokenSets):
            read_cells(raw)
