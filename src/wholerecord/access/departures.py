"""What left the system, in a book of its own beside the log of openings.

The log says who looked; this says what went out, written where it goes out and by other code. Every
night each is held against the other (`app.reconciling`): what left by a side path has no opening,
and an opening that was taken out of the log is missed. A line names openings by their numbers, and
nobody.
"""

from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from wholerecord.audit import Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One answer, or one part of a file, that went out at `at`, let out by these openings.

    `sort` is what it is, in words of this program. `people` is of how many it tells, where that was
    counted as it was written; 0 where it was not.
    """

    n: int = 0
    at: datetime
    sort: str
    openings: tuple[int, ...]
    people: int = 0


class Departures(Protocol):
    """Where the book is kept. A line stays until it was held against the log and held."""

    async def add_departures(self, left: Sequence[Departure]) -> None:
        """Write lines down; their numbers are given by the book."""
        ...

    async def departures(self, *, after: int = 0, limit: int = 1000) -> Sequence[Departure]:
        """Lines with a larger `n`, oldest first."""
        ...

    async def forget_departures(self, *, until: int, keep: Collection[int] = ()) -> None:
        """Take out the lines up to that number, but for those to `keep`."""
        ...


class Noted(NamedTuple):
    """An opening that was written down: its number, and whether it let something out."""

    n: int
    allowed: bool


_NOTED: ContextVar[list[Noted] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Generator[list[Noted]]:
    """The openings that are written down for what happens within the block, as they are.

    Tasks begun within it note here too.
    """
    noted: list[Noted] = []
    before = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(before)


def note(*openings: Opening) -> None:
    """Say to whoever is noting that these were written down. A store does, of each."""
    noted = _NOTED.get()
    if noted is not None:
        noted += (Noted(look.n, look.allowed) for look in openings)


def let_out_by(n: int) -> None:
    """Say to whoever is noting that what goes out now was let out by opening `n` before."""
    noted = _NOTED.get()
    if noted is not None:
        noted.append(Noted(n, allowed=True))


def departed(at: datetime, sort: str, noted: Sequence[Noted], *, people: int = 0) -> Departure:
    """The line of what left now, let out by those of the openings that allowed it."""
    numbers = tuple(dict.fromkeys(look.n for look in noted if look.allowed))
    return Departure(at=at, sort=sort, openings=numbers, people=people)
