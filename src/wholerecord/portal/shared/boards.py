"""What the pages of boards are given: which there are, and one of them in words and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """One board of the list."""

    id: str
    group: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardGroup:
    """One group of people. `share`, `low` and `high` are 0 to 1; None where it is not shown."""

    name: str
    with_it: str
    of: str
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardTable:
    """Groups by one thing; `note` says why there are none, or ""."""

    by: str
    groups: tuple[BoardGroup, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """A board. `n` is its number in the register; `notes` say how good the data are."""

    n: int
    id: str
    title: str
    among: str
    tables: tuple[BoardTable, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTable:
    """A table for anybody: each row begins with its name."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPage:
    """Open counts, in words. A number is off by `off` at most, 95 times in 100."""

    as_of: str
    off: str
    epsilon: str
    tables: tuple[OpenTable, ...]


class Boards(Protocol):
    """Boards, as pages show them."""

    def boards(self) -> Sequence[BoardLine]:
        """Every board there is."""
        ...

    async def board(self, door: Door, id: str, *, purpose: Purpose) -> BoardPage | Refused:
        """One board of this month; or why it may not be seen.

        Raises:
            NotFound: there is none of that id, or there are no tables yet.
        """
        ...

    async def board_csv(self, door: Door, id: str, *, purpose: Purpose) -> str | Refused:
        """The same as CSV that no spreadsheet takes for a formula."""
        ...

    async def open_counts(self) -> OpenPage | None:
        """The newest counts with noise, for anybody; None: nothing is published."""
        ...
