"""The desk's work: parked items, patients who are nobody yet, and both books of the ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wholerecord.errors import NotFound
from wholerecord.intake import Parked
from wholerecord.intake.ledger import Counted, Hour
from wholerecord.intake.parked import ParkedStep, Step, Unlinked
from wholerecord.record import MessageId
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.text import storable


class DeskWork:
    """See `intake.parked.ParkedWork` and `intake.ledger.Ledger`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def parked_item(self, n: int) -> Parked:
        """See `intake.parked.ParkedWork.parked_item`."""
        row = await self._database.fetchrow("parked_item", n) if 0 < n < 1 << 63 else None
        if row is None:
            raise NotFound(f"There is no parked item {n}.")
        return Parked(**dict(row))

    async def parked_of(self, messages: Sequence[MessageId]) -> Sequence[Parked]:
        """See `intake.parked.ParkedWork.parked_of`."""
        rows = await self._database.fetch("parked_of", list(messages))
        return [Parked(**dict(row)) for row in rows]

    async def assign(self, n: int, to: str, *, by: str, why: str) -> None:
        """See `intake.parked.ParkedWork.assign`."""
        said = storable(to), storable(by), storable(why)
        if await self._database.fetchrow("assign", n, *said) is None:
            raise NotFound(f"There is no parked item {n}.")

    async def note(self, n: int, *, by: str, why: str) -> None:
        """See `intake.parked.ParkedWork.note`."""
        if await self._database.fetchrow("note", n, storable(by), storable(why)) is None:
            raise NotFound(f"There is no parked item {n}.")

    async def steps(self, n: int) -> Sequence[ParkedStep]:
        """See `intake.parked.ParkedWork.steps`."""
        found: list[ParkedStep] = []
        for row in await self._database.fetch("steps", n):
            said: dict[str, Any] = dict(row)
            said["step"] = Step[row["step"]]
            found.append(ParkedStep(**said))
        return found

    async def unlinked(self, *, limit: int = 100) -> Sequence[Unlinked]:
        """See `intake.parked.ParkedWork.unlinked`."""
        return [Unlinked(**dict(row)) for row in await self._database.fetch("unlinked", limit)]

    async def hours(self, *, since: datetime | None = None) -> Sequence[Hour]:
        """See `intake.ledger.Ledger.hours`."""
        return [Hour(**dict(row)) for row in await self._database.fetch("hours", since)]

    async def counted(self) -> Sequence[Counted]:
        """See `intake.ledger.Ledger.counted`."""
        return [Counted(**dict(row)) for row in await self._database.fetch("counted")]
