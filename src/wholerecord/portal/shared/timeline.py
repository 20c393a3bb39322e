"""A whole record by time: entries of all kinds, newest first, by month; what has no date last.

Made of what may be seen and of nothing else: what is hidden leaves no gap, no month and no count.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

from wholerecord.care.plumbing import apart
from wholerecord.fold import Entry, Kind, Record
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.numbers import number

PAGE = 50
UNDATED = "No date said"
#: What of a line its page shows: each page has lines of its own.
L = TypeVar("L")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month(Generic[L]):
    """The lines of one month, of a year of which no month is said, or of no date."""

    title: str
    anchor: str
    lines: tuple[tuple[str, L], ...]  #: each with its kind in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to choose, with how many entries there are of it, and whether it is chosen."""

    name: str
    title: str
    total: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(Generic[L]):
    """One page of a record by time. `earlier` and `later` are addresses, "" at either end.

    `years` lead to the page on which each begins. `kinds` are those there are.
    """

    months: tuple[Month[L], ...]
    says: str
    kinds: tuple[Choice, ...]
    years: tuple[tuple[str, str, int], ...]
    newer: str
    older: str


def timeline(
    record: Record,
    links: Links,
    titles: Mapping[Kind, str],
    line: Callable[[Entry], L],
    *,
    chosen: Sequence[str],
    page: str,
) -> Timeline[L]:
    """The entries of the `chosen` kinds (all, where none is), `PAGE` to a page.

    `titles` are the kinds in the order and words of whoever reads; a kind that is not in the record
    and a page that there is not are as if they were not asked for. What is about messages is not
    among them.
    """
    every = sorted(apart(record.entries)[0], key=_newest_first)
    asked = {kind for kind in Kind if kind.value in chosen}
    fitting = [entry for entry in every if entry.kind in asked] if asked else every
    last = max(1, -(-len(fitting) // PAGE))
    at = min(number(page) or 1, last)
    start = (at - 1) * PAGE
    shown = fitting[start : start + PAGE]
    here = _Here(links, tuple(kind.value for kind in titles if kind in asked))
    return Timeline(
        months=tuple(_months(shown, titles, line)),
        says=_says(len(fitting), start, len(shown)),
        kinds=tuple(_kinds(every, titles, asked)),
        years=tuple(_years(fitting, here)),
        newer=here.page(at - 1) if start else "",
        older=here.page(at + 1) if start + PAGE < len(fitting) else "",
    )


@dataclass(frozen=True, slots=True)
class _Here:
    links: Links
    chosen: tuple[str, ...]

    def page(self, number: int) -> str:
        """The address of a page of the same choice."""
        query = self.links.query(page=str(number))
        more = "".join(f"&kind={name}" for name in self.chosen)
        return f"{self.links.base}/timeline{query}{more}"


def _newest_first(entry: Entry) -> tuple[bool, int, int]:
    """By year and month, those without a month after the others; else the record's own order."""
    year, month = _when(entry)
    return (year == 0, -year, -month)


def _when(entry: Entry) -> tuple[int, int]:
    """The year and the month said, 0 for what is not."""
    at = entry.when
    if at is None:
        return 0, 0
    day = at.day
    return day.year, 0 if at.precision == "year" else day.month


def _months(
    shown: Sequence[Entry], titles: Mapping[Kind, str], line: Callable[[Entry], L]
) -> Iterator[Month[L]]:
    for (year, month), entries in groupby(shown, key=_when):
        each = list(entries)
        at = each[0].when
        if at is None or not year:
            title = UNDATED
        else:
            title = f"{at.day:%B} {year}" if month else f"{year}, month not said"
        yield Month(
            title=title,
            anchor=f"m{year}-{month:02}",
            lines=tuple((titles[entry.kind], line(entry)) for entry in each),
        )


def _says(fitting: int, start: int, shown: int) -> str:
    if not shown:
        return ""
    of = words.count(fitting, "entry", "entries")
    return f"{start + 1:,} to {start + shown:,} of {of}, newest first"


def _kinds(
    every: Sequence[Entry], titles: Mapping[Kind, str], asked: set[Kind]
) -> Iterator[Choice]:
    totals = dict.fromkeys(titles, 0)
    for entry in every:
        totals[entry.kind] += 1
    for kind, title in titles.items():
        if totals[kind] or kind in asked:
            yield Choice(name=kind.value, title=title, total=totals[kind], chosen=kind in asked)


def _years(fitting: Sequence[Entry], here: _Here) -> Iterator[tuple[str, str, int]]:
    """Each year with the address at which it begins, and how many entries it has."""
    place = 0
    for year, entries in groupby(fitting, key=lambda entry: _when(entry)[0]):
        each = list(entries)
        anchor = f"m{year}-{_when(each[0])[1]:02}"
        yield str(year or UNDATED), f"{here.page(place // PAGE + 1)}#{anchor}", len(each)
        place += len(each)
