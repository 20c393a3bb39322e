"""Looks that somebody reviews."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from wholerecord.access.doubts import Crowd, Doubt, Outcome
from wholerecord.audit import Opening
from wholerecord.consent import Purpose, View
from wholerecord.errors import NotFound
from wholerecord.record import PersonId
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class Doubts:
    """See `access.doubts.Doubts`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def doubt(self, doubts: Sequence[Doubt]) -> int:
        """See `access.doubts.Doubts.doubt`."""
        before = len(self._tables.doubts)
        asked = {_key(one) for one in self._tables.doubts}
        for one in doubts:
            if _key(one) not in asked:
                asked.add(_key(one))
                n = len(self._tables.doubts) + 1
                self._tables.doubts.append(replace(one, n=n, evidence=storable(one.evidence)))
        return len(self._tables.doubts) - before

    async def close_doubt(self, n: int, outcome: Outcome, *, by: str, why: str) -> None:
        """See `access.doubts.Doubts.close_doubt`."""
        known = await self.doubt_of(n)
        if known is None or known.outcome is not None:
            raise NotFound("No look of that number waits for a review.")
        self._tables.doubts[n - 1] = replace(
            known, outcome=outcome, why=storable(why), closed_by=storable(by), closed=now()
        )

    async def doubt_of(self, n: int) -> Doubt | None:
        """See `access.doubts.Doubts.doubt_of`."""
        return self._tables.doubts[n - 1] if 0 < n <= len(self._tables.doubts) else None

    async def open_doubts(self, *, limit: int = 200) -> Sequence[Doubt]:
        """See `access.doubts.Doubts.open_doubts`."""
        return [one for one in self._tables.doubts if one.outcome is None][:limit]

    async def emergencies(self, *, after: int, limit: int = 1000) -> Sequence[Opening]:
        """See `access.doubts.Doubts.emergencies`."""
        return [
            one
            for one in self._tables.openings
            if one.n > after
            and one.allowed
            and (one.purpose == Purpose.EMERGENCY.value or one.view == View.CLAIM.value)
        ][:limit]

    async def crowds(
        self, *, after: int, least: int, views: Sequence[str], but: Sequence[str]
    ) -> Sequence[Crowd]:
        """See `access.doubts.Doubts.crowds`."""
        by: dict[tuple[PersonId, date], list[Opening]] = {}
        for one in self._tables.openings:
            staff = one.allowed and one.view in views and one.role not in but
            if one.n > after and staff and one.person is not None:
                by.setdefault((one.person, one.at.date()), []).append(one)
        return [
            Crowd(
                person=person,
                first=looks[0].n,
                at=looks[0].at,
                staff=len({one.actor for one in looks}),
                places=len({one.organisation for one in looks}),
            )
            for (person, _), looks in sorted(by.items(), key=lambda each: each[1][0].n)
            if len({one.actor for one in looks}) >= least
        ]

    async def openings_as(self, role: str, *, limit: int = 1000) -> Sequence[Opening]:
        """See `access.doubts.Doubts.openings_as`."""
        return [one for one in reversed(self._tables.openings) if one.role == role][:limit]

    async def watch(self, person: PersonId, *, by: str, why: str) -> None:  # noqa: ARG002 - the opening says who
        """See `access.doubts.Doubts.watch`."""
        self._tables.watched.setdefault(storable(person), storable(why))

    async def unwatch(self, person: PersonId) -> None:
        """See `access.doubts.Doubts.unwatch`."""
        if self._tables.watched.pop(storable(person), None) is None:
            raise NotFound("Nobody watches that record.")

    async def watched(self) -> frozenset[PersonId]:
        """See `access.doubts.Doubts.watched`."""
        return frozenset(map(PersonId, self._tables.watched))


def _key(one: Doubt) -> tuple[object, ...]:
    return one.pattern, one.person, one.actor, one.at.date()
