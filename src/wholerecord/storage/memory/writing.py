"""Clients' writes, one after the other."""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.access import Ask, DecideAccess, Refused
from wholerecord.access.saying import Key, Stale, Writing, Written
from wholerecord.errors import Conflict
from wholerecord.intake import Arrival
from wholerecord.people import Act
from wholerecord.people.decide import decide as decide_links
from wholerecord.people.weigh import MODEL
from wholerecord.record import PersonId
from wholerecord.storage.memory.acts import Acts
from wholerecord.storage.memory.resources import Resources
from wholerecord.storage.memory.tables import now


class Writings(Acts, Resources):
    """See `access.saying.Writings`."""

    async def write(
        self, asks: Sequence[Ask], decide: DecideAccess, writing: Writing
    ) -> Written | Stale | Refused:
        """See `access.saying.Writings.write`."""
        decided = [(ask, facts := self.facts(ask), decide(ask, facts)) for ask in asks]
        for ask, facts, verdict in decided:
            if not verdict.allowed:
                opening = self.write_opening(ask, facts, verdict)
                return Refused(reason=verdict.reason, opening=opening)
        if self._is_stale(writing):
            return Stale()
        tables = self._tables
        receipt = await self.keep(Arrival(source=writing.source, body=writing.body, name="write"))
        if not receipt.fresh or receipt.received is None:
            raise Conflict
        tables.waiting.remove(receipt.message)
        kept = tables.messages[receipt.message - 1]
        self._file(kept, replace(writing.filing, message=receipt.message))
        moment = now()
        for each in writing.filing.patients:
            if each.sayings:  # one commit is one moment
                tables.patients[each.about.id].filed[-1] = moment
        tables.identities |= writing.names
        linked = await self._link_written(writing, asks[0].actor.id)
        for ask, facts, verdict in decided:
            self.write_opening(ask, facts, verdict)
        return Written(
            message=receipt.message, received=receipt.received, filed=moment, linked=linked
        )

    def _is_stale(self, writing: Writing) -> bool:
        for (kind, one), number in writing.expects.items():
            newest = self.newest_now(kind, one)
            if (newest.number if newest else 0) != number:
                return True
        return any(self._named_now(token) != found for token, found in writing.found.items())

    def _named_now(self, token: int) -> frozenset[Key]:
        rows = self._tables.identities
        return frozenset((kind, one) for known, kind, one in rows if known == token)

    async def _link_written(self, writing: Writing, by: str) -> frozenset[PersonId]:
        for patient, person in writing.joins.items():
            if patient not in self._tables.person:
                why = "written about a patient of this person"
                self._move(self._event(Act.LINK, patient, person, by, why))
        people: set[PersonId] = set()
        while events := await self.link_waiting(decide_links, model=MODEL):
            people |= {event.person for event in events if event.act is Act.LINK}
        return frozenset(people)
