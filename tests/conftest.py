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

from wholerecord.storage import embedded
from wholerecord.storage.postgres.migrate import migrate

_TEMPLATE = "wholerecord_template"
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
def _embedded_template(embedded_url: str) -> str:
    run(_make_template(embedded_url))
    return embedded_url


@pytest.fixture
def database_url(_embedded_template: str) -> Iterator[str]:
    """A new database with all its tables and nothing in them, gone after the test."""
    yield from _database(_embedded_template)


@pytest.fixture(scope="session")
def _external_template() -> str:
    url = os.environ["WHOLERECORD_TEST_DATABASE"]
    run(_make_template(url))
    return url


@pytest.fixture
def external_url(_external_template: str) -> Iterator[str]:
    """As `database_url`, on the server that WHOLERECORD_TEST_DATABASE names."""
    yield from _database(_external_template)


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


def _database(url: str) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    run(_execute(url, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}"))
    yield named(url, name)
    run(_execute(url, f"DROP DATABASE {name} WITH (FORCE)"))


async def _make_template(url: str) -> None:
    await _execute(url, f"DROP DATABASE IF EXISTS {_TEMPLATE}", f"CREATE DATABASE {_TEMPLATE}")
    connection = await asyncpg.connect(named(url, _TEMPLATE))
    await migrate(connection)
    await connection.close()


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()
