"""What could not be filed: found, given to somebody, closed."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from wholerecord.errors import NotFound
from wholerecord.intake import Parked
from wholerecord.intake.inbox import ParkedCount
from wholerecord.intake.parked import ParkedStep, Step
from wholerecord.record import MessageId, PatientId
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.text import storable


class ParkedItems:
    """See `intake.Inbox` and `intake.parked.ParkedWork`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._abouts = Gatherer(self._read_about, most=256)

    async def parked(
        self, *, source: str | None = None, open_only: bool = True, limit: int | None = None
    ) -> Sequence[Parked]:
        """See `intake.Inbox.parked`."""
        rows = await self._database.fetch("parked", source, open_only, limit)
        return [Parked(**dict(row)) for row in rows]

    async def parked_counts(self, *, open_only: bool = True) -> Sequence[ParkedCount]:
        """See `intake.Inbox.parked_counts`."""
        rows = await self._database.fetch("parked_counts", open_only)
        return [ParkedCount(**dict(row)) for row in rows]

    async def parked_of_nobody(self, *, each: int) -> Sequence[Parked]:
        """See `intake.Inbox.parked_of_nobody`."""
        rows = await self._database.fetch("parked_of_nobody", each)
        return [Parked(**dict(row)) for row in rows]

    async def parked_about(self, patients: Iterable[PatientId]) -> Sequence[Parked]:
        """See `intake.Inbox.parked_about`."""
        found = await asyncio.gather(*map(self._abouts.ask, sorted(set(patients))))
        return sorted((item for items in found for item in items), key=lambda item: item.n)

    async def parked_patients(self, *, limit: int) -> Sequence[PatientId]:
        """See `intake.Inbox.parked_patients`."""
        rows = await self._database.fetch("parked_patients", limit)
        return [PatientId(row["patient"]) for row in rows]

    async def release(self, n: int, *, by: str, why: str) -> None:
        """See `intake.Inbox.release`."""
        if await self._database.fetchrow("release", n, storable(by), storable(why)) is None:
            raise NotFound(f"There is no parked item {n}.")

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

    async def _read_about(self, patients: Sequence[PatientId]) -> list[list[Parked]]:
        """The open items about each of these patients, in one query."""
        found: dict[PatientId, list[Parked]] = {}
        for row in await self._database.fetch("parked_about", list(patients)):
            item = Parked(**dict(row))
            if item.patient is not None:
                found.setdefault(item.patient, []).append(item)
        return [found.get(patient, []) for patient in patients]
