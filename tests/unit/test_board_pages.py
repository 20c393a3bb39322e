"""The pages of boards: who sees them, what stands beside every number, and what is kept."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec
import pytest

from tests.conformance.test_studies import fresh, opt_out, place
from tests.unit.door_web import application_of, client
from tests.unit.test_boards import DATA, snapshot
from wholerecord.access import Actor, Doorway
from wholerecord.app import RegisteredCounts
from wholerecord.consent import Purpose, Role, Rule, standing_rules
from wholerecord.record import PersonId
from wholerecord.research.board.show import board
from wholerecord.research.snapshot import begin, finish
from wholerecord.storage.memory import Store

BOARD = "/counts/boards/gap-hba1c"


async def counted(folder: Path) -> tuple[Doorway, Path]:
    """A doorway, and tables of a hundred made-up people, sixty of them with diabetes."""
    store = Store()
    for rule in standing_rules():
        await store.add_rule(rule)
    making = begin(folder, "s1")
    made = snapshot(DATA["gap-hba1c"][0], making)
    finish(making, msgspec.structs.replace(made.manifest, name="s1"))
    return Doorway(store), folder


def browser(at: tuple[Doorway, Path], who: str) -> httpx.AsyncClient:
    way, folder = at
    return client(application_of(way, PersonId("p"), snapshots=folder), who)


async def get(at: tuple[Doorway, Path], path: str, who: str = "PLANNER") -> str:
    async with browser(at, who) as one:
        answer = await one.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


async def test_a_planner_sees_shares_with_bounds_and_how_good_the_data_are(tmp_path: Path):
    at = await counted(tmp_path)
    listed = await get(at, "/counts/boards")
    assert "Monitoring gaps" in listed
    assert f'href="{BOARD}"' in listed
    gap = await get(at, BOARD)
    for told in (
        *("<svg", 'role="img"', "everybody alive with diabetes", "People in the tables: 100"),
        *("Deprivation", "female", "95 % interval", "66.7%", "not shown"),
        *("The last one", "Less than 6 months ago", "More than 15 months ago", "33.3%"),
        "A test that no source told of looks like a gap",
    ):
        assert told in gap, told
    assert "<script" not in gap
    assert "style=" not in gap


async def test_every_look_is_an_opening_and_what_was_counted_stands_on_the_register(tmp_path: Path):
    at = await counted(tmp_path)
    await get(at, BOARD)
    assert "query 1 in the" in await get(at, BOARD)
    await get(at, BOARD, "RESEARCHER")  # for another purpose, so counted apart
    async with browser(at, "DOCTOR") as doctor:
        assert (await doctor.get(BOARD)).status_code == 403
    store = at[0].store
    looks = [each for each in await store.openings() if each.part == "board gap-hba1c"]
    assert [each.allowed for each in looks] == [True, True, True, False]
    newest, first = await RegisteredCounts(store).register()
    assert first.asked.endswith("People with diabetes and no HbA1c in the last year")
    assert "groups" in first.answered
    assert (newest.purpose, first.purpose) == ("research", "planning")


async def test_within_a_month_everybody_is_shown_the_same_whoever_opts_out_or_is_added(
    tmp_path: Path,
):
    store = Store()
    at = await place(store, tmp_path)
    door = at.way.door(Actor(id="p", name="p", role=Role.PLANNER, organisation="RXA"))
    march, april = (datetime(2027, month, 9, tzinfo=UTC) for month in (3, 4))

    async def seen(now: datetime) -> object:
        return await board(door, store, at.snapshots, "use-gp", purpose=Purpose.PLANNING, now=now)

    before = await seen(march)
    await opt_out(store, 4)
    whose = (await store.people())[0]
    await store.add_rule(Rule(allow=False, purpose=Purpose.PLANNING, person=whose, reason="no"))
    await fresh(at)
    assert await seen(march) == before
    after = await seen(april)
    assert isinstance(after, tuple)
    assert after[0] == 2
    assert isinstance(before, tuple)
    assert after[1].snapshot != before[1].snapshot


async def test_the_csv_says_what_the_page_says_and_no_cell_is_a_formula(tmp_path: Path):
    at = await counted(tmp_path)
    async with browser(at, "PLANNER") as one:
        taken = await one.get(f"{BOARD}/csv")
    assert taken.headers["content-type"].startswith("text/csv")
    lines = taken.text.splitlines()
    assert lines[0].startswith("Query 1,")
    assert "by,group,people,of,share,low,high" in lines
    assert any(line.startswith("Everybody,Everybody,40,60,0.6667,") for line in lines)
    assert any(line.startswith("The last one,More than 15 months ago,20,60,") for line in lines)
    assert not any(line[:1] in "=+-@" for line in lines if line)


@pytest.mark.parametrize("id", ["no-such", "%3Cb%3E"])
async def test_there_are_no_boards_but_those_listed(tmp_path: Path, id: str):
    at = await counted(tmp_path)
    async with browser(at, "PLANNER") as one:
        assert (await one.get(f"/counts/boards/{id}")).status_code == 404
