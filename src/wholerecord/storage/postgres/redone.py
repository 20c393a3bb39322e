"""A transaction done again where the database ended it for the sake of another.

PostgreSQL undoes one of those that wait for each other in a ring (SQLSTATE 40P01), or that could
not have gone one after the other (40001). Such a transaction left nothing behind, so it is done
again from its beginning. In which order locks are taken, so that this is rare, is told in
docs/decisions/0082.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, cast

import asyncpg

from wholerecord.errors import Unavailable

Work = TypeVar("Work", bound=Callable[..., Coroutine[Any, Any, Any]])

#: How often it is done again, and how long it waits before at most, at first, in seconds.
_TIMES, _WAIT = 5, 0.02
_ENDED = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_inside: ContextVar[bool] = ContextVar("inside", default=False)


class Contended(Unavailable):
    """Others were writing the same at the same moment, again and again: try again."""


def redone(work: Work) -> Work:
    """`work`, which is a transaction from beginning to end, done again where it is ended.

    Within another such work it is done once: the whole is for the other to do again. Nothing that
    `work` does outside the database may count twice.

    Raises:
        Contended: it was ended every time.
    """

    @wraps(work)
    async def until_done(*said: object, **named: object) -> object:
        if _inside.get():
            return await work(*said, **named)
        token = _inside.set(True)
        try:
            for tried in range(_TIMES):
                try:
                    return await work(*said, **named)
                except _ENDED:
                    # For a random time, so that those who met do not meet again.
                    wait = random.uniform(0, _WAIT * 2**tried)  # noqa: S311 - keeps no secret
                    await asyncio.sleep(wait)
            try:
                return await work(*said, **named)
            except _ENDED as error:
                raise Contended from error
        finally:
            _inside.reset(token)

    return cast("Work", until_done)
