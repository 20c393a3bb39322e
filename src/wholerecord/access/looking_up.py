"""The national data opt-out looked up: of everybody who is known, by an operator, written down."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from wholerecord.access.opening import Refused
from wholerecord.access.room import Room
from wholerecord.consent import Purpose, View
from wholerecord.consent.lookup import LASTS, LookUp, asked_file, opted_out
from wholerecord.nhs import NhsNumber
from wholerecord.record import PersonId

_AT_ONCE = 200


class LookUpRoom(Room):
    """The room of whoever asks the national service for everybody. Two openings a look-up."""

    async def ask_opt_outs(self, *, why: str) -> bytes | Refused:
        """The file to send: the NHS number of everybody who has one; or why not."""
        if refused := await self._operator("opt-outs asked", why):
            return refused
        return asked_file(number for number, _ in await self._numbers())

    async def take_opt_outs(self, asked: bytes, answered: bytes, *, why: str) -> LookUp | Refused:
        """Hold who opted out, in place of what was held; or why not.

        Somebody with several numbers of whom one opted out has opted out.

        Raises:
            NotAnAnswer: it is no answer to what was asked.
        """
        gone = opted_out(asked, answered)
        if refused := await self._operator("opt-outs taken in", why):
            return refused
        people = frozenset(person for number, person in await self._numbers() if number in gone)
        now = datetime.now(UTC)
        found = LookUp(at=now, until=now + LASTS, people=people)
        await self._store.hold_look_up(found)
        return found

    async def _operator(self, part: str, why: str) -> Refused | None:
        return await self._may(
            self._asking(None, Purpose.EMERGENCY, View.FIND, part=part, given=why)
        )

    async def _numbers(self) -> Sequence[tuple[NhsNumber, PersonId]]:
        """Every NHS number, with whose it is."""
        everybody = list(await self._store.people())
        found: list[tuple[NhsNumber, PersonId]] = []
        for at in range(0, len(everybody), _AT_ONCE):
            some = everybody[at : at + _AT_ONCE]
            for person, members in zip(
                some, await asyncio.gather(*map(self._store.members, some)), strict=True
            ):
                numbers = {member.demographics.nhs_number for member in members}
                found += [(number, person) for number in numbers if number is not None]
        return found
