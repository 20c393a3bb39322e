"""What people decide about who is who: every decision an event, and taken back by another."""

from wholerecord.errors import NotFound
from wholerecord.people import (
    Act,
    LinkEvent,
)
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import (
    before,
    needs_second,
    new_person,
    undoable,
)
from wholerecord.storage.memory.linking import Linking
from wholerecord.storage.text import storable


class Register(Linking):
    """See `people.Register`."""

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
