"""The room where governance reviews looks, and closes each with an outcome."""

from collections.abc import Sequence

from wholerecord.access.decide import decide
from wholerecord.access.deed import CloseDoubt, Deed, Unwatch, Watch
from wholerecord.access.doubting import doubt_emergencies
from wholerecord.access.doubts import Doubt, Outcome
from wholerecord.access.opening import Ask, Refused
from wholerecord.access.room import Room
from wholerecord.audit import Opening
from wholerecord.consent import Purpose, Role, View
from wholerecord.record import PersonId


class ReviewRoom(Room):
    """The room of whoever answers for looks."""

    async def doubts(self) -> Sequence[Doubt] | Refused:
        """Every look that waits for a review, the oldest first; or why not.

        What was opened in an emergency a moment ago is among them.
        """
        refused = await self._may(
            self._asking(None, Purpose.SAFETY_REVIEW, View.DESK, part="emergencies")
        )
        if refused:
            return refused
        await doubt_emergencies(self._store)
        return await self._store.open_doubts()

    async def close_doubt(self, n: int, outcome: Outcome, *, why: str) -> Refused | None:
        """Say what a review came to. None when it is kept.

        Raises:
            NotFound: none of that number waits.
        """
        known = await self._store.doubt_of(n)
        whose = known.person if known else None
        ask = self._asking(whose, Purpose.SAFETY_REVIEW, View.OPENINGS, part=f"review {n}")
        return await self._reviewed(ask, CloseDoubt(n=n, outcome=outcome, why=why))

    async def watch(self, person: PersonId, *, why: str) -> Refused | None:
        """Review every look at this record from now on. None when it is kept."""
        ask = self._asking(person, Purpose.SAFETY_REVIEW, View.OPENINGS, part="watch")
        return await self._reviewed(ask, Watch(person=person, why=why))

    async def unwatch(self, person: PersonId) -> Refused | None:
        """Review them no longer. None when it is done.

        Raises:
            NotFound: nobody watches that record.
        """
        ask = self._asking(person, Purpose.SAFETY_REVIEW, View.OPENINGS, part="watch no longer")
        return await self._reviewed(ask, Unwatch(person=person))

    async def engineers(self) -> Sequence[Opening] | Refused:
        """What operators of the system looked at, newest first; or why not."""
        refused = await self._may(
            self._asking(None, Purpose.SAFETY_REVIEW, View.DESK, part="engineers")
        )
        if refused:
            return refused
        return await self._store.openings_as(Role.SYSTEM.value)

    async def _reviewed(self, ask: Ask, deed: Deed) -> Refused | None:
        done = await self._store.act(ask, decide, deed)
        if done.verdict.allowed:
            return None
        return Refused(reason=done.verdict.reason, opening=done.opening)
