"""Deciding who is who: one question at a time, with everything that bears on it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.access.bench import outlined
from wholerecord.access.decide import decide
from wholerecord.access.deed import Deed, TakeBack, Unsure
from wholerecord.access.harm import harm
from wholerecord.access.opening import Opened, Refused
from wholerecord.access.room import Room
from wholerecord.access.whereabouts import is_restricted, without_whereabouts
from wholerecord.consent import Purpose, View
from wholerecord.errors import NotFound
from wholerecord.fold.compare import Difference, differences
from wholerecord.people import Act, LinkEvent, Member, Review
from wholerecord.people.thresholds import BEDSIDE
from wholerecord.record import PatientId, PersonId

#: Questions whose harm is reckoned by folding both records; the others follow by evidence alone.
_RECKONED = 60
#: What a question counts that somebody looked at and could not tell: others first.
_UNSURE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question with what bears on it.

    `newcomer` is the patient asked about, `theirs` the other patients of their present person,
    `members` those of the person they may be (with `against`: the person they may not be).
    `gains` is what the person's record gains with the newcomer in it, `loses` what the newcomer's
    present person loses without them.
    `proposed` is who asked to split a restricted person, "" when nobody did.
    """

    review: Review
    newcomer: Member
    theirs: tuple[Member, ...]
    members: tuple[Member, ...]
    gains: tuple[Difference, ...]
    loses: tuple[Difference, ...]
    restricted: bool
    proposed: str
    place: int
    waiting: int
    next: int | None


class MatchRoom(Room):
    """The room in which people decide who is who."""

    async def queue(self) -> tuple[Review, ...] | Refused:
        """Every open question, the one with most harm times uncertainty first; or why not."""
        ask = self._asking(None, Purpose.SAFETY_REVIEW, View.DESK, part="possible matches")
        if refused := await self._may(ask):
            return refused
        return await self._ordered()

    async def _ordered(self) -> tuple[Review, ...]:
        """The order is reckoned behind the door; nothing of any record leaves by it."""
        reviews = await self._store.reviews()
        urgent: list[tuple[float, int, Review]] = []
        for place, review in enumerate(reviews):
            doubt = 1.0 if review.why or review.against else BEDSIDE.uncertainty(review.weight)
            at_stake = 1.0
            if place < _RECKONED:
                people = {review.person, review.patient_person}
                members = [await self._store.members(person) for person in sorted(people)]
                records = [await self._way.folds.whole(each) for each in members]
                at_stake = harm(*records, joined=review.against)
            urgency = at_stake * max(doubt, 0.05) * (_UNSURE if review.unsure else 1.0)
            urgent.append((-urgency, review.n, review))
        return tuple(review for _, _, review in sorted(urgent, key=lambda one: one[:2]))

    async def case(self, n: int) -> Case | Refused:
        """Question `n` with what deciding it would change; or why not.

        Both persons get an opening of their own.

        Raises:
            NotFound: it is decided already, or never was asked.
        """
        ordered = await self._ordered()
        place = next((place for place, one in enumerate(ordered) if one.n == n), None)
        review = None if place is None else ordered[place]
        people = [review.person, review.patient_person] if review else [None]
        for person in dict.fromkeys(people):
            ask = self._asking(person, Purpose.SAFETY_REVIEW, View.RULING, part="possible match")
            if refused := await self._may(ask):
                return refused
        if review is None or place is None:
            raise NotFound("That question is decided, or was never asked.")
        return await self._case(review, place, ordered)

    async def _case(self, review: Review, place: int, ordered: Sequence[Review]) -> Case:
        theirs, members = await asyncio.gather(
            self._store.members(review.patient_person), self._store.members(review.person)
        )
        [newcomer] = [one for one in theirs if one.patient == review.patient]
        rest = [one for one in theirs if one.patient != review.patient]
        others = [one for one in members if one.patient != review.patient]
        restricted = is_restricted([*theirs, *members])
        events = await self._store.events(review.patient_person)
        following = [one.n for one in ordered[place + 1 :]]
        shown = without_whereabouts([newcomer, *rest, *others])
        return Case(
            review=review,
            newcomer=shown[0],
            theirs=() if review.against else shown[1 : 1 + len(rest)],
            members=shown[1 + len(rest) :],
            gains=await self._differences(others, [*others, newcomer]),
            loses=await self._differences([*rest, newcomer], rest),
            restricted=restricted,
            proposed=_proposed(events, review.patient),
            place=place + 1,
            waiting=len(ordered),
            next=following[0] if following else None,
        )

    async def _differences(
        self, before: Sequence[Member], after: Sequence[Member]
    ) -> tuple[Difference, ...]:
        """What one person's record gains or loses; of what is sensitive, only that it does."""
        old, new = await asyncio.gather(self._way.folds.whole(before), self._way.folds.whole(after))
        return tuple(map(outlined, differences(old, new)))

    async def questions(self, opened: Opened) -> tuple[Review, ...]:
        """What waits to be decided about who the person of a record already opened is.

        Only what is about patients of theirs who may be seen, or about somebody else.
        """
        seen = {member.patient for member in opened.members}
        found = await self._store.reviews_of(opened.person)
        theirs = (one for one in found if one.patient_person == opened.person)
        hidden = {one.n for one in theirs if one.patient not in seen}
        return tuple(one for one in found if one.n not in hidden)

    async def unsure(
        self, patient: PatientId, person: PersonId, *, why: str
    ) -> LinkEvent | Refused:
        """Say that it cannot be told. The question stays, after the others."""
        deed = Unsure(patient=patient, person=person, why=why)
        return await self._settle(person, f"cannot tell {patient}", deed)

    async def take_back(self, person: PersonId, n: int, *, why: str) -> LinkEvent | Refused:
        """Take back a decision about this person that nobody decided on since; it is asked again.

        Raises:
            NotFound: no such decision is about this person.
            Conflict: something was decided since.
        """
        if n not in {event.n for event in await self._store.events(person)}:
            ask = self._asking(person, Purpose.SAFETY_REVIEW, View.RULING, part=f"take back {n}")
            if refused := await self._may(ask):
                return refused
            raise NotFound("There is no such decision about this person.")
        return await self._settle(person, f"take back {n}", TakeBack(n=n, why=why))

    async def _settle(self, person: PersonId, part: str, deed: Deed) -> LinkEvent | Refused:
        ask = self._asking(person, Purpose.SAFETY_REVIEW, View.RULING, part=part)
        done = await self._store.act(ask, decide, deed)
        if isinstance(done.outcome, LinkEvent):
            return done.outcome
        return Refused(reason=done.verdict.reason, opening=done.opening)


def _proposed(events: Sequence[LinkEvent], patient: PatientId) -> str:
    """Who asked to take the patient out and was not answered yet."""
    by = ""
    for event in events:
        if event.patient == patient and event.act is not Act.UNSURE:
            by = event.by if event.act is Act.PROPOSE else ""
    return by
