"""Patients linked by rule, and what sources said of merges carried out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from wholerecord.intake import Merge, Unmerge
from wholerecord.people import (
    Act,
    Candidate,
    Decide,
    Demographics,
    LinkEvent,
)
from wholerecord.people.blocking import CROWD, keys, linking_keys
from wholerecord.people.bridge import bridge
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import (
    bridged,
    look_again,
    settle,
)
from wholerecord.storage.memory.moving import Moving
from wholerecord.storage.memory.tables import now
from wholerecord.storage.merging import Merging


class Linking(Moving):
    """The part of `people.Register` that rules do."""

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
