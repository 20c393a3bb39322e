"""The ledger: per source and hour, what was received and what became of it; and the daily sums.

Two books. Keeping and filing write an entry into the one in the commit that keeps and files; the
other is counted from the rows themselves whenever it is asked for. Where they differ, something
was lost, and the day and the source say where to look.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """The book's page for one source and the hour (UTC) in which its messages were received.

    `kept` messages came between `first` and `last`, and `again` that were kept before. Of the kept,
    `filed` could be filed whole and `faulty` have parked `items`; `said` statements were filed.
    `lag` is the sum of seconds between when `lagged` messages were made and received.
    """

    source: str
    hour: datetime
    first: datetime | None = None
    last: datetime | None = None
    kept: int = 0
    again: int = 0
    filed: int = 0
    faulty: int = 0
    items: int = 0
    said: int = 0
    lagged: int = 0
    lag: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The rows there are for messages of one source received on one day (UTC)."""

    source: str
    day: date
    messages: int = 0
    waiting: int = 0
    faulty: int = 0
    items: int = 0
    statements: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One source's day in both books."""

    source: str
    day: date
    kept: int
    again: int
    filed: int
    faulty: int
    items: int
    said: int
    counted: Counted

    @property
    def received(self) -> int:
        """What came: new messages and those kept before."""
        return self.kept + self.again

    @property
    def wrong(self) -> tuple[str, ...]:
        """What does not agree, in words that name the day and the source."""
        there = self.counted
        pairs = (
            ("messages", self.kept, there.messages),
            ("messages with something parked", self.faulty, there.faulty),
            ("parked items", self.items, there.items),
            ("statements", self.said, there.statements),
        )
        said = [
            f"{self.day} {self.source}: the ledger has {booked:,} {what} and {found:,} are there"
            for what, booked, found in pairs
            if booked != found
        ]
        if self.kept != self.filed + self.faulty + there.waiting:
            said.append(
                f"{self.day} {self.source}: {self.kept:,} messages kept are not {self.filed:,} "
                f"filed + {self.faulty:,} with something parked + {there.waiting:,} waiting"
            )
        return tuple(said)


class Ledger(Protocol):
    """Both books."""

    async def hours(self, *, since: datetime | None = None) -> Sequence[Hour]:
        """The book that keeping and filing write, by source and hour."""
        ...

    async def counted(self) -> Sequence[Counted]:
        """The rows there are, counted now. Reads all of them."""
        ...


def days(hours: Iterable[Hour], counted: Iterable[Counted]) -> tuple[Day, ...]:
    """Both books side by side, by day and source. Every page of either is in exactly one day.

    >>> at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    >>> page = Hour(source="gp", hour=at, kept=2, filed=2, said=5)
    >>> days([page], [Counted(source="gp", day=at.date(), messages=1, statements=5)])[0].wrong[0]
    '2026-03-01 gp: the ledger has 2 messages and 1 are there'
    """
    there = {(one.day, one.source): one for one in counted}
    booked: dict[tuple[date, str], dict[str, int]] = {key: dict.fromkeys(_SUMS, 0) for key in there}
    for page in hours:
        sums = booked.setdefault(
            (page.hour.astimezone(UTC).date(), page.source), dict.fromkeys(_SUMS, 0)
        )
        for name in _SUMS:
            sums[name] += getattr(page, name)
    return tuple(
        Day(
            source=source,
            day=day,
            counted=there.get((day, source), Counted(source=source, day=day)),
            **sums,
        )
        for (day, source), sums in sorted(booked.items())
    )


_SUMS = tuple(each.name for each in fields(Day) if each.name not in {"source", "day", "counted"})
