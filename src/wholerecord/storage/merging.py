"""What becomes of merges and unmerges: pure, and the same people whatever order they came in.

Where a patient belongs follows from all that was said, not from the order it came in: with whom
they are retired into, else where they were before their source merged them. What a professional
decided stands: of whoever was joined or taken out by hand counts only what is heard afterwards.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wholerecord.people import Act, Asked, LinkEvent
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import MOVES, before, contested, doubted, new_person
from wholerecord.storage.merged import Merged, Said

_BY_SOURCE = frozenset({Act.MERGE, Act.UNMERGE})
_BY_HAND = frozenset({Act.JOIN, Act.UNLINK})
_ONE = "the source says these two of its patients are one"
_NOT_ONE = "the source says these two of its patients are not one"
_ELSEWHERE = "the source says they are one with another of its patients now"
_THROUGH = "the source says they are one with another of its patients, who moved"
_NAMED = "the source says another patient is this one"
_NOT_YET = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Merging:
    """The patients concerned: who they are now and may not be, and their events, oldest first.

    Whoever carries out an event keeps `now` and `own` up to date, before asking for the next.
    """

    said: Merged
    now: Mapping[PatientId, PersonId | None]
    apart: AbstractSet[tuple[PatientId, PersonId | None]]
    own: Mapping[PatientId, Sequence[LinkEvent]]
    asked: list[Asked] = field(default_factory=list[Asked])

    def carry_out(self, said: Said) -> Iterator[LinkEvent]:
        """The events of one thing said, one after another; what people are asked goes to `asked`.

        Nothing where something said later says otherwise.
        """
        if said.kept == said.retired:
            return
        two = (said.retired, said.kept)
        had = {patient for patient in two if self._target(patient) is not None}
        self.said.add(said)
        if not self.said.stands(said):
            return
        if not said.undo:
            for patient in two:
                if self.now.get(patient) is None:
                    yield self._event(Act.LINK, patient, new_person(), _NAMED)
        free = {patient for patient in had if self._target(patient) is None}
        if apart := self._contested(said, free):
            self.said.forget(said)
            self.asked.append(contested(said.retired, apart))
            return
        one = self._one(said)
        moving = self.said.followers(two, self._holds)
        places = {patient: self._place(patient, free) for patient in moving}
        for patient, person in places.items():
            if person is not None and person != self.now.get(patient):
                yield self._moved(said, patient, person)
        if said.undo and one is not None and self._one(said) == one:
            # One through others still, or for reasons of the rules or of somebody.
            self.asked.append(doubted(said.retired, one))

    def _one(self, said: Said) -> PersonId | None:
        """Who both are; None: they are two."""
        person = self.now.get(said.retired)
        return person if person == self.now.get(said.kept) else None

    def _moved(self, said: Said, patient: PatientId, person: PersonId) -> LinkEvent:
        if patient not in {said.kept, said.retired}:
            return self._event(Act.UNMERGE if said.undo else Act.MERGE, patient, person, _THROUGH)
        if said.undo:
            return self._event(Act.UNMERGE, patient, person, _NOT_ONE)
        if self._target(patient) is None:
            return self._event(Act.UNMERGE, patient, person, _ELSEWHERE)
        return self._event(Act.MERGE, patient, person, _ONE)

    def _contested(self, said: Said, free: AbstractSet[PatientId]) -> PersonId | None:
        """Whom a merge may not make the patient, as somebody found the two to be two."""
        if said.undo or self._target(said.retired) != said.kept:
            return None
        person, was = self._place(said.kept, free), self.now.get(said.retired)
        apart = (said.retired, person) in self.apart or (said.kept, was) in self.apart
        return person if apart and was != person else None

    def _place(self, patient: PatientId, free: AbstractSet[PatientId]) -> PersonId | None:
        """Who the patient is by what was said. `free` are those who have just lost their merge."""
        *way, last = self.said.way(patient, self._holds)
        loose = last in free or last in way
        place = (self._own_home(last) if loose else None) or self.now.get(last)
        for each in reversed(way):
            if (each, place) in self.apart:
                place = self.now.get(each)
        return place

    def _own_home(self, patient: PatientId) -> PersonId | None:
        """Who the patient was before their source merged them."""
        moved = [event for event in self.own.get(patient, ()) if event.act in MOVES]
        if any(not self._holds(each) for each in self.said.into.get(patient, ())):
            return before(moved)  # somebody decided since: back by one step
        own = [event.person for event in moved if event.act not in _BY_SOURCE]
        return own[-1] if own else None

    def _target(self, patient: PatientId) -> PatientId | None:
        return self.said.target(patient, self._holds)

    def _holds(self, said: Said) -> bool:
        """Whether nobody has decided by hand about either of the two since it was heard."""
        return all(
            event.at < said.heard
            for patient in said.pair
            for event in self.own.get(patient, ())
            if event.act in _BY_HAND
        )

    def _event(self, act: Act, patient: PatientId, person: PersonId, why: str) -> LinkEvent:
        return LinkEvent(
            n=0,
            act=act,
            patient=patient,
            person=person,
            was=self.now.get(patient),
            weight=0.0,
            parts=(),
            by="rules",
            why=why,
            model="",
            at=_NOT_YET,
        )
