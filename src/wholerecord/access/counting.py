"""Counting: every record, without whose it is, for whoever may count."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

from wholerecord.access.copying import Copied, copied, of_all, withheld_from_counts
from wholerecord.access.opening import Refused
from wholerecord.access.room import Room
from wholerecord.access.studying import left_out
from wholerecord.consent import Purpose, View
from wholerecord.fold import Record
from wholerecord.fold.policy import Policy
from wholerecord.record import PersonId

#: People read at once: what each waits for in the store is shared.
_AT_ONCE = 16


class Counting(Room):
    """The room for those who plan and research."""

    async def counted(self, purpose: Purpose, query: str) -> AsyncIterator[Record] | Refused:
        """Every record that may be counted for `purpose`, without whose it is; or why not.

        The whole query is one opening, and `query` says what was asked. People whose own rules
        refuse the purpose (the national data opt-out) are not among them.
        """
        refused = await self._may(self._asking(None, purpose, View.COUNT, part=query))
        return refused or self._each(purpose)

    async def copied(
        self, purpose: Purpose, query: str, known: Mapping[PersonId, str]
    ) -> AsyncIterator[Copied] | Refused:
        """Everybody whose record may have changed since it was as `known` says; or why not.

        For the tables that are counted: one opening for all. Who opted out is among them, for
        whether they are counted depends on what for; what is withheld from counts is in no record.
        `known` are persons with the `state` that was copied. Who is nobody now has no record.
        """
        refused = await self._may(self._asking(None, purpose, View.COUNT, part=query))
        return refused or self._changed(known)

    async def _each(self, purpose: Purpose) -> AsyncIterator[Record]:
        out = (await left_out(self._store, purpose, since=datetime.now(UTC))).people
        policy = await self._store.policy()
        for person in await self._store.people():
            if person not in out:
                members = await self._store.members(person)
                yield await self._way.folds.whole(members, policy=policy)

    async def _changed(self, known: Mapping[PersonId, str]) -> AsyncIterator[Copied]:
        states = await self._store.states()
        policy = await self._store.policy()
        general = of_all(await self._store.rules(), policy)
        for person in known.keys() - states.keys():
            yield Copied(person=person, state="", record=None)
        now = {person: f"{general} {own}" for person, own in states.items()}
        changed = [person for person, state in now.items() if known.get(person) != state]
        for start in range(0, len(changed), _AT_ONCE):
            some = changed[start : start + _AT_ONCE]
            records = await asyncio.gather(*(self._copied(person, policy) for person in some))
            for person, record in zip(some, records, strict=True):
                yield Copied(person=person, state=now[person], record=record)

    async def _copied(self, person: PersonId, policy: Policy) -> Record:
        members, rules = await asyncio.gather(
            self._store.members(person), self._store.rules(person=person)
        )
        seen = {member.patient: member.t for member in members}
        statements, rulings = await asyncio.gather(
            self._store.statements(seen), self._store.rulings(list(seen))
        )
        return copied(statements, rulings, withheld_from_counts(rules), policy)
