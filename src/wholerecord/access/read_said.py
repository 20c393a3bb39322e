"""The room where single statements are read, as their sources said them.

To whoever may not open a person's record, to whom a statement is withheld, and of an id that nobody
has, the answer is the same: there is nothing. Each is an opening.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from wholerecord.access.decide import decide, decide_as_of
from wholerecord.access.grouping import GroupRoom
from wholerecord.access.opening import Facts, Refused, Verdict
from wholerecord.access.room import NOBODY
from wholerecord.access.withhold import Address
from wholerecord.consent import Purpose, View
from wholerecord.people import Member
from wholerecord.record import LogicalId, PatientId, PatientKey, PersonId, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A version that may be seen. `unplaced`: nobody may be told where the person lives."""

    version: Version
    unplaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOf:
    """What may be seen of what was said of somebody, and the moment of the opening.

    `seen` are the addresses of those of `versions` that may be seen; None: all may. `of` is what
    says all of that, so that what may be seen is the same whenever that is: each patient's `t`.
    """

    versions: Sequence[Version]
    unplaced: bool
    seen: frozenset[Address] | None
    at: datetime
    of: tuple[tuple[PatientId, int], ...]

    @property
    def key(self) -> Hashable:
        """What `shown` is made of: the same where this is the same."""
        return self.of, self.unplaced, self.seen

    @property
    def shown(self) -> tuple[Shown, ...]:
        """What may be seen, but what was taken back: made anew each time it is asked for."""
        return tuple(
            Shown(version=one, unplaced=self.unplaced)
            for one in self.versions
            if not one.gone and is_seen(one, self.seen)
        )


class SaidRoom(GroupRoom):
    """The room where statements are read one by one."""

    async def said(self, kind: str, id: LogicalId, *, purpose: Purpose) -> Shown | None:
        """The newest version, or None: nobody said it, or not to this actor. One opening.

        What was read before is asked for once the door is, and only where it may be another now.
        """
        part = f"{kind}/{id.text}"
        before = self._way.before.of(kind, id)
        if before is None:
            version = await self._read(kind, id)
            [shown] = await self._shown(id, [version], part, purpose)
            return shown
        ask = self._asking(before.person, purpose, View.RECORD, part=part)
        _, facts, verdict = await self._store.open(ask, decide)
        [t] = [one.t for one in facts.members if one.patient == id.patient] or [-1]
        if before.t == t and verdict.allowed:
            [shown] = await self._as_seen([before.version], facts, verdict)
            if shown is not None:
                return shown
            # What may not be seen is asked for as what nobody ever said is, and takes as long.
            await self._store.person_of(id.patient)
        version = await self._read(kind, id)
        if version is None or version.person != before.person or version.statement.t > t:
            # somebody else's, or newer still
            [shown] = await self._shown(id, [version], part, purpose)
        elif verdict.allowed:
            [shown] = await self._as_seen([version], facts, verdict)
        else:
            shown = None
        return shown

    async def _read(self, kind: str, id: LogicalId) -> Version | None:
        """The newest version, remembered."""
        [(version, t)] = await self._store.newest_as_of([(kind, id)])
        if version is not None:
            self._way.before.remember(kind, version, t)
        return version

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
        return (await self._said_of(person, purpose, at))[0]

    async def _said_of(
        self, person: PersonId | None, purpose: Purpose, at: datetime | None
    ) -> tuple[SaidOf | Refused, frozenset[PatientId]]:
        """The same, with the patients who are that person."""
        today: Sequence[Member] | None = None
        if at is not None and person is not None:
            today = tuple(await self._store.members(person))
        ask = self._asking(person, purpose, View.RECORD, part="search", at=at)
        opening, facts, verdict = await self._store.open(ask, decide_as_of(today))
        if not verdict.allowed or not facts.members:
            refused = Refused(
                reason=NOBODY if verdict.allowed else verdict.reason,
                opening=opening,
                may_break_glass=verdict.may_break_glass,
            )
            return refused, frozenset(one.patient for one in facts.members)
        restricted, seen = await self._seen(facts, verdict, at=at, today=today or ())
        of = {one.patient: one.t for one in facts.members}
        said = SaidOf(
            versions=await self._way.newest.of(of),
            unplaced=restricted,
            seen=seen,
            at=opening.at,
            of=tuple(sorted(of.items())),
        )
        return said, frozenset(of)

    async def shared_said(
        self, asked: Sequence[tuple[str, LogicalId]], *, purpose: Purpose
    ) -> tuple[Shown, ...]:
        """Of these, what is about no patient: wards, staff, organisations. One opening."""
        found = [one for one in await self._store.newest(asked) if one and one.shared]
        if await self._may(self._asking(None, purpose, View.FIND, part="search")):
            return ()
        shown = [one for one in found if not one.gone and await self._is_everybodys(one, purpose)]
        return tuple(Shown(version=one) for one in shown)

    async def directory(
        self, kinds: frozenset[str], part: str, *, purpose: Purpose
    ) -> tuple[Shown, ...] | Refused:
        """The newest of all that is about no patient and of these kinds, whoever said it.

        Refused to whoever may not look anybody up. One opening.
        """
        refused = await self._may(self._asking(None, purpose, View.FIND, part=part))
        if refused is not None:
            return refused
        theirs = [PatientKey(source.name, "").id for source in await self._store.sources()]
        found = await self._store.current(theirs)
        return tuple(Shown(version=one) for one in found if one.statement.kind in kinds)

    async def said_about(
        self, kind: str, logical: LogicalId | None, *, purpose: Purpose, at: datetime | None = None
    ) -> SaidOf | Refused:
        """The same of whoever that resource is about; of an id that nothing has, of nobody."""
        if logical is None:
            return await self.said_of(None, purpose=purpose, at=at)
        before = self._way.before.of(kind, logical) if kind == "Patient" and at is None else None
        if before is not None:
            said, patients = await self._said_of(before.person, purpose, at)
            if logical.patient in patients:
                return said
        version = await self._read(kind, logical)  # not read before, or moved to somebody else
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
        return await self._as_seen(versions, facts, verdict)

    async def _as_seen(
        self, versions: Sequence[Version | None], facts: Facts, verdict: Verdict
    ) -> list[Shown | None]:
        """Each version of somebody's as it may be seen by an opening that allowed it."""
        restricted, seen = await self._seen(facts, verdict)
        return [
            Shown(version=one, unplaced=restricted) if one and is_seen(one, seen) else None
            for one in versions
        ]


def is_seen(one: Version, seen: frozenset[Address] | None) -> bool:
    """Whether a version is among those that may be seen; None: all may."""
    said = one.statement
    return seen is None or (said.patient, said.t, said.n) in seen
