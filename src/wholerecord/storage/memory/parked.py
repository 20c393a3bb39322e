"""What could not be filed: found, given to somebody, closed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from wholerecord.errors import NotFound
from wholerecord.intake import Fault, Kept, Parked
from wholerecord.intake.inbox import ParkedCount
from wholerecord.intake.parked import ParkedStep, Step
from wholerecord.record import MessageId, PatientId
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import phrase, storable


class ParkedItems:
    """See `intake.Inbox` and `intake.parked.ParkedWork`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def parked(
        self, *, source: str | None = None, open_only: bool = True, limit: int | None = None
    ) -> Sequence[Parked]:
        """See `intake.Inbox.parked`."""
        return [
            item
            for item in self._tables.parked
            if source in (None, item.source) and not (open_only and item.released)
        ][:limit]

    async def parked_counts(self, *, open_only: bool = True) -> Sequence[ParkedCount]:
        """See `intake.Inbox.parked_counts`."""
        items = await self.parked(open_only=open_only)
        counted = Counter((item.source, item.reason, item.says) for item in items)
        return [
            ParkedCount(source=source, reason=reason, says=says, items=n)
            for (source, reason, says), n in sorted(counted.items())
        ]

    async def parked_of_nobody(self, *, each: int) -> Sequence[Parked]:
        """See `intake.Inbox.parked_of_nobody`."""
        return [
            item
            for source in sorted(self._tables.sources)
            for item in [i for i in await self.parked(source=source) if i.patient is None][:each]
        ]

    async def parked_about(self, patients: Iterable[PatientId]) -> Sequence[Parked]:
        """See `intake.Inbox.parked_about`."""
        asked = set(patients)
        return [item for item in await self.parked() if item.patient in asked]

    async def parked_patients(self, *, limit: int) -> Sequence[PatientId]:
        """See `intake.Inbox.parked_patients`."""
        found = {item.patient for item in await self.parked() if item.patient is not None}
        return sorted(found)[:limit]

    async def release(self, n: int, *, by: str, why: str) -> None:
        """See `intake.Inbox.release`."""
        parked = self._tables.parked
        if not 1 <= n <= len(parked):
            raise NotFound(f"There is no parked item {n}.")
        if parked[n - 1].released is None:
            parked[n - 1] = replace(
                parked[n - 1],
                released=now(),
                released_by=storable(by),
                released_why=storable(why),
            )
            self._tables.step(n, Step.RELEASE, by=by, why=why)

    async def parked_item(self, n: int) -> Parked:
        """See `intake.parked.ParkedWork.parked_item`."""
        if not 1 <= n <= len(self._tables.parked):
            raise NotFound(f"There is no parked item {n}.")
        return self._tables.parked[n - 1]

    async def parked_of(self, messages: Sequence[MessageId]) -> Sequence[Parked]:
        """See `intake.parked.ParkedWork.parked_of`."""
        return [item for item in self._tables.parked if item.message in messages]

    async def assign(self, n: int, to: str, *, by: str, why: str) -> None:
        """See `intake.parked.ParkedWork.assign`."""
        item = await self.parked_item(n)
        self._tables.parked[n - 1] = replace(item, assigned=storable(to))
        self._tables.step(n, Step.ASSIGN, by=by, why=why, given_to=to)

    async def note(self, n: int, *, by: str, why: str) -> None:
        """See `intake.parked.ParkedWork.note`."""
        await self.parked_item(n)
        self._tables.step(n, Step.NOTE, by=by, why=why)

    async def steps(self, n: int) -> Sequence[ParkedStep]:
        """See `intake.parked.ParkedWork.steps`."""
        return [step for step in self._tables.steps if step.parked == n]


def parked_as(tables: Tables, kept: Kept, fault: Fault) -> None:
    """Park what could not be filed of a message."""
    tables.parked.append(
        Parked(
            n=len(tables.parked) + 1,
            message=kept.message,
            source=kept.source,
            place=storable(fault.place),
            reason=fault.reason.name,
            says=phrase(fault),
            owner=tables.sources[kept.source].controller,
            since=now(),
            patient=fault.about.id if fault.about else None,
        )
    )
