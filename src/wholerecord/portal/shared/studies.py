"""What the pages about studies are given: the airlock, the register, and one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from wholerecord.access import Door, Refused
from wholerecord.record import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTable:
    """A table of a study: cells are text, because a number may be hidden."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyLine:
    """One study in words. `project` is "" where there is none of the id that was given.

    `tables` are there where they may be seen; `notes` say who was left out and whom it speaks less
    of. `code` is the SHA-256 of its file and lists.
    """

    n: int
    at: datetime
    project: str
    title: str
    controller: str
    purpose: str
    code: str
    snapshot: str
    standing: str
    released: bool
    why: str = ""
    instead: str = ""
    by: str = ""
    checks: tuple[str, ...] = ()
    tables: tuple[StudyTable, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLine:
    """One project, as it was approved. It names nobody."""

    id: str
    title: str
    legal_basis: str
    controller: str
    purposes: str
    ends: date


class Studies(Protocol):
    """Studies, as pages show them."""

    async def airlock(self, door: Door) -> Sequence[StudyLine] | Refused:
        """What waits for checkers, oldest first, with what is wrong; or why not."""
        ...

    async def projects(self) -> Sequence[ProjectLine]:
        """Every project, for anybody."""
        ...

    async def register(self) -> Sequence[StudyLine]:
        """Every study and attempt, newest first, for anybody."""
        ...

    async def study(self, n: int) -> StudyLine:
        """One study, for anybody: with its tables where they are released.

        Raises:
            NotFound: there is none.
        """
        ...

    async def csv(self, n: int) -> str:
        """The released tables of a study, as CSV.

        Raises:
            NotFound: there is none, or nothing of it is released.
        """
        ...

    async def own(self, door: Door, person: PersonId) -> Sequence[StudyLine] | Refused:
        """The released studies that counted a person, newest first; or why not."""
        ...
