"""Telling whoever opened a record while it was wrongly joined, or showed what was wrong."""

from wholerecord.access.opening import Opened
from wholerecord.access.room import Room
from wholerecord.access.tellings import Misled
from wholerecord.access.wrong_facts import Misinformed
from wholerecord.consent import Purpose
from wholerecord.errors import NotFound


class TellingRoom(Room):
    """The room in which people are told that what they saw was two people's, or wrong."""

    async def misled(self, opened: Opened) -> tuple[Misled, ...]:
        """Who saw the record already opened while it was wrongly joined.

        For those who care for people or look after identity, so that they can warn each other;
        whoever looks at or for the person has `who_looked`.
        """
        if opened.opening.purpose == Purpose.OWN_RECORD.value:
            return ()
        return tuple(await self._store.misled(opened.person))

    async def notices(self) -> tuple[Misled, ...]:
        """What this actor is to be told. It says which person and when, and nothing of them."""
        return tuple(await self._store.notices(self.actor.id))

    async def noticed(self, event: int) -> None:
        """Say that this actor knows.

        Raises:
            NotFound: it is no notice of theirs.
        """
        if all(one.event != event for one in await self._store.notices(self.actor.id)):
            raise NotFound("There is no such notice.")
        await self._store.noticed(self.actor.id, event)

    async def misinformed(self, opened: Opened) -> tuple[Misinformed, ...]:
        """Who saw what turned out to be wrong in the record already opened; as `misled`."""
        if opened.opening.purpose == Purpose.OWN_RECORD.value:
            return ()
        return tuple(await self._store.misinformed(opened.person))

    async def wrong_notices(self) -> tuple[Misinformed, ...]:
        """What this actor is to be told was wrong. It says which person and when."""
        return tuple(await self._store.wrong_notices(self.actor.id))

    async def wrong_noticed(self, fact: int) -> None:
        """Say that this actor knows.

        Raises:
            NotFound: it is no notice of theirs.
        """
        if all(one.fact != fact for one in await self._store.wrong_notices(self.actor.id)):
            raise NotFound("There is no such notice.")
        await self._store.wrong_noticed(self.actor.id, fact)
