"""The room where governance sees what was sent to a language model."""

from wholerecord.access.opening import Refused
from wholerecord.access.room import Room
from wholerecord.consent import Purpose, View
from wholerecord.record import PersonId


class PromptRoom(Room):
    """The room of whoever answers for prompts."""

    async def sees_prompts(self) -> Refused | None:
        """Why the list of prompts may not be seen; None when it may. It is an opening."""
        return await self._may(self._asking(None, Purpose.SAFETY_REVIEW, View.DESK, part="prompts"))

    async def reads_prompt(self, person: PersonId | None, n: int, *, why: str) -> Refused | None:
        """Why the words of prompt `n` about a person may not be read; None when they may.

        It is an opening of that person, with the reason.
        """
        purpose, part = Purpose.SAFETY_REVIEW, f"prompt {n}"
        return await self._may(self._asking(person, purpose, View.OPENINGS, part=part, given=why))
