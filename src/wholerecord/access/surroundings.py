"""What is around a record: which sources answered, and what of theirs is parked."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from wholerecord.intake import Feed, Inbox, Parked
from wholerecord.intake.board import rhythms, with_rhythms
from wholerecord.intake.ledger import Ledger
from wholerecord.intake.rhythm import LEARN, Rhythm
from wholerecord.people import Member
from wholerecord.record import PatientId

#: Seconds for which feeds and parked items are remembered: a page may be this much behind.
_REMEMBERED = 1.0
#: Seconds for which rhythms are remembered: eight weeks do not change in a few minutes.
_LEARNT = 600.0
#: Items about nobody known that are shown of each source: a broken feed parks a thousand an hour.
_SHOWN = 20
#: Patients with parked items that are remembered; were there more, each opening would ask.
_KNOWN = 10_000


class Desk(Inbox, Ledger, Protocol):
    """What is asked: feeds, parked items and the ledger."""


class Surroundings:
    """Feeds and parked items, read at most once a second however many pages ask.

    A feed comes with its rhythm, which is learnt again every ten minutes.
    """

    def __init__(self, inbox: Desk) -> None:
        self._inbox = inbox
        self._rhythms: Mapping[str, Rhythm | None] = {}
        self._learnt_at = float("-inf")
        self._read_at = float("-inf")
        self._feeds: tuple[Feed, ...] = ()
        self._parked: tuple[Parked, ...] = ()
        self._about: frozenset[PatientId] | None = None
        self._reading = asyncio.Lock()

    def forget(self) -> None:
        """Read again when next asked: something was just changed here."""
        self._read_at = float("-inf")

    async def of(self, members: Sequence[Member]) -> tuple[tuple[Feed, ...], tuple[Parked, ...]]:
        """The feeds of the members' sources, and the open parked items that may be about them.

        First those known to be about one of them, then of each of their sources the oldest that
        are about nobody known; what is known to be about somebody else is not theirs to see.
        """
        sources = {member.source for member in members}
        patients = {member.patient for member in members}
        if time.monotonic() - self._read_at > _REMEMBERED:
            async with self._reading:
                if time.monotonic() - self._read_at > _REMEMBERED:
                    await self._learn()
                    self._feeds = with_rhythms(await self._inbox.feeds(), self._rhythms)
                    self._parked = tuple(await self._inbox.parked_of_nobody(each=_SHOWN))
                    about = await self._inbox.parked_patients(limit=_KNOWN)
                    self._about = frozenset(about) if len(about) < _KNOWN else None
                    self._read_at = time.monotonic()
        asked = patients if self._about is None else patients & self._about
        return (
            tuple(feed for feed in self._feeds if feed.source.name in sources),
            (
                *(await self._inbox.parked_about(asked) if asked else ()),
                *(item for item in self._parked if item.source in sources),
            ),
        )

    async def _learn(self) -> None:
        if time.monotonic() - self._learnt_at > _LEARNT:
            now = datetime.now(UTC)
            self._rhythms = rhythms(await self._inbox.hours(since=now - LEARN), now)
            self._learnt_at = time.monotonic()
