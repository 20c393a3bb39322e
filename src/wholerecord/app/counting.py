"""Counting, as the pages ask for it: research's questions, answers and public register."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.portal import Registered, Table
from wholerecord.research.ask import ask, in_words
from wholerecord.research.board.show import board_in_words
from wholerecord.research.openly.publish import open_in_words
from wholerecord.research.questions import questions
from wholerecord.research.register import QueryRegister


class RegisteredCounts:
    """See `portal.Counting`."""

    def __init__(self, register: QueryRegister) -> None:
        self._register = register

    def questions(self) -> Sequence[tuple[str, str]]:
        """See `portal.Counting.questions`."""
        return questions()

    async def count(self, door: Door, question: str, *, purpose: Purpose) -> Table | Refused:
        """See `portal.Counting.count`. Counted as of today."""
        today = datetime.now(UTC).date()
        answer = await ask(door, self._register, question, purpose=purpose, on=today)
        return answer if isinstance(answer, Refused) else Table(**asdict(answer))

    async def register(self) -> Sequence[Registered]:
        """See `portal.Counting.register`."""
        return [
            Registered(
                n=query.n,
                at=query.at,
                organisation=query.organisation,
                purpose=query.purpose,
                asked=asked,
                answered=answered,
            )
            for query in await self._register.queries()
            for asked, answered in [
                board_in_words(query) or open_in_words(query) or in_words(query)
            ]
        ]
