"""Whether the database went away, or has no room."""

from typing import TYPE_CHECKING

import asyncpg
from asyncpg import Record

from wholerecord.errors import Unavailable

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

#: What asyncpg raises where a connection ended, or there is none.
LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
)
#: Of these, what the caller's own code may raise too, while the connection is well.
ANYBODYS = (OSError, asyncpg.InterfaceError)


class Lost(Unavailable):
    """The database cannot be reached, or went away during this: see that it runs, and try again."""


class Full(Unavailable):
    """There is no room left to write: free some, or add some. It goes on by itself then."""


def is_broken(error: BaseException | None) -> bool:
    """Whether it tells of a connection that ended and that nobody has noticed to be closed yet.

    The undoing of a transaction then finds the lost operation still "in progress": a connection is
    one caller's at a time, so nobody else's can be.
    """
    while error is not None:
        if isinstance(error, LOST) and not isinstance(error, ANYBODYS):
            return True
        if isinstance(error, asyncpg.InterfaceError) and "in progress" in str(error):
            return True
        error = error.__context__
    return False


def is_closed(connection: "PoolConnectionProxy[Record]") -> bool:
    """Whether nothing can be asked on it any more."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # the pool took it back because it is
        return True
