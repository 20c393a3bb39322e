"""What seemed wrong to the people looked at, and what they were told."""

from collections.abc import Sequence
from typing import Any

from asyncpg import Record

from wholerecord.access.concerns import Concern
from wholerecord.errors import NotFound
from wholerecord.record import PersonId
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.text import storable

#: The first number too large for a database.
_TOO_LARGE = 1 << 63


class Concerns:
    """See `access.concerns.Concerns`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def raise_concern(self, person: PersonId, opening: int, *, by: str, why: str) -> Concern:
        """See `access.concerns.Concerns.raise_concern`."""
        said = storable(person), opening, storable(by), storable(why)
        there = 0 < opening < _TOO_LARGE
        row = await self._database.fetchrow("raise_concern", *said) if there else None
        if row is None:
            raise NotFound("That is no look at this record.")
        return _concern(row)

    async def answer_concern(self, n: int, *, by: str, reply: str) -> None:
        """See `access.concerns.Concerns.answer_concern`."""
        said = n, storable(by), storable(reply)
        there = 0 < n < _TOO_LARGE
        if not (there and await self._database.fetchrow("answer_concern", *said)):
            raise NotFound("No concern of that number waits for a reply.")

    async def concern(self, n: int) -> Concern | None:
        """See `access.concerns.Concerns.concern`."""
        row = await self._database.fetchrow("concern", n) if 0 < n < _TOO_LARGE else None
        return None if row is None else _concern(row)

    async def concerns_of(self, person: PersonId) -> Sequence[Concern]:
        """See `access.concerns.Concerns.concerns_of`."""
        return [_concern(r) for r in await self._database.fetch("concerns_of", storable(person))]

    async def open_concerns(self, *, limit: int = 100) -> Sequence[Concern]:
        """See `access.concerns.Concerns.open_concerns`."""
        return [_concern(row) for row in await self._database.fetch("open_concerns", limit)]


def _concern(row: Record) -> Concern:
    said: dict[str, Any] = dict(row)
    return Concern(**said)
