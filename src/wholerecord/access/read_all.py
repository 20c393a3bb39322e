"""The room where all that was said of a person is read at once, as its sources said it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from wholerecord.access.decide import decide
from wholerecord.access.opening import Refused
from wholerecord.access.read_said import SaidRoom, Shown, is_seen
from wholerecord.access.room import NOBODY
from wholerecord.consent import Purpose, Role, View
from wholerecord.record import PersonId, Version

#: People named at once to whoever reads of many.
_PEOPLE = 100_000


def filed_in(version: Version) -> tuple[datetime, int, int, int]:
    """When a version was filed, and its address: the order all that was said is read in."""
    said = version.statement
    return version.filed, said.patient, said.t, said.n


class AllSaidRoom(SaidRoom):
    """The room where statements are read by person."""

    async def all_said(
        self, person: PersonId, *, purpose: Purpose, part: str, once: bool = False
    ) -> Sequence[Shown] | Refused:
        """The newest version of every resource of a person that may be seen, deletions too.

        In the order they were filed. One opening. What is read is as of the decision, so that
        nothing is shown that was said or sealed since. `once`: of everybody, one after the other.
        """
        ask = self._asking(person, purpose, View.RECORD, part=part)
        opening, facts, verdict = await self._store.open(ask, decide)
        if not verdict.allowed or not facts.members:
            return Refused(
                reason=NOBODY if verdict.allowed else verdict.reason,
                opening=opening,
                may_break_glass=verdict.may_break_glass,
            )
        restricted, seen = await self._seen(facts, verdict)
        versions = await self._way.newest.of(
            {one.patient: one.t for one in facts.members}, once=once
        )
        return [
            Shown(version=one, unplaced=restricted)
            for one in sorted(versions, key=filed_in)
            if is_seen(one, seen)
        ]

    async def rules_now(self, people: Sequence[PersonId], purpose: Purpose) -> frozenset[int]:
        """The numbers of the rules that say now what this actor may see of any of these people.

        What was let out by others is not theirs to have any more. Nothing of any record is read.
        """
        actor, now = self.actor, datetime.now(UTC)
        return frozenset(
            rule.n
            for rule in await self._store.rules_of(people)
            if rule.purpose is purpose
            and (rule.role is None or rule.role is actor.role)
            and (rule.organisation is None or rule.organisation == actor.organisation)
            and (rule.actor is None or rule.actor == actor.id)
            and (rule.since is None or rule.since <= now)
            and (rule.until is None or now < rule.until)
        )

    async def known_people(self, after: PersonId | None = None) -> Sequence[PersonId]:
        """The people of whom this actor may ask to read all, in order after `after`; a page.

        Those whom the sources of their organisation know; of somebody who looks for themselves,
        themselves. Whether each may be read is decided when they are.
        """
        if self.actor.role in {Role.PATIENT, Role.CARER}:
            own = self.actor.person
            return [own] if own is not None and after is None else []
        return await self._store.known_to(
            self.actor.organisation, after=after or PersonId(""), limit=_PEOPLE
        )
