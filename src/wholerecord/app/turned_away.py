"""Requests whose token counts for nothing, written into the log: by the minute, not one by one.

Whoever brings forged tokens could otherwise fill the log as fast as they can ask.
"""

import structlog

from wholerecord.access import Doorstep
from wholerecord.app.soon import Soon
from wholerecord.errors import WholerecordError

_PAUSE = 60.0
_log = structlog.get_logger()


class TurnedAway:
    """How many were turned away since it was last written down. The first is written at once."""

    def __init__(self, doorstep: Doorstep) -> None:
        self._doorstep = doorstep
        self._count = 0
        self._soon = Soon(self._write, lambda: self._count > 0, _PAUSE)

    def one(self) -> None:
        """Count one request."""
        self._count += 1
        self._soon.ask()

    async def close(self) -> None:
        """Write down how many there were."""
        await self._soon.close()

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
