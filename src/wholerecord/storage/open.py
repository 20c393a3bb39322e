"""The store that a database setting names."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from wholerecord.storage import embedded, postgres
from wholerecord.storage.keyring import NO_KEYS, Keyring

_EMBEDDED = "embedded:"


@asynccontextmanager
async def open_store(database: str, keys: Keyring = NO_KEYS) -> AsyncGenerator[postgres.Store]:
    """The store at `embedded:FOLDER` or at a PostgreSQL URL, as long as the context is.

    Raises:
        Unavailable: it cannot be had; the message says why and what to do.
        NoKey: it is encrypted under a key that is not among `keys`; of `WrongKey` likewise.
    """
    if not database.startswith(_EMBEDDED):
        async with postgres.connected(database, keyring=keys) as connected:
            yield postgres.Store(connected)
        return
    folder = database.removeprefix(_EMBEDDED)

    async def mend() -> None:
        await asyncio.to_thread(embedded.revive, folder)

    async with (
        embedded.running(folder) as url,
        postgres.connected(url, mend, embedded.Room(folder), keys) as connected,
    ):
        yield postgres.Store(connected)
