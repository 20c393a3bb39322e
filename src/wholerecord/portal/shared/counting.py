"""What the counting pages are given: which questions may be asked, answers, and the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A safe table: cells are text, because a cell may be suppressed. `notes` say how it was made.

    `n` is the query's number in the public register.
    """

    n: int
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One query in the public register, in words."""

    n: int
    at: datetime
    organisation: str
    purpose: str
    asked: str
    answered: str


class Counting(Protocol):
    """Counts over everybody who may be counted. Each is written into the public register."""

    def questions(self) -> Sequence[tuple[str, str]]:
        """What may be counted: a value for forms, and its title."""
        ...

    async def count(self, door: Door, question: str, *, purpose: Purpose) -> Table | Refused:
        """The answer to one of `questions`, safe to publish.

        Raises:
            Incorrect: it is not one of the questions.
        """
        ...

    async def register(self) -> Sequence[Registered]:
        """Every query, newest first."""
        ...
