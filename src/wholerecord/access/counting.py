"""Counting: every record, without whose it is, for whoever may count."""

from collections.abc import AsyncIterator

from wholerecord.access.opening import Refused
from wholerecord.access.room import Room
from wholerecord.consent import Purpose, View
from wholerecord.fold import Record


class Counting(Room):
    """The room for those who plan and research."""

    async def counted(self, purpose: Purpose, query: str) -> AsyncIterator[Record] | Refused:
        """Every record that may be counted for `purpose`, without whose it is; or why not.

        The whole query is one opening, and `query` says what was asked. People whose own rules
        refuse the purpose (the national data opt-out) are not among them.
        """
        refused = await self._may(self._asking(None, purpose, View.COUNT, part=query))
        return refused or self._each(purpose)

    async def _each(self, purpose: Purpose) -> AsyncIterator[Record]:
        out = await self._store.refusing(purpose)
        for person in await self._store.people():
            if person not in out:
                yield await self._way.folds.whole(await self._store.members(person))
