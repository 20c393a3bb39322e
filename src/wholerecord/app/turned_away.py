"""Requests whose token counts for nothing, written into the log: by the minute, not one by one.

Whoever brings forged tokens could otherwise fill the log as fast as they can ask.
"""

import asyncio

import structlog

from wholerecord.access import Doorstep
from wholerecord.errors import WholerecordError

_PAUSE = 60.0
_log = structlog.get_logger()


class TurnedAway:
    """How many were turned away since it was last written down. The first is written at once."""

    def __init__(self, doorstep: Doorstep) -> None:
        self._doorstep = doorstep
        self._count = 0
        self._writing: asyncio.Task[None] | None = None

    def one(self) -> None:
        """Count one request."""
        self._count += 1
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_on())

    async def close(self) -> None:
        """Write down how many there were."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait({self._writing})
        await self._write()

    async def _write_on(self) -> None:
        while self._count:
            await self._write()
            await asyncio.sleep(_PAUSE)

    async def _write(self) -> None:
        count = self._count
        if not count:
            return
        why = f"the token counts for nothing: forged, expired, ended or cut ({count} requests)"
        try:
            await self._doorstep.turned_away("", why, "API")
        except (WholerecordError, OSError) as error:
            _log.warning("who was turned away is written down later", error=type(error).__name__)
        else:
            self._count -= count
