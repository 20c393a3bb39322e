"""The database opened: a pool of connections that nobody resets."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
from asyncpg import Record

from wholerecord.storage.keyring import NO_KEYS, Keyring
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.lost import Lost

#: A person's statements are sorted in memory; queries are too short to be worth compiling.
_SETTINGS = {"work_mem": "32MB", "jit": "off", "application_name": "wholerecord"}


async def _nothing_to_reset(_: "asyncpg.Connection[Record]") -> None:
    """No query here changes its session: resetting each would cost a round trip a query."""


def room_unknown() -> bool:
    """Of a server by URL nobody here knows how much room it has: it says so when it is full."""
    return True


async def nothing_to_mend() -> None:
    """A server by URL is somebody else's to start."""


@asynccontextmanager
async def connected(
    url: str,
    mend: Callable[[], Awaitable[None]] = nothing_to_mend,
    has_room: Callable[[], bool] = room_unknown,
    keyring: Keyring = NO_KEYS,
) -> AsyncGenerator[Database]:
    """The database at `url`, ready to use, and closed at the end.

    Raises:
        Lost: it cannot be reached.
        Newer: it belongs to a newer program.
        NoKey: what is kept there is encrypted under a key that is not in `keyring`.
    """
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=10,
            record_class=Record,
            server_settings=_SETTINGS,
            reset=_nothing_to_reset,
        )
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Lost from error
    try:
        database = Database(pool, mend, has_room, keyring)
        await database.begin()
        yield database
    finally:
        await pool.close()
