"""Records folded for those who look: whole, and as if what is withheld had never been said."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wholerecord.access.cache import RecordCache, Vector
from wholerecord.access.marks import marks_of
from wholerecord.access.opening import Facts, Verdict
from wholerecord.access.store import Store
from wholerecord.access.withhold import (
    StatementKey,
    told_of,
    withheld_addresses,
    withheld_keys,
    without,
)
from wholerecord.fold import Record, Ruling, fold
from wholerecord.people import Member
from wholerecord.record import Statement

#: Larger folds run in a thread, so that other requests are not kept waiting behind one.
_LARGE = 500
#: Statements of records remembered as they may be seen, in all. Most share the whole one.
_MOST = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """`whole` never leaves the door. `allowed` is what was folded of all but the withheld.

    `withheld` is how many entries of the whole that left out.
    """

    whole: Record
    allowed: Record
    withheld: int


class Folds:
    """The folds of one process, remembered while what they were folded from is unchanged."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.forget()

    def forget(self) -> None:
        """Forget every fold: each is made again when next asked for."""
        self._records = RecordCache()
        self._folded: OrderedDict[tuple[Vector, frozenset[str]], Folded] = OrderedDict()
        self._held = 0

    async def whole(
        self, members: Sequence[Member], *, rulings: int | None = None, at: datetime | None = None
    ) -> Record:
        """The fold of exactly these patients at exactly these `t`.

        Remembered where `rulings`, the number of the rulings' changes, is known.
        """
        vector = _vector(members, rulings, at)
        if vector is not None and (held := self._records.get(vector)) is not None:
            return held
        record = await _folded(*await self._said(members, at))
        if vector is not None:
            self._records.put(vector, record)
        return record

    async def allowed(
        self, facts: Facts, verdict: Verdict, *, at: datetime | None, today: Sequence[Member]
    ) -> Folded:
        """The record without what the verdict withholds.

        `today` are who the person's patients are now, for a look at the past: what was sealed since
        is sealed in the past too.
        """
        vector = _vector(facts.members, facts.rulings, at)
        if vector is not None and (held := self._folded.get((vector, verdict.withheld))):
            self._folded.move_to_end((vector, verdict.withheld))
            return held
        whole = await self.whole(facts.members, rulings=facts.rulings, at=at)
        by_label = marks_of(verdict.withheld).only_labels
        if not today and by_label and verdict.withheld.isdisjoint(whole.labels):
            return Folded(whole=whole, allowed=whole, withheld=0)  # without a walk over it
        keys = withheld_keys(whole, verdict)
        if today:
            keys |= withheld_keys(await self.whole(today), verdict)
        addresses = withheld_addresses(whole, verdict, keys)
        allowed = whole
        if addresses:
            statements, rulings = await self._said(facts.members, at)
            told = told_of(rulings, whole, addresses)
            allowed = await _folded(without(statements, addresses), told)
        withheld = _entries_of(whole, keys)
        folded = Folded(whole=whole, allowed=allowed, withheld=withheld)
        if vector is not None:
            self._remember((vector, verdict.withheld), folded)
        return folded

    def _remember(self, key: tuple[Vector, frozenset[str]], folded: Folded) -> None:
        if key not in self._folded:
            self._held += folded.whole.statements + 1
        self._folded[key] = folded
        while self._held > _MOST and len(self._folded) > 1:
            _, old = self._folded.popitem(last=False)
            self._held -= old.whole.statements + 1

    async def _said(
        self, members: Sequence[Member], at: datetime | None
    ) -> tuple[Sequence[Statement], Sequence[Ruling]]:
        seen = {member.patient: member.t for member in members}
        return await asyncio.gather(
            self._store.statements(seen), self._store.rulings(list(seen), at=at)
        )


def _vector(members: Sequence[Member], rulings: int | None, at: datetime | None) -> Vector | None:
    if rulings is None or at is not None:
        return None
    return (tuple(sorted((member.patient, member.t) for member in members)), rulings)


def _entries_of(record: Record, keys: frozenset[StatementKey]) -> int:
    """How many entries are said by any of these statements."""
    if not keys:
        return 0
    return sum(any(said.id_key in keys for said in entry.said_by) for entry in record.entries)


async def _folded(statements: Sequence[Statement], rulings: Sequence[Ruling]) -> Record:
    if len(statements) > _LARGE:
        return await asyncio.to_thread(fold, statements, rulings)
    return fold(statements, rulings)
