"""What seemed wrong to the people looked at, and what they were told."""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.access.concerns import Concern
from wholerecord.errors import NotFound
from wholerecord.record import PersonId
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class Concerns:
    """See `access.concerns.Concerns`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def raise_concern(self, person: PersonId, opening: int, *, by: str, why: str) -> Concern:  # noqa: ARG002 - the opening says who
        """See `access.concerns.Concerns.raise_concern`."""
        whose = storable(person)
        if all((one.n, one.person) != (opening, whose) for one in self._tables.openings):
            raise NotFound("That is no look at this record.")
        raised = Concern(
            n=len(self._tables.concerns) + 1,
            person=PersonId(whose),
            opening=opening,
            at=now(),
            why=storable(why),
        )
        self._tables.concerns.append(raised)
        return raised

    async def answer_concern(self, n: int, *, by: str, reply: str) -> None:
        """See `access.concerns.Concerns.answer_concern`."""
        known = await self.concern(n)
        if known is None or known.replied is not None:
            raise NotFound("No concern of that number waits for a reply.")
        self._tables.concerns[n - 1] = replace(
            known, reply=storable(reply), replied_by=storable(by), replied=now()
        )

    async def concern(self, n: int) -> Concern | None:
        """See `access.concerns.Concerns.concern`."""
        return self._tables.concerns[n - 1] if 0 < n <= len(self._tables.concerns) else None

    async def concerns_of(self, person: PersonId) -> Sequence[Concern]:
        """See `access.concerns.Concerns.concerns_of`."""
        return [one for one in reversed(self._tables.concerns) if one.person == storable(person)]

    async def open_concerns(self, *, limit: int = 100) -> Sequence[Concern]:
        """See `access.concerns.Concerns.open_concerns`."""
        return [one for one in self._tables.concerns if one.replied is None][:limit]
