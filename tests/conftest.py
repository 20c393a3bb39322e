"""A database for every test that wants one, quickly."""

import asyncio
import itertools
import os
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from wholerecord.storage import embedded
from wholerecord.storage.postgres.migrate import migrate

# A check of a change draws the same examples every time, and fails only for the change: never for
# a slow machine. The long form draws new ones.
settings.register_profile(
    "drawn", deadline=None, suppress_health_check=(HealthCheck.too_slow,), print_blob=True
)
settings.register_profile("seeded", settings.get_profile("drawn"), derandomize=True)
settings.load_profile("drawn" if os.environ.get("WHOLERECORD_SOAK") else "seeded")

#: Tables that a test's own rows are never in.
_KEPT = ("migration", "dictionary")
_numbers = itertools.count(1)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """What `work` gives, from a fixture that may stand outside or inside an event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def embedded_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An embedded server for the whole run. It does not wait for the disk: tests cut no power."""
    with embedded.used(tmp_path_factory.mktemp("embedded")) as url:
        run(_execute(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"))
        yield url


@pytest.fixture(scope="session")
def _embedded_database(embedded_url: str) -> str:
    return _made(embedded_url)


@pytest.fixture
def database_url(_embedded_database: str) -> Iterator[str]:
    """A database with all its tables and nothing in them, emptied after the test."""
    yield _embedded_database
    run(empty(_embedded_database))


@pytest.fixture(scope="session")
def _external_database() -> Iterator[str]:
    url = os.environ["WHOLERECORD_TEST_DATABASE"]
    made = _made(url)
    yield made
    run(_execute(url, f"DROP DATABASE {urlsplit(made).path[1:]} WITH (FORCE)"))


@pytest.fixture
def external_url(_external_database: str) -> Iterator[str]:
    """As `database_url`, on the server that WHOLERECORD_TEST_DATABASE names."""
    yield _external_database
    run(empty(_external_database))


@pytest.fixture
def empty_database(embedded_url: str) -> Iterator[Callable[[], str]]:
    """Makes databases without tables, gone after the test."""
    made: list[str] = []

    def make() -> str:
        made.append(f"empty_{os.getpid()}_{next(_numbers)}")
        run(_execute(embedded_url, f"CREATE DATABASE {made[-1]}"))
        return named(embedded_url, made[-1])

    yield make
    for name in made:
        run(_execute(embedded_url, f"DROP DATABASE {name} WITH (FORCE)"))


def named(url: str, database: str) -> str:
    """The URL with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _made(url: str) -> str:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    run(_execute(url, f"CREATE DATABASE {name}"))
    run(_migrate(named(url, name)))
    return named(url, name)


async def _migrate(url: str) -> None:
    connection = await asyncpg.connect(url)
    await migrate(connection)
    await connection.close()


async def empty(url: str) -> None:
    """Leave the database as it was made. Making one takes 200 ms, emptying one 20."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tables = [row["tablename"] for row in rows if row["tablename"] not in _KEPT]
    await connection.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
    await connection.close()


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()
