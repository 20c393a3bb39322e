"""The room where a professional says that they care for somebody whom their organisation is new to.

The opening is the claim: it makes a relationship of that one member of staff for a day (see
`access.tie`), is in the list that the person reads, and is reviewed like an emergency. Unlike an
emergency it lets nobody past what the person or a rule denies to those who care for them.
"""

from wholerecord.access.opening import Refused
from wholerecord.access.room import Room
from wholerecord.consent import Purpose, View
from wholerecord.record import PersonId


class ClaimRoom(Room):
    """The room of professionals who say that they care for somebody."""

    async def claim(self, person: PersonId, *, why: str) -> Refused | None:
        """Say that the actor cares for this person, and why. None: it holds, for a day."""
        return await self._may(self._asking(person, Purpose.DIRECT_CARE, View.CLAIM, given=why))
