"""Records folded for those who look: whole, and as if what is withheld had never been said."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wholerecord.access.cache import RecordCache, Vector
from wholerecord.access.marks import marks_of
from wholerecord.access.ongoing import LARGE, Going, Ongoing, added, begin, further, whose_fold
from wholerecord.access.opening import Facts, Verdict
from wholerecord.access.store import Store
from wholerecord.access.withhold import (
    Address,
    StatementKey,
    told_of,
    withheld_addresses,
    withheld_keys,
    without,
)
from wholerecord.consent.indication import INDICATED, silent
from wholerecord.fold import Record, Ruling, fold
from wholerecord.fold.policy import Policy
from wholerecord.people import Member
from wholerecord.record import Statement

#: Statements of records remembered as they may be seen, in all. Most share the whole one.
_MOST = 500_000

_Said = tuple[Sequence[Statement], Sequence[Ruling]]
#: What a fold is of, what is withheld, and what of that the person hides.
_Key = tuple[Vector, frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """`whole` never leaves the door. `allowed` is what was folded of all but the withheld.

    `withheld` is how many entries of the whole that left out and that may be indicated.
    """

    whole: Record
    allowed: Record
    withheld: int


class Folds:
    """The folds of one process, remembered while what they were folded from is unchanged."""

    def __init__(self, store: Store, indicated: Mapping[str, bool] = INDICATED) -> None:
        self._store = store
        self._indicated = indicated
        self.forget()

    def forget(self) -> None:
        """Forget every fold: each is made again when next asked for."""
        self._records = RecordCache()
        self._folded: OrderedDict[_Key, Folded] = OrderedDict()
        self._held = 0
        self._ongoing = Ongoing()

    async def whole(
        self,
        members: Sequence[Member],
        *,
        rulings: int | None = None,
        policy: Policy | None = None,
        at: datetime | None = None,
    ) -> Record:
        """The fold of exactly these patients at exactly these `t`, by the policy in force or this.

        Remembered where `rulings`, the number of the rulings' changes, is known.
        """
        policy = policy or await self._store.policy(at=at)
        vector = _vector(members, rulings, policy, at)
        if vector is not None and (held := self._records.get(vector)) is not None:
            return held
        if vector is None or rulings is None:
            return await _folded(*await self._said(members, at), policy)
        record = await self._gone_on(members, rulings, policy)
        self._records.put(vector, record)
        return record

    async def _gone_on(self, members: Sequence[Member], rulings: int, policy: Policy) -> Record:
        """The fold of the last time with what was said since; all folded anew where that is not it.

        A part of the sources' words that count otherwise since, a ruling or a policy, is another
        fold.
        """
        whose, seen = whose_fold(members), {member.patient: member.t for member in members}
        going = self._ongoing.take(whose)
        if going is not None and going.rulings == rulings and going.by(policy):
            new = await self._store.since(going.seen, seen)
            if new is not None:
                onward = await further(going.onward, new)
                self._ongoing.put(whose, Going(onward=onward, seen=seen, rulings=rulings))
                return onward.record
        statements, ruled = await self._said(members, None)
        if any(one.replaced for one in statements):
            return await _folded(statements, ruled, policy)
        onward = await begin(statements, ruled, policy)
        self._ongoing.put(whose, Going(onward=onward, seen=seen, rulings=rulings))
        return onward.record

    async def allowed(
        self, facts: Facts, verdict: Verdict, *, at: datetime | None, today: Sequence[Member]
    ) -> Folded:
        """The record without what the verdict withholds.

        `today` are who the person's patients are now, for a look at the past: what was sealed since
        is sealed in the past too.
        """
        vector = _vector(facts.members, facts.rulings, facts.policy, at)
        key = None if vector is None else (vector, verdict.withheld, verdict.own)
        if key is not None and (held := self._folded.get(key)):
            self._folded.move_to_end(key)
            return held
        whole = await self.whole(facts.members, rulings=facts.rulings, policy=facts.policy, at=at)
        by_label = marks_of(verdict.withheld).only_labels
        if not today and by_label and verdict.withheld.isdisjoint(whole.labels):
            return Folded(whole=whole, allowed=whole, withheld=0)  # without a walk over it
        unsaid = replace(verdict, withheld=silent(verdict.withheld, verdict.own, self._indicated))
        keys, no_sign = withheld_keys(whole, verdict), withheld_keys(whole, unsaid)
        if today:
            now = await self.whole(today)
            keys |= withheld_keys(now, verdict)
            no_sign |= withheld_keys(now, unsaid)
        addresses = withheld_addresses(whole, verdict, keys)
        allowed = whole
        if addresses:
            allowed = await self._without(facts, verdict, whole, addresses, at)
        withheld = _entries_of(whole, keys, no_sign)
        folded = Folded(whole=whole, allowed=allowed, withheld=withheld)
        if key is not None:
            self._remember(key, folded)
        return folded

    async def _without(
        self,
        facts: Facts,
        verdict: Verdict,
        whole: Record,
        addresses: frozenset[Address],
        at: datetime | None,
    ) -> Record:
        """The fold of what is not at these addresses, under the rulings that name none of that."""
        seen = {member.patient: member.t for member in facts.members}
        known = self._ongoing.look(whose_fold(facts.members)) if at is None else None
        same = known is not None and (known.rulings, known.seen) == (facts.rulings, seen)
        if known is not None and same and known.by(facts.policy):
            said: _Said = (known.onward.statements, known.onward.rulings)
        else:
            said = await self._said(facts.members, at)
        statements = without(said[0], addresses)
        told = tuple(told_of(said[1], whole, addresses))
        if at is not None or any(one.replaced for one in statements):
            return await _folded(statements, told, facts.policy)
        whose = whose_fold(facts.members, verdict.withheld)
        going = self._ongoing.take(whose)
        new = added(going.onward, statements, told) if going and going.by(facts.policy) else None
        if going is not None and new is not None:
            onward = await further(going.onward, new)
        else:
            onward = await begin(statements, told, facts.policy)
        self._ongoing.put(whose, Going(onward=onward, seen=seen, rulings=facts.rulings))
        return onward.record

    def _remember(self, key: _Key, folded: Folded) -> None:
        if key not in self._folded:
            self._held += folded.whole.statements + 1
        self._folded[key] = folded
        while self._held > _MOST and len(self._folded) > 1:
            _, old = self._folded.popitem(last=False)
            self._held -= old.whole.statements + 1

    async def _said(self, members: Sequence[Member], at: datetime | None) -> _Said:
        seen = {member.patient: member.t for member in members}
        return await asyncio.gather(
            self._store.statements(seen), self._store.rulings(list(seen), at=at)
        )


def _vector(
    members: Sequence[Member], rulings: int | None, policy: Policy, at: datetime | None
) -> Vector | None:
    if rulings is None or at is not None:
        return None
    at_t = tuple(sorted((member.patient, member.t) for member in members))
    return (at_t, rulings, policy.digest)


def _entries_of(
    record: Record, keys: frozenset[StatementKey], no_sign: frozenset[StatementKey]
) -> int:
    """How many entries are said by any of these statements, and none of those of no sign."""
    if not keys:
        return 0
    said_by = ([said.id_key for said in entry.said_by] for entry in record.entries)
    return sum(not keys.isdisjoint(said) and no_sign.isdisjoint(said) for said in said_by)


async def _folded(
    statements: Sequence[Statement], rulings: Sequence[Ruling], policy: Policy
) -> Record:
    if len(statements) > LARGE:
        return await asyncio.to_thread(fold, statements, rulings, policy)
    return fold(statements, rulings, policy)
