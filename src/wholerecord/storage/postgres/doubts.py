"""Looks that somebody reviews."""

from collections.abc import Sequence
from typing import Any

from asyncpg import Record

from wholerecord.access.doubts import Crowd, Doubt, Outcome, Pattern
from wholerecord.audit import Opening
from wholerecord.errors import NotFound
from wholerecord.record import PersonId
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.opened import opening
from wholerecord.storage.text import storable

#: The first number too large for a database.
_TOO_LARGE = 1 << 63


class Doubts:
    """See `access.doubts.Doubts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def doubt(self, doubts: Sequence[Doubt]) -> int:
        """See `access.doubts.Doubts.doubt`."""
        rows = await self._database.fetch(
            "doubt",
            [one.pattern.value for one in doubts],
            [one.person for one in doubts],
            [one.actor for one in doubts],
            [one.name for one in doubts],
            [one.role for one in doubts],
            [one.organisation for one in doubts],
            [one.first for one in doubts],
            [one.at for one in doubts],
            [storable(one.evidence) for one in doubts],
        )
        return len(rows)

    async def close_doubt(self, n: int, outcome: Outcome, *, by: str, why: str) -> None:
        """See `access.doubts.Doubts.close_doubt`."""
        said = n, outcome.value, storable(by), storable(why)
        there = 0 < n < _TOO_LARGE
        if not (there and await self._database.fetchrow("close_doubt", *said)):
            raise NotFound("No look of that number waits for a review.")

    async def doubt_of(self, n: int) -> Doubt | None:
        """See `access.doubts.Doubts.doubt_of`."""
        row = await self._database.fetchrow("doubt_of", n) if 0 < n < _TOO_LARGE else None
        return None if row is None else _doubt(row)

    async def open_doubts(self, *, limit: int = 200) -> Sequence[Doubt]:
        """See `access.doubts.Doubts.open_doubts`."""
        return [_doubt(row) for row in await self._database.fetch("open_doubts", limit)]

    async def emergencies(self, *, after: int, limit: int = 1000) -> Sequence[Opening]:
        """See `access.doubts.Doubts.emergencies`."""
        return [opening(row) for row in await self._database.fetch("emergencies", after, limit)]

    async def crowds(
        self, *, after: int, least: int, views: Sequence[str], but: Sequence[str]
    ) -> Sequence[Crowd]:
        """See `access.doubts.Doubts.crowds`."""
        rows = await self._database.fetch("crowds", after, least, views, but)
        return [Crowd(**dict(row)) for row in rows]

    async def openings_as(self, role: str, *, limit: int = 1000) -> Sequence[Opening]:
        """See `access.doubts.Doubts.openings_as`."""
        return [opening(row) for row in await self._database.fetch("openings_as", role, limit)]

    async def watch(self, person: PersonId, *, by: str, why: str) -> None:
        """See `access.doubts.Doubts.watch`."""
        await self._database.fetch("watch", storable(person), storable(by), storable(why))

    async def unwatch(self, person: PersonId) -> None:
        """See `access.doubts.Doubts.unwatch`."""
        if await self._database.fetchrow("unwatch", storable(person)) is None:
            raise NotFound("Nobody watches that record.")

    async def watched(self) -> frozenset[PersonId]:
        """See `access.doubts.Doubts.watched`."""
        return frozenset(row["person"] for row in await self._database.fetch("watched"))


def _doubt(row: Record) -> Doubt:
    said: dict[str, Any] = dict(row)
    said["pattern"] = Pattern(row["pattern"])
    said["outcome"] = Outcome(row["outcome"]) if row["outcome"] else None
    return Doubt(**said)
