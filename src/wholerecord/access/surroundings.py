"""What is around a record: which sources answered, and what of theirs is parked."""

import asyncio
import time
from collections.abc import Set as AbstractSet

from wholerecord.intake import Feed, Inbox, Parked

#: Seconds for which feeds and parked items are remembered: a page may be this much behind.
_REMEMBERED = 1.0


class Surroundings:
    """Feeds and parked items by source, read at most once a second however many pages ask."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._read_at = float("-inf")
        self._feeds: tuple[Feed, ...] = ()
        self._parked: tuple[Parked, ...] = ()
        self._reading = asyncio.Lock()

    def forget(self) -> None:
        """Read again when next asked: something was just changed here."""
        self._read_at = float("-inf")

    async def of(self, sources: AbstractSet[str]) -> tuple[tuple[Feed, ...], tuple[Parked, ...]]:
        """The feeds and open parked items of these sources, by name and by age."""
        if time.monotonic() - self._read_at > _REMEMBERED:
            async with self._reading:
                if time.monotonic() - self._read_at > _REMEMBERED:
                    self._feeds = tuple(await self._inbox.feeds())
                    self._parked = tuple(await self._inbox.parked())
                    self._read_at = time.monotonic()
        return (
            tuple(feed for feed in self._feeds if feed.source.name in sources),
            tuple(item for item in self._parked if item.source in sources),
        )
