"""The room where single statements are read, as their sources said them.

To whoever may not open a person's record, to whom a statement is withheld, and of an id that nobody
has, the answer is the same: there is nothing. Each is an opening.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.access.decide import decide
from wholerecord.access.narrow import narrow
from wholerecord.access.opening import Facts, Verdict
from wholerecord.access.room import Room
from wholerecord.access.whereabouts import is_restricted
from wholerecord.access.withhold import address, all_said
from wholerecord.consent import Purpose, View
from wholerecord.record import LogicalId, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A version that may be seen. `unplaced`: nobody may be told where the person lives."""

    version: Version
    unplaced: bool = False


class SaidRoom(Room):
    """The room where statements are read one by one."""

    async def said(self, kind: str, id: LogicalId, *, purpose: Purpose) -> Shown | None:
        """The newest version, or None: nobody said it, or not to this actor."""
        [version] = await self._store.newest([(kind, id)])
        [shown] = await self._shown([version], f"{kind}/{id.text}", purpose)
        return shown

    async def history(self, kind: str, id: LogicalId, *, purpose: Purpose) -> tuple[Shown, ...]:
        """Every version that may be seen, oldest first."""
        versions = await self._store.versions(kind, id)
        part = f"{kind}/{id.text}/_history"
        shown = await self._shown(versions or [None], part, purpose)
        return tuple(one for one in shown if one is not None)

    async def _shown(
        self, versions: Sequence[Version | None], part: str, purpose: Purpose
    ) -> list[Shown | None]:
        """Each version of one resource as it may be seen. One opening."""
        first = versions[0]
        shared = first is not None and first.shared
        person = first.person if first is not None else None
        view = View.FIND if shared else View.RECORD
        ask = self._asking(person, purpose, view, part=part)
        _, facts, verdict = await self._store.open(ask, decide)
        if not verdict.allowed:
            return [None] * len(versions)
        if shared:
            return [Shown(version=one) if one else None for one in versions]
        restricted, seen = await self._seen(facts, verdict)
        return [
            Shown(version=one, unplaced=restricted) if one and _is_seen(one, seen) else None
            for one in versions
        ]

    async def _seen(
        self, facts: Facts, verdict: Verdict
    ) -> tuple[bool, frozenset[tuple[int, int, int]] | None]:
        """Whether nobody is told where they live, and which versions are shown; None: all."""
        folded = await self._way.folds.allowed(facts, verdict, at=None, today=())
        restricted = is_restricted(facts.members, folded.whole)
        if folded.allowed is folded.whole and not verdict.kinds:
            return restricted, None
        shown, _ = narrow(folded.allowed, verdict, restricted=restricted)
        return restricted, frozenset(address(one) for one in all_said(shown))


def _is_seen(one: Version, seen: frozenset[tuple[int, int, int]] | None) -> bool:
    said = one.statement
    return seen is None or (said.patient, said.t, said.n) in seen
