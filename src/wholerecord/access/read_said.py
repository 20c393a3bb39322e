"""The room where single statements are read, as their sources said them.

To whoever may not open a person's record, to whom a statement is withheld, and of an id that nobody
has, the answer is the same: there is nothing. Each is an opening.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wholerecord.access.decide import decide, decide_as_of
from wholerecord.access.grouping import GroupRoom
from wholerecord.access.opening import Refused
from wholerecord.access.room import NOBODY
from wholerecord.consent import Purpose, View
from wholerecord.people import Member
from wholerecord.record import LogicalId, PatientId, PersonId, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A version that may be seen. `unplaced`: nobody may be told where the person lives."""

    version: Version
    unplaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOf:
    """What may be seen of what was said of somebody, and the moment of the opening.

    `whole` is what it was read from where nothing of that is withheld, so that it is the same
    whenever that is: each patient's `t`, and whether nobody is told where they live.
    """

    shown: tuple[Shown, ...]
    at: datetime
    whole: tuple[bool, tuple[tuple[PatientId, int], ...]] | None = None


class SaidRoom(GroupRoom):
    """The room where statements are read one by one."""

    async def said(self, kind: str, id: LogicalId, *, purpose: Purpose) -> Shown | None:
        """The newest version, or None: nobody said it, or not to this actor."""
        [version] = await self._store.newest([(kind, id)])
        [shown] = await self._shown(id, [version], f"{kind}/{id.text}", purpose)
        return shown

    async def history(self, kind: str, id: LogicalId, *, purpose: Purpose) -> tuple[Shown, ...]:
        """Every version that may be seen, oldest first."""
        versions = await self._store.versions(kind, id)
        part = f"{kind}/{id.text}/_history"
        shown = await self._shown(id, versions or [None], part, purpose)
        return tuple(one for one in shown if one is not None)

    async def said_of(
        self, person: PersonId | None, *, purpose: Purpose, at: datetime | None = None
    ) -> SaidOf | Refused:
        """The newest version of everything said of a person that may be seen (as known at `at`).

        Without what was taken back. One opening; nobody's id is refused like any other.
        """
        today: Sequence[Member] | None = None
        if at is not None and person is not None:
            today = tuple(await self._store.members(person))
        ask = self._asking(person, purpose, View.RECORD, part="search", at=at)
        opening, facts, verdict = await self._store.open(ask, decide_as_of(today))
        if not verdict.allowed or not facts.members:
            return Refused(
                reason=NOBODY if verdict.allowed else verdict.reason,
                opening=opening,
                may_break_glass=verdict.may_break_glass,
            )
        restricted, seen = await self._seen(facts, verdict, at=at, today=today or ())
        versions = await self._way.newest.of({one.patient: one.t for one in facts.members})
        shown = tuple(
            Shown(version=one, unplaced=restricted)
            for one in versions
            if not one.gone and is_seen(one, seen)
        )
        vector = tuple(sorted((one.patient, one.t) for one in facts.members))
        whole = (restricted, vector) if seen is None else None
        return SaidOf(shown=shown, at=opening.at, whole=whole)

    async def shared_said(
        self, asked: Sequence[tuple[str, LogicalId]], *, purpose: Purpose
    ) -> tuple[Shown, ...]:
        """Of these, what is about no patient: wards, staff, organisations. One opening."""
        found = [one for one in await self._store.newest(asked) if one and one.shared]
        if await self._may(self._asking(None, purpose, View.FIND, part="search")):
            return ()
        shown = [one for one in found if not one.gone and await self._is_everybodys(one, purpose)]
        return tuple(Shown(version=one) for one in shown)

    async def said_about(
        self, kind: str, logical: LogicalId | None, *, purpose: Purpose, at: datetime | None = None
    ) -> SaidOf | Refused:
        """The same of whoever that resource is about; of an id that nothing has, of nobody."""
        [version] = await self._store.newest([(kind, logical)]) if logical else [None]
        return await self.said_of(version.person if version else None, purpose=purpose, at=at)

    async def _shown(
        self, id: LogicalId, versions: Sequence[Version | None], part: str, purpose: Purpose
    ) -> list[Shown | None]:
        """Each version of one resource as it may be seen. One opening.

        What nobody said of a patient is asked of who they are, as what is hidden is: the same is
        written down, and the same work is done, of both.
        """
        first = versions[0]
        shared = first is not None and first.shared
        person = await self._store.person_of(id.patient) if first is None else first.person
        view = View.FIND if shared else View.RECORD
        ask = self._asking(person, purpose, view, part=part)
        _, facts, verdict = await self._store.open(ask, decide)
        if not verdict.allowed:
            return [None] * len(versions)
        if shared:
            return [
                Shown(version=one) if one and await self._is_everybodys(one, purpose) else None
                for one in versions
            ]
        restricted, seen = await self._seen(facts, verdict)
        return [
            Shown(version=one, unplaced=restricted) if one and is_seen(one, seen) else None
            for one in versions
        ]


def is_seen(one: Version, seen: frozenset[tuple[int, int, int]] | None) -> bool:
    """Whether a version is among those that may be seen; None: all may."""
    said = one.statement
    return seen is None or (said.patient, said.t, said.n) in seen
