"""The database as it is made, and as it is brought forward."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from wholerecord.storage import open_store, postgres
from wholerecord.storage.postgres.migrate import migrate, migrations
from wholerecord.storage.postgres.sql import QUERIES, queries, text

pytestmark = pytest.mark.postgres

_SHAPE = """
SELECT 'column', table_name, column_name, data_type, is_nullable, column_default, is_identity
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'index', tablename, indexname, indexdef, '', '', ''
FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', ''
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'storage', attrelid::regclass::text, attname, attstorage::text, '', '', ''
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
UNION ALL
SELECT 'options', relname, array_to_string(reloptions, ','), '', '', '', ''
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
UNION ALL
SELECT 'function', proname, pg_get_functiondef(oid), '', '', '', ''
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1, 2, 3, 4
"""


async def shape(url: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    rows = [tuple(row) for row in await connection.fetch(_SHAPE)]
    await connection.close()
    return rows


async def test_migrations_and_schema_make_the_same_database(
    empty_database: Callable[[], str],
) -> None:
    whole, stepwise = empty_database(), empty_database()
    connection = await asyncpg.connect(whole)
    await connection.execute(text("schema.sql"))
    await connection.close()
    connection = await asyncpg.connect(stepwise)
    first = re.search(r"CREATE TABLE migration .*?;", text("schema.sql"), re.DOTALL)
    assert first is not None
    await connection.execute(first[0])
    await migrate(connection)
    assert {row["name"] for row in await connection.fetch("TABLE migration")} == set(migrations())
    await connection.close()
    assert await shape(whole) == await shape(stepwise)
    assert len(await shape(whole)) > 100


async def test_programs_that_start_at_once_make_one_database(
    empty_database: Callable[[], str],
) -> None:
    url = empty_database()

    async def start() -> int:
        async with open_store(url) as store:
            return len(await store.sources())

    assert await asyncio.gather(*(start() for _ in range(4))) == [0] * 4


async def test_a_database_of_a_newer_program_is_left_alone(
    empty_database: Callable[[], str],
) -> None:
    database_url = empty_database()
    async with open_store(database_url):
        pass
    connection = await asyncpg.connect(database_url)
    await connection.execute("INSERT INTO migration VALUES ('9999_later.sql')")
    await connection.close()
    with pytest.raises(postgres.Newer, match="newer Wholerecord"):
        async with open_store(database_url):
            pass


async def test_a_server_that_is_not_there_is_said_to_be_unavailable() -> None:
    with pytest.raises(postgres.Lost):
        async with open_store("postgresql://nobody@127.0.0.1:1/nowhere"):
            pass


def test_every_query_is_used_and_no_other_is_asked_for() -> None:
    folder = Path(postgres.__file__).parent
    code = "".join(path.read_text() for path in folder.glob("*.py"))
    used = set(re.findall(r'(?:QUERIES\[|(?:fetch(?:row)?|copy)\(\s*)"([a-z_]+)"', code))
    assert used == set(QUERIES) == set(queries("queries.sql"))
