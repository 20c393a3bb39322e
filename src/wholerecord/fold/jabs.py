"""Doses of a vaccine as folded, each with the days it can have been; how it stands with one.

A demonstration until a clinical safety officer signs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Protocol

from wholerecord.fold.meant import most_specific
from wholerecord.fold.record import NOT_SO, Entry, Immunisation


class Offered(Protocol):
    """A row of the schedule, by what every row says."""

    @property
    def title(self) -> str:
        """Its title."""
        ...

    @property
    def plain(self) -> str:
        """Its title for the person."""
        ...

    @property
    def vaccines(self) -> tuple[str, ...]:
        """Which vaccines it is of, by concept."""
        ...

    @property
    def source(self) -> str:
        """What it leans on."""
        ...


class Standing(Enum):
    """How it stands with a dose, in the order in which it is looked at."""

    OVERDUE = "overdue"
    DUE = "due"
    NOT_KNOWN = "not known to be given"
    LATER = "not yet due"
    GIVEN = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One dose of the schedule. `due` is from when; `entry` is the dose given, None when none.

    `declined` is the newest word that the vaccine was not given, of a dose not known to be given.
    `closed`: it is no longer given at this age. `unsure`: the dose given has no exact day.
    `because` says for what else than age it is, by the entries in `evidence`.
    """

    title: str
    plain: str
    dose: str
    due: date
    standing: Standing
    source: str
    entry: Entry | None = None
    declined: Entry | None = None
    closed: bool = False
    unsure: bool = False
    because: str = ""
    evidence: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Jab:
    """A dose as folded. `first` and `last` are the days it can have been; `meant` its concept."""

    entry: Entry
    meant: str
    first: date
    last: date

    @property
    def exact(self) -> bool:
        """Whether its day is known."""
        return self.first == self.last


def jab_of(entry: Entry) -> Jab | None:
    """A dose as folded; None of what is refuted, or said by software that nobody answers for."""
    if entry.status in NOT_SO or entry.unverified:
        return None
    found = (most_specific(one.codes, one.words, "vaccine")[0] for one in entry.said_by)
    meant = next((concept.id for concept in found if concept), "")
    when = entry.when
    if when is None:
        return Jab(entry=entry, meant=meant, first=date.min, last=date.max)
    if not any(said.when for said in entry.said_by):  # only when it was written down is known
        return Jab(entry=entry, meant=meant, first=date.min, last=when.day)
    spans = {"year": 364, "month": 27}
    last = when.day + timedelta(days=spans.get(when.precision, 0))
    return Jab(entry=entry, meant=meant, first=when.day, last=last)


def is_given(entry: Entry) -> bool:
    """Whether it says that a dose was given, rather than that it was not."""
    return isinstance(entry.detail, Immunisation) and entry.detail.given


def of_vaccines(jabs: Sequence[Jab], vaccines: tuple[str, ...]) -> list[Jab]:
    """Those of the vaccines, by concept."""
    return [jab for jab in jabs if jab.meant in vaccines]


def counted_once(jabs: Sequence[Jab], same_days: int) -> list[Jab]:
    """The doses, nearer ones counted once: two reports of one dose must not hide a missing one."""
    kept: list[Jab] = []
    for jab in sorted(jabs, key=lambda jab: (not jab.exact, jab.first, jab.entry.key)):
        near = timedelta(days=same_days)
        if all(_clear(jab, other, near) for other in kept):
            kept.append(jab)
    return kept


def _clear(one: Jab, other: Jab, near: timedelta) -> bool:
    """Whether the two are surely two doses: no days that they can have been are so near."""
    first, second = sorted((one, other), key=lambda jab: jab.first)
    return first.last != date.max and second.first - first.last > near


def in_season(
    row: Offered,
    opened: tuple[date, date, date],
    given: Sequence[Jab],
    declined: Sequence[Jab],
    *,
    because: str = "",
    evidence: tuple[Entry, ...] = (),
) -> Step:
    """This season's dose: given or due, never overdue. `opened` is when it starts and counts."""
    starts, counts, _ = opened
    taken = [jab for jab in of_vaccines(given, row.vaccines) if jab.first >= counts]
    no = [jab for jab in of_vaccines(declined, row.vaccines) if jab.first >= counts]
    return Step(
        title=row.title,
        plain=row.plain,
        dose="",
        due=starts,
        standing=Standing.GIVEN if taken else Standing.DUE,
        source=row.source,
        entry=taken[0].entry if taken else None,
        declined=no[0].entry if no and not taken else None,
        unsure=bool(taken) and not taken[0].exact,
        because=because,
        evidence=evidence,
    )
