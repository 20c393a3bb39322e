"""Counting: every record, without whose it is, for whoever may count."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from functools import partial

from wholerecord.access.copying import (
    Copied,
    Copying,
    FoldingEnded,
    Material,
    T,
    make_of,
    of_all,
    withheld_from_counts,
)
from wholerecord.access.opening import Refused
from wholerecord.access.room import Room
from wholerecord.access.studying import left_out
from wholerecord.consent import Purpose, View
from wholerecord.fold import Record
from wholerecord.fold.policy import folded_by
from wholerecord.record import PersonId

#: People read at once: what each waits for in the store is shared.
_AT_ONCE = 16
#: People folded at once, and how many times so many are under way beside those that are read.
_BATCH, _AHEAD = 64, 4
#: People who changed for whom it is worth beginning processes.
_WORTH = 500


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
        self, purpose: Purpose, query: str, known: Mapping[PersonId, str], copying: Copying[T]
    ) -> AsyncIterator[Copied[T]] | Refused:
        """Everybody whose record may have changed since it was as `known` says; or why not.

        For the tables that are counted: one opening for all. Who opted out is among them, for
        whether they are counted depends on what for; what is withheld from counts is in no record.
        `known` are persons with the `state` that was copied.
        """
        refused = await self._may(self._asking(None, purpose, View.COUNT, part=query))
        return refused or self._changed(known, copying)

    async def _each(self, purpose: Purpose) -> AsyncIterator[Record]:
        out = (await left_out(self._store, purpose, since=datetime.now(UTC))).people
        policy = await self._store.policy()
        for person in await self._store.people():
            if person not in out:
                members = await self._store.members(person)
                yield await self._way.folds.whole(members, policy=policy)

    async def _changed(
        self, known: Mapping[PersonId, str], copying: Copying[T]
    ) -> AsyncIterator[Copied[T]]:
        states = await self._store.states()
        policy = await self._store.policy()
        general = of_all(await self._store.rules(), policy)
        if gone := known.keys() - states.keys():
            yield Copied(states=tuple((person, "") for person in gone), made=None)
        now = {person: f"{general} {own}" for person, own in states.items()}
        changed = [person for person, state in now.items() if known.get(person) != state]
        pool = copying.pool if len(changed) >= _WORTH else None
        making: deque[tuple[tuple[tuple[PersonId, str], ...], Awaitable[T]]] = deque()
        for start in range(0, len(changed), _BATCH):
            some = changed[start : start + _BATCH]
            materials = await self._materials(some, copying.number)
            make = partial(make_of, materials, policy, folded_by(policy), copying.make)
            making.append((tuple((person, now[person]) for person in some), _begun(make, pool)))
            if len(making) > (_AHEAD if pool else 0):
                whose, made = making.popleft()
                yield Copied(states=whose, made=await made)
        for whose, made in making:
            yield Copied(states=whose, made=await made)

    async def _materials(
        self, people: Sequence[PersonId], number: Callable[[PersonId], int]
    ) -> list[Material]:
        found: list[Material] = []
        for start in range(0, len(people), _AT_ONCE):
            some = people[start : start + _AT_ONCE]
            found += await asyncio.gather(*(self._material(each, number(each)) for each in some))
        return found

    async def _material(self, person: PersonId, number: int) -> Material:
        members, rules = await asyncio.gather(
            self._store.members(person), self._store.rules(person=person)
        )
        seen = {member.patient: member.t for member in members}
        statements, rulings = await asyncio.gather(
            self._store.statements(seen), self._store.rulings(list(seen))
        )
        withheld = withheld_from_counts(rules)
        return Material(number=number, statements=statements, rulings=rulings, withheld=withheld)


def _begun(make: Callable[[], T], pool: Executor | None) -> Awaitable[T]:
    """What is made, begun in a process of the pool, or made here when it is waited for."""
    if pool is None:
        return _here(make)
    return _there(asyncio.get_running_loop().run_in_executor(pool, make))


async def _here(make: Callable[[], T]) -> T:
    return make()


async def _there(begun: Awaitable[T]) -> T:
    try:
        return await begun
    except BrokenProcessPool:
        raise FoldingEnded from None
