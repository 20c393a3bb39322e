"""Who is who now, and who was at any moment."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest

from wholerecord.people import (
    Demographics,
    LinkEvent,
    Member,
)
from wholerecord.people.blocking import keys
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import (
    MOVES,
)
from wholerecord.storage.memory.questions import Questions
from wholerecord.storage.memory.rulings import Rulings
from wholerecord.storage.memory.tables import now


class People(Questions):
    """The part of `people.Register` that reads."""

    async def members(self, person: PersonId, *, at: datetime | None = None) -> Sequence[Member]:
        """See `people.Register.members`."""
        return self.members_now(person) if at is None else self.members_at(person, at)

    def members_now(self, person: PersonId) -> list[Member]:
        """The patients who are `person` now, by source and number."""
        there = [who for who, theirs in self._tables.person.items() if theirs == person]
        return sorted((self._tables.member(who) for who in there), key=_by_source)

    def members_at(self, person: PersonId, at: datetime) -> list[Member]:
        """The patients who were `person` at that moment, each with the `t` they had then."""
        then: dict[PatientId, PersonId] = {}
        for event in self._tables.events:
            if event.act in MOVES and event.at <= at:
                then[event.patient] = event.person
        return sorted(
            (
                self._tables.member(who, sum(filed <= at for filed in known.filed))
                for who, theirs in then.items()
                if theirs == person
                for known in [self._tables.patients[who]]
            ),
            key=_by_source,
        )

    async def person_of(self, patient: PatientId) -> PersonId | None:
        """See `people.Register.person_of`."""
        return self._tables.person.get(patient)

    async def people(
        self, *, after: PersonId | None = None, limit: int | None = None
    ) -> Sequence[PersonId]:
        """See `people.Register.people`."""
        every = sorted(set(self._tables.person.values()))
        return [person for person in every if person > (after or "")][:limit]

    async def known_to(self, controller: str, *, after: PersonId, limit: int) -> Sequence[PersonId]:
        """See `people.Register.known_to`."""
        known = {
            person
            for patient, person in self._tables.person.items()
            if self._tables.member(patient).controller == controller
        }
        return sorted(person for person in known if person > after)[:limit]

    async def states(self) -> Mapping[PersonId, str]:
        """See `people.Register.states`."""
        return {person: self._state(person) for person in await self.people()}

    def _state(self, person: PersonId) -> str:
        rulings, moment = Rulings(self._tables), now()
        members = sorted(self.members_now(person), key=lambda member: member.patient)
        patients = (
            f"{one.patient}:{one.t}:{rulings.changes([one.patient], moment)}" for one in members
        )
        own = (
            str(rule.n)
            for rule in self._tables.rules
            if rule.person == person and rule.n not in self._tables.ended
        )
        return f"{' '.join(patients)}/{' '.join(own)}"

    async def holders(
        self, people: Collection[PersonId], *, since: datetime
    ) -> frozenset[PersonId]:
        """See `people.Register.holders`."""
        moves = [event for event in self._tables.events if event.act in MOVES]
        theirs = {each.patient for each in moves if {each.person, each.was} & {*people}}
        found = {*people}
        for patient in theirs:
            held = [event for event in moves if event.patient == patient]
            ends = [event.at for event in held[1:]]
            found |= {
                event.person
                for event, end in zip_longest(held, ends)
                if end is None or end >= since
            }
        return frozenset(found)

    async def events(self, person: PersonId) -> Sequence[LinkEvent]:
        """See `people.Register.events`."""
        return [
            event
            for event in self._tables.events
            if person == event.person or (person == event.was and event.act in MOVES)
        ]

    async def find(self, keys: Sequence[int]) -> Sequence[tuple[PersonId, Member]]:
        """See `people.Register.find`."""
        wanted = set(keys)
        return [
            (person, member)
            for patient, person in sorted(self._tables.person.items())
            for member in [self._tables.member(patient)]
            if not wanted.isdisjoint(_keys(member.demographics))
        ]


def _keys(demographics: Demographics) -> tuple[int, ...]:
    return keys(demographics)


def _by_source(member: Member) -> tuple[str, str]:
    return member.source, member.number
