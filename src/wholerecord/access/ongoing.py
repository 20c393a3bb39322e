"""Folds that can go on: of the people folded last, so that a new message costs what it touches."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wholerecord.fold import Onward, Ruling
from wholerecord.fold.policy import Policy
from wholerecord.people import Member
from wholerecord.record import PatientId, Statement

#: Whose fold it is: their patients, and what is withheld of them.
Whose = tuple[tuple[PatientId, ...], frozenset[str]]

#: Larger folds run in a thread, so that other requests are not kept waiting behind one.
LARGE = 500


@dataclass(slots=True, kw_only=True)
class Going:
    """A fold of what each patient's sources said up to `seen`.

    `rulings` is the number of the rulings' changes then.
    """

    onward: Onward
    seen: Mapping[PatientId, int]
    rulings: int

    def by(self, policy: Policy) -> bool:
        """Whether it is folded by this policy."""
        return self.onward.policy.digest == policy.digest


class Ongoing:
    """The folds that went on last, up to `statements` in all. Dropping any is always safe.

    Whoever makes one go on takes it out and puts it back, so that no two do so at once. A statement
    held so takes some four kilobytes, a folded one half of that: so there are fewer of these.
    """

    def __init__(self, statements: int = 60_000) -> None:
        self._most = statements
        self._held = 0
        self._going: OrderedDict[Whose, Going] = OrderedDict()

    def look(self, whose: Whose) -> Going | None:
        """The fold of exactly these, which stays."""
        return self._going.get(whose)

    def take(self, whose: Whose) -> Going | None:
        """The fold of exactly these, which whoever takes it puts back."""
        going = self._going.pop(whose, None)
        if going is not None:
            self._held -= _size(going)
        return going

    def put(self, whose: Whose, going: Going) -> None:
        """Keep `going`, letting go of those used longest ago; one too large is not kept."""
        self.take(whose)
        if _size(going) > self._most:
            return
        self._going[whose] = going
        self._held += _size(going)
        while self._held > self._most:
            _, old = self._going.popitem(last=False)
            self._held -= _size(old)


def _size(going: Going) -> int:
    return len(going.onward.statements) + 1


def whose_fold(members: Sequence[Member], withheld: frozenset[str] = frozenset()) -> Whose:
    """Whose fold it is: the members' patients, without what is withheld."""
    return (tuple(sorted(member.patient for member in members)), withheld)


def added(
    onward: Onward, statements: Sequence[Statement], rulings: tuple[Ruling, ...]
) -> list[Statement] | None:
    """The statements it has not; None where it has others too, or was ruled otherwise."""
    if onward.rulings != rulings:
        return None
    has = {(one.patient, one.t, one.n) for one in onward.statements}
    new = [one for one in statements if (one.patient, one.t, one.n) not in has]
    return new if len(has) + len(new) == len(statements) else None


async def further(onward: Onward, new: Sequence[Statement]) -> Onward:
    """`onward`, gone on; in a thread where that takes long."""
    if onward.ready and len(new) < LARGE:
        onward.further(new)
    else:
        await asyncio.to_thread(onward.further, new)
    return onward


async def begin(
    statements: Sequence[Statement], rulings: Sequence[Ruling], policy: Policy
) -> Onward:
    """A fold that can go on; made in a thread where that takes long."""
    if len(statements) > LARGE:
        return await asyncio.to_thread(Onward, statements, rulings, policy)
    return Onward(statements, rulings, policy)
