"""Who is who: events, and the present state they lead to."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from wholerecord.errors import NotFound
from wholerecord.intake import Merge, Unmerge
from wholerecord.people import (
    Act,
    Candidate,
    Decide,
    Demographics,
    LinkEvent,
    Member,
    Part,
)
from wholerecord.people.blocking import CROWD, keys, linking_keys
from wholerecord.people.bridge import bridge
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import (
    MOVES,
    before,
    bridged,
    brought_by,
    look_again,
    meanwhile,
    merged_through,
    needs_second,
    new_person,
    settle,
    undoable,
)
from wholerecord.storage.memory.questions import Questions
from wholerecord.storage.memory.rulings import Rulings
from wholerecord.storage.memory.tables import now
from wholerecord.storage.merging import Merging
from wholerecord.storage.text import storable


class Register(Questions):
    """See `people.Register`."""

    async def link_waiting(
        self, decide: Decide, *, limit: int = 256, model: str = ""
    ) -> Sequence[LinkEvent]:
        """See `people.Register.link_waiting`."""
        tables = self._tables
        while tables.to_link or tables.to_merge or tables.to_bridge:
            first = len(tables.events)
            mine, tables.to_link = tables.to_link[:limit], tables.to_link[limit:]
            for patient in mine:
                self._link(patient, decide, model)
            if not tables.to_link:
                merges, tables.to_merge = tables.to_merge, []
                self._merged(merges, model)
            if not tables.to_link and not tables.to_merge:
                certain, tables.to_bridge = tables.to_bridge, []
                for patient, other in certain:
                    self._bridge(patient, other, model)
            if len(tables.events) > first:
                return tables.events[first:]
        return []

    def _link(self, patient: PatientId, decide: Decide, model: str) -> None:
        tables = self._tables
        said = tables.patients[patient].demographics or Demographics()
        apart = {person for who, person in tables.apart if who == patient}
        person = tables.person.get(patient)
        candidates = self._candidates(patient, said, person)
        if person is not None:
            self.ask_people(
                look_again(patient, said, person, candidates, apart=apart, decide=decide)
            )
            return
        settled = settle(patient, said, candidates, apart=apart, decide=decide)
        decision = settled.decision
        event = self._event(Act.LINK, patient, settled.person, "rules", decision.why)
        self._move(replace(event, weight=decision.weight, parts=decision.parts, model=model))
        self.ask_people(settled.asked)
        tables.to_bridge += [(patient, other) for other in settled.also]

    def _bridge(self, patient: PatientId, other: PatientId, model: str) -> None:
        """Make one person of two, where the rules may."""
        tables = self._tables
        two = {tables.person[patient], tables.person[other]}
        members = [
            Candidate(
                patient=each,
                person=person,
                demographics=tables.patients[each].demographics or Demographics(),
            )
            for each, person in tables.person.items()
            if person in two
        ]
        rules = (each.person for each in tables.rules if each.n not in tables.ended)
        own = {*rules, *tables.choices, *tables.watched}
        found = bridge(patient, other, members, apart=tables.apart, own=two & own)
        if found is None:
            return
        for event in bridged(found, model):
            self._move(replace(event, n=len(tables.events) + 1, at=now()))
        tables.apart |= {(who, found.person) for who, of in tables.apart if of == found.left}
        self.carry(found.left, found.person)

    def _candidates(
        self, patient: PatientId, said: Demographics, person: PersonId | None
    ) -> list[Candidate]:
        """Everybody of every person of whom somebody shares a key, and of their own, by id.

        Of the whole person: somebody who shares no key may be why they cannot be that person.
        """
        wanted = set(linking_keys(said))
        everybody = [
            Candidate(patient=other, person=theirs, demographics=demographics)
            for other, theirs in sorted(self._tables.person.items())
            if other != patient
            for demographics in [self._tables.patients[other].demographics or Demographics()]
        ]
        shared = Counter(key for each in everybody for key in wanted & {*keys(each.demographics)})
        telling = {key for key, sharing in shared.items() if sharing <= CROWD}
        people = {
            each.person for each in everybody if not telling.isdisjoint(keys(each.demographics))
        }
        return [each for each in everybody if each.person in people or each.person == person]

    def _merged(self, merges: Sequence[Merge | Unmerge], model: str) -> None:
        """What sources said of merges, carried out."""
        tables = self._tables
        own: dict[PatientId, list[LinkEvent]] = {}
        for event in tables.events:
            own.setdefault(event.patient, []).append(event)
        merging = Merging(said=tables.merged, now=tables.person, apart=tables.apart, own=own)
        for merge in merges:
            for moved in merging.carry_out(tables.merged.heard(merge, now())):
                at = now()
                event = replace(moved, n=len(tables.events) + 1, model=model, at=at)
                if event.act is Act.UNMERGE:
                    self._part(event)
                else:
                    self._move(event)
                own.setdefault(event.patient, []).append(event)
                if event.act is Act.MERGE:
                    self._look_again_at(event.was)
            self.ask_people(merging.asked)
            merging.asked.clear()

    def _look_again_at(self, left: PersonId | None) -> None:
        tables = self._tables
        for other, of in sorted(tables.person.items()):
            if of == left and other not in tables.to_link:
                tables.to_link.append(other)

    def _event(
        self, act: Act, patient: PatientId, person: PersonId, by: str, why: str
    ) -> LinkEvent:
        parts: tuple[Part, ...] = ()
        return LinkEvent(
            n=len(self._tables.events) + 1,
            act=act,
            patient=patient,
            person=person,
            was=self._tables.person.get(patient),
            weight=0.0,
            parts=parts,
            by=storable(by),
            why=storable(why),
            model="",
            at=now(),
        )

    def _move(self, event: LinkEvent) -> LinkEvent:
        self._tables.events.append(event)
        if event.act in MOVES:
            self._tables.person[event.patient] = event.person
        return event

    async def join(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.join`."""
        self._tables.known(patient)
        self._known_person(person)
        self._tables.apart.discard((patient, person))
        self.answered(patient, person)
        return self._move(self._event(Act.JOIN, patient, person, by, why))

    async def unlink(self, patient: PatientId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.unlink`."""
        tables = self._tables
        self._tables.known(patient)
        left = tables.person.get(patient)
        if left is None:
            raise NotFound("That patient is not linked to anybody.")
        own = self._own(patient)
        if needs_second(own, by=storable(by), restricted=self._restricted(left)):
            return self._move(self._event(Act.PROPOSE, patient, left, by, why))
        target = before(own)
        if target is None:
            alone = list(tables.person.values()).count(left) == 1
            target = left if alone else new_person()
        if target != left:
            tables.apart.add((patient, left))
        self.answered(patient, left)
        return self._part(self._event(Act.UNLINK, patient, target, by, why))

    def _restricted(self, person: PersonId) -> bool:
        return any(each.demographics.restricted for each in self.members_now(person))

    def _own(self, patient: PatientId) -> list[LinkEvent]:
        return [event for event in self._tables.events if event.patient == patient]

    def _part(self, event: LinkEvent) -> LinkEvent:
        """Move a patient out, and ask about what was filed and merged while they were in."""
        tables = self._tables
        brought = brought_by(self._own(event.patient))
        self._move(event)
        if brought is None or brought.act is not Act.MERGE or event.person == event.was:
            return event
        source = tables.patients[event.patient].key.source
        stay = [each for each, of in tables.person.items() if of == event.was]
        for kept in sorted(stay):
            known = tables.patients[kept]
            filings = sum(filed > brought.at for filed in known.filed)
            if filings and known.key.source == source:
                self.ask_people([meanwhile(kept, event.person, filings)])
        theirs = [each for each in tables.events if each.person == event.was]
        self.ask_people(merged_through(theirs, brought, stay))
        return event

    async def unsure(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.unsure`."""
        self._tables.known(patient)
        self._known_person(person)
        return self._move(self._event(Act.UNSURE, patient, person, by, why))

    async def take_back(self, n: int, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.take_back`."""
        tables = self._tables
        if not 1 <= n <= len(tables.events):
            raise NotFound("There is no such decision.")
        patient = tables.events[n - 1].patient
        own = self._own(patient)
        said = undoable(own, n)
        if said.act is Act.VETO:
            tables.apart.discard((patient, said.person))
            self.reopen(patient, said.person)
            return self._move(self._event(Act.RETRACT, patient, said.person, by, why))
        if needs_second(own, by=storable(by), restricted=self._restricted(said.person)):
            return self._move(self._event(Act.PROPOSE, patient, said.person, by, why))
        self.reopen(patient, said.person)
        return self._part(self._event(Act.UNLINK, patient, said.was or new_person(), by, why))

    async def veto(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """See `people.Register.veto`."""
        self._tables.known(patient)
        self._known_person(person)
        self._tables.apart.add((patient, person))
        self.answered(patient, person)
        return self._move(self._event(Act.VETO, patient, person, by, why))

    def _known_person(self, person: PersonId) -> None:
        if all(event.person != person for event in self._tables.events):
            raise NotFound("There is nobody with that id.")

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
