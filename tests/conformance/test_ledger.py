"""The ledger: both books agree, and a single lost row says on which day and of which source."""

from datetime import UTC, datetime

import asyncpg
import pytest

from tests.conformance.given import keep, settled, sources
from wholerecord.access import Store
from wholerecord.access.nightly import Checked, check, last_checked
from wholerecord.access.reckon import day_rows, reckon
from wholerecord.storage import open_store


async def fill(store: Store) -> None:
    await sources(store, "gp", "acute")
    await keep(store, "gp", ["7", "Marsh", "9990000018", 3], ["fault"])
    await keep(store, "gp", ["7", "Marsh", "9990000018", 3], ["fault"])
    await keep(store, "acute", ["1", "Marsh", "9990000018", 3])
    await keep(store, "acute", ["1", "Marsh", "9990000018", 4])
    await settled(store)
    await keep(store, "acute", ["2", "Hill", "", 1])


async def test_both_books_agree_and_every_part_of_the_sum_is_there(store: Store):
    await fill(store)
    found = await reckon(store)
    assert found.wrong == []
    acute, gp = day_rows(found)
    today = datetime.now(UTC).date().isoformat()
    assert (gp["day"], gp["source"]) == (today, "gp")
    assert (gp["received"], gp["filed"], gp["again"], gp["parked"]) == (2, 0, 1, 1)
    assert (acute["received"], acute["filed"], acute["waiting"]) == (3, 2, 1)
    for row in (acute, gp):
        assert row["received"] == row["filed"] + row["again"] + row["parked"] + row["waiting"]
        found_there = row["shown"] + row["restricted"] + row["superseded"] + row["unread"]
        assert row["statements"] == found_there + row["elsewhere"]
    assert (acute["statements"], acute["superseded"], acute["unread"]) == (7, 1, 4)


async def test_how_long_messages_took_is_counted(store: Store):
    await fill(store)
    pages = {page.source: page for page in await store.hours()}
    assert pages["gp"].kept == 1
    assert pages["gp"].first == pages["gp"].last
    assert await store.hours(since=datetime(2999, 1, 1, tzinfo=UTC)) == []


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("lost", "says"),
    [
        ("DELETE FROM message WHERE id = 3", "3 messages and 2 are there"),
        (
            "DELETE FROM statement WHERE (message, n) = (SELECT max(message), 0 FROM statement)",
            "7 statements and 6 are there",
        ),
        ("DELETE FROM parked WHERE n = 1", "1 parked items and 0 are there"),
        ("DELETE FROM waiting", "messages kept are not"),
    ],
)
async def test_one_lost_row_turns_the_check_red_and_names_day_and_source(
    database_url: str, lost: str, says: str
):
    async with open_store(database_url) as store:
        await fill(store)
        assert (await reckon(store)).wrong == []
        connection = await asyncpg.connect(database_url)
        ended = await connection.execute(lost)
        await connection.close()
        assert ended == "DELETE 1"
        wrong = (await reckon(store)).wrong
    today = datetime.now(UTC).date().isoformat()
    source = "gp" if "parked" in lost else "acute"
    named = [one for one in wrong if one.startswith(f"{today} {source}: ")]
    assert any(says in one for one in named), wrong


async def test_how_the_nightly_check_stood_is_remembered(store: Store):
    await fill(store)
    assert await last_checked(store) is None
    at = datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert await check(store, at) == Checked(at=at, wrong=())
    assert await last_checked(store) == Checked(at=at, wrong=())
