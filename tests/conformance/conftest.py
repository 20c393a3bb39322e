"""Every store there is, one after the other, for tests that say what a store must do."""

import os
from collections.abc import AsyncIterator

import pytest

from wholerecord.access import Store
from wholerecord.storage import memory, open_store

_STORES = [
    "memory",
    pytest.param("postgres", marks=pytest.mark.postgres),
    *(["external"] if "WHOLERECORD_TEST_DATABASE" in os.environ else []),
]


@pytest.fixture(params=_STORES)
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """A store with nothing in it."""
    if request.param == "memory":
        yield memory.Store()
        return
    fixture = {"postgres": "database_url", "external": "external_url"}[request.param]
    async with open_store(request.getfixturevalue(fixture)) as opened:
        yield opened
