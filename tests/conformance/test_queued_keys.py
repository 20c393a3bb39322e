"""The keys that wait with a patient save a question; whether they are right decides nothing."""

from collections import Counter

import asyncpg
import pytest

from tests.conformance.given import NUMBERS, decide, keep, person, prepare, settled, sources
from wholerecord.storage import open_store

pytestmark = pytest.mark.postgres

ONE, TWO, *_ = NUMBERS


@pytest.mark.parametrize("queued", ["keys", "NULL", "'{1}'", "'{}'"])
async def test_a_newcomer_is_linked_alike_whatever_keys_they_were_queued_with(
    database_url: str, queued: str
) -> None:
    async with open_store(database_url) as store:
        await sources(store, "gp", "hospital", "clinic")
        await keep(store, "gp", ["1", "Example", ONE, 1], ["2", "Sample", TWO, 1])
        await settled(store)
        await keep(store, "hospital", ["8", "Example", ONE, 1])
        await keep(store, "clinic", ["9", "Sample", TWO, 1], ["7", "Sample", TWO, 1])
        await store.file_waiting(prepare)
        connection = await asyncpg.connect(database_url)
        held = await connection.fetch("SELECT keys FROM to_link")
        await connection.execute(f"UPDATE to_link SET keys = {queued}")
        await connection.close()
        assert all(row["keys"] == sorted(row["keys"]) != [] for row in held)
        assert len(await settled(store)) == len(held) == 3
        assert await person(store, "hospital", "8") == await person(store, "gp", "1")
        assert await person(store, "clinic", "9") == await person(store, "gp", "2")
        assert await person(store, "clinic", "7") == await person(store, "gp", "2")


async def test_linking_a_newcomer_asks_the_database_twice_between_begin_and_commit(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Counter[str] = Counter()
    fetch, execute = asyncpg.Connection.fetch, asyncpg.Connection.execute

    async def counted(self, query, *values, **options):
        asked["fetch"] += 1
        return await fetch(self, query, *values, **options)

    async def told(self, query, *values, **options):
        asked["execute"] += 1
        return await execute(self, query, *values, **options)

    async with open_store(database_url) as store:
        await sources(store, "gp", "hospital")
        await keep(store, "gp", ["1", "Example", ONE, 1])
        await settled(store)
        await keep(store, "hospital", ["8", "Example", ONE, 1])
        await store.file_waiting(prepare)
        monkeypatch.setattr(asyncpg.Connection, "fetch", counted)
        monkeypatch.setattr(asyncpg.Connection, "execute", told)
        assert len(await store.link_waiting(decide)) == 1
    assert asked == {"fetch": 2, "execute": 2}  # BEGIN and COMMIT are executed
