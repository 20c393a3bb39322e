"""The desk: the work about messages and identity, for those whose work it is."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from wholerecord.access.decide import decide
from wholerecord.access.deed import Deed, Join, Unlink, Veto
from wholerecord.access.nightly import Checked, last_checked
from wholerecord.access.opening import Refused
from wholerecord.access.room import Room
from wholerecord.access.whereabouts import without_whereabouts
from wholerecord.consent import Purpose, View
from wholerecord.intake import Feed, Parked
from wholerecord.intake.board import BoardLine, board
from wholerecord.intake.parked import Unlinked
from wholerecord.intake.rhythm import LEARN
from wholerecord.people import LinkEvent, Member, Review
from wholerecord.record import PatientId, PersonId

#: Parked items looked through for one page.
_MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The work about messages and identity; of what is parked, the oldest and how many in all."""

    feeds: tuple[Feed, ...]
    board: tuple[BoardLine, ...]
    parked: tuple[Parked, ...]
    parked_total: int
    unlinked: tuple[Unlinked, ...]
    reviews: tuple[tuple[Review, tuple[Member, ...], tuple[Member, ...]], ...]
    checked: Checked | None


class DeskRoom(Room):
    """The room of governance. Every act and its opening are one commit."""

    async def desk(self) -> Desk | Refused:
        """Feeds, parked items, who is nobody yet, and possible matches; or why not."""
        refused = await self._may(self._asking(None, Purpose.SAFETY_REVIEW, View.DESK))
        if refused:
            return refused
        now = datetime.now(UTC)
        feeds, parked, counts, reviews, unlinked, hours = await asyncio.gather(
            self._store.feeds(),
            self._store.parked(limit=_MOST),
            self._store.parked_counts(),
            self._store.reviews(),
            self._store.unlinked(),
            self._store.hours(since=now - LEARN),
        )
        people = list({p for r in reviews for p in (r.person, r.patient_person)})
        looked = await asyncio.gather(*(self._match(person) for person in people))
        members = dict(zip(people, looked, strict=True))
        return Desk(
            feeds=tuple(feeds),
            board=board(feeds, hours, counts, now),
            parked=tuple(parked),
            parked_total=sum(count.items for count in counts),
            unlinked=tuple(unlinked),
            reviews=tuple((r, members[r.patient_person], members[r.person]) for r in reviews),
            checked=await last_checked(self._store),
        )

    async def _match(self, person: PersonId) -> tuple[Member, ...]:
        """Who somebody in a possible match is: a look at them, which they can see was made."""
        ask = self._asking(person, Purpose.SAFETY_REVIEW, View.FIND, part="possible match")
        _, facts, verdict = await self._store.open(ask, decide)
        return without_whereabouts(facts.members) if verdict.allowed else ()

    async def join(self, patient: PatientId, person: PersonId, *, why: str) -> LinkEvent | Refused:
        """Decide that a patient is this person. Undone by `unlink`."""
        deed = Join(patient=patient, person=person, why=why)
        return await self._identify(person, f"join {patient}", deed)

    async def unlink(self, patient: PatientId, *, why: str) -> LinkEvent | Refused:
        """Take a patient out of the person they were joined to."""
        person = await self._store.person_of(patient)
        return await self._identify(person, f"unlink {patient}", Unlink(patient=patient, why=why))

    async def veto(self, patient: PatientId, person: PersonId, *, why: str) -> LinkEvent | Refused:
        """Decide that a patient is not this person."""
        deed = Veto(patient=patient, person=person, why=why)
        return await self._identify(person, f"veto {patient}", deed)

    async def _identify(
        self, person: PersonId | None, part: str, deed: Deed
    ) -> LinkEvent | Refused:
        """Joining and unlinking is for those whose work it is, and is an opening of the person."""
        ask = self._asking(person, Purpose.SAFETY_REVIEW, View.RULING, part=part)
        done = await self._store.act(ask, decide, deed)
        if isinstance(done.outcome, LinkEvent):
            return done.outcome
        return Refused(reason=done.verdict.reason, opening=done.opening)
