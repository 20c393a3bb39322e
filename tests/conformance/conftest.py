"""Every store there is, one after the other, for tests that say what a store must do."""

import os
from collections.abc import AsyncIterator

import pytest

from wholerecord.access import Store
from wholerecord.storage import memory, open_store
from wholerecord.storage.keyring import NO_KEYS, Keyring

_STORES = [
    "memory",
    pytest.param("postgres", marks=pytest.mark.postgres),
    *(["external"] if "WHOLERECORD_TEST_DATABASE" in os.environ else []),
    *(
        [pytest.param("encrypted", marks=pytest.mark.postgres)]
        if os.environ.get("WHOLERECORD_SOAK") == "1"
        else []
    ),
]


@pytest.fixture(params=_STORES)
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """A store with nothing in it."""
    if request.param == "memory":
        yield memory.Store()
        return
    fixture = {"external": "external_url"}.get(request.param, "database_url")
    keys = Keyring({"test": b"k" * 32}) if request.param == "encrypted" else NO_KEYS
    async with open_store(request.getfixturevalue(fixture), keys) as opened:
        yield opened
