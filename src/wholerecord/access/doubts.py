"""Doubts: looks that somebody reviews, each with its evidence, and closed by an outcome.

A doubt says nothing against anybody: it is a question. The same is asked once a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from wholerecord.audit import Opening
from wholerecord.record import PersonId


class Pattern(Enum):
    """Why a look is reviewed."""

    EMERGENCY = "opened in an emergency"
    CLAIMED = "said that they care for the person"
    CROWD = "looked at by many staff in a day"
    COLLEAGUE = "a colleague's record, it seems"
    NEIGHBOUR = "a neighbour's record, it seems"
    FAMILY = "a relative's record, it seems"
    WATCHED = "a record that is watched"
    OWN = "their own record, it seems"


class Outcome(Enum):
    """What a review came to."""

    RIGHT = "it was right"
    EXPLAINED = "it was not needed, and is explained"
    WRONG = "it was wrong, and is passed on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Looks to be reviewed: the first of them is opening number `first`.

    `evidence` is what makes it a question, in words, and of no other person than the two. Of a
    crowd `actor` is "". `outcome` is None until it is closed, and `why` what the reviewer wrote.
    """

    n: int = 0
    pattern: Pattern
    person: PersonId
    actor: str
    name: str
    role: str
    organisation: str
    first: int
    at: datetime
    evidence: str
    outcome: Outcome | None = None
    why: str = ""
    closed_by: str = ""
    closed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many different staff of how many organisations were shown a person in one day (UTC).

    `first` is the number of the first of their openings, at `at`.
    """

    person: PersonId
    first: int
    at: datetime
    staff: int
    places: int


class Doubts(Protocol):
    """Where doubts are kept, and the looks that are asked about."""

    async def doubt(self, doubts: Sequence[Doubt]) -> int:
        """Keep those not asked yet that day of that person and actor; how many are new."""
        ...

    async def close_doubt(self, n: int, outcome: Outcome, *, by: str, why: str) -> None:
        """Close one.

        Raises:
            NotFound: none of that number waits.
        """
        ...

    async def doubt_of(self, n: int) -> Doubt | None:
        """The one of that number."""
        ...

    async def open_doubts(self, *, limit: int = 200) -> Sequence[Doubt]:
        """Those that wait, the oldest first."""
        ...

    async def emergencies(self, *, after: int, limit: int = 1000) -> Sequence[Opening]:
        """Emergencies and claims that were allowed, with a larger `n`, oldest first."""
        ...

    async def crowds(
        self, *, after: int, least: int, views: Sequence[str], but: Sequence[str]
    ) -> Sequence[Crowd]:
        """Whom at least so many were shown in a day, in openings with a larger `n`.

        Of those `views`, and by roles `but` these.
        """
        ...

    async def openings_as(self, role: str, *, limit: int = 1000) -> Sequence[Opening]:
        """Openings by whoever had that role, newest first."""
        ...

    async def watch(self, person: PersonId, *, by: str, why: str) -> None:
        """From now on every look by staff at this person is a doubt. Twice is once."""
        ...

    async def unwatch(self, person: PersonId) -> None:
        """Not any more.

        Raises:
            NotFound: nobody watches that record.
        """
        ...

    async def watched(self) -> frozenset[PersonId]:
        """Whose records are watched."""
        ...
