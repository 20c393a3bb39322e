"""Patients moved from person to person, each move an event."""

from wholerecord.people import (
    Act,
    LinkEvent,
    Part,
)
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import (
    MOVES,
    brought_by,
    meanwhile,
    merged_through,
)
from wholerecord.storage.memory.people import People
from wholerecord.storage.memory.tables import now
from wholerecord.storage.text import storable


class Moving(People):
    """What linking and deciding share."""

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

    def _own(self, patient: PatientId) -> list[LinkEvent]:
        return [event for event in self._tables.events if event.patient == patient]

    def _restricted(self, person: PersonId) -> bool:
        return any(each.demographics.restricted for each in self.members_now(person))

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
