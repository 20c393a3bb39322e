"""How many people have a condition, by age band and sex: the question, and the answer unprotected.

What `tally` gives may identify people. Nobody is shown it: `research.disclose` comes between.
"""

from collections.abc import AsyncIterable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from wholerecord.errors import Incorrect
from wholerecord.fold import Condition, Entry, Kind, Record
from wholerecord.nhs import PartialDate
from wholerecord.terms import concept, is_a

#: The columns. Whoever is neither, or of whom it is not known, is counted apart.
SEXES = ("female", "male")
#: Lower bounds of the age bands, in years, when none are asked for.
BANDS = (0, 18, 40, 65, 80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """People alive on `as_of` whose record then had a confirmed condition with one of `codes`.

    `codes` are (system, code). A code whose concept is known stands for every kind of it.
    `bands` are the lower bounds of the age bands in whole years, rising.
    """

    title: str
    codes: tuple[tuple[str, str], ...]
    as_of: date
    bands: tuple[int, ...] = BANDS

    def __post_init__(self) -> None:
        if not self.codes:
            raise Incorrect("Name at least one code to count.")
        if not self.bands or list(self.bands) != sorted({*self.bands}) or self.bands[0] < 0:
            raise Incorrect("Age bands are whole years, each more than the one before.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Exact numbers of people, by band (rows) and sex (columns). Not to be shown.

    `apart` are those whom the rows and columns have no place for: age not known or below the
    first band, or sex neither female nor male. They are in no cell.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]
    apart: int


class Tally:
    """Adds records up for one question, one at a time."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._cells = [[0] * len(SEXES) for _ in count.bands]
        self._apart = 0

    def add(self, record: Record) -> None:
        """Count the record's person, if they are to be counted: once, however many entries fit."""
        if not counts(self._count, record):
            return
        who = record.who.best if record.who else None
        band = band_of(who.born, self._count) if who else None
        if who is None or band is None or who.sex not in SEXES:
            self._apart += 1
        else:
            self._cells[band][SEXES.index(who.sex)] += 1

    def table(self) -> Table:
        """What was added so far."""
        return Table(
            rows=band_names(self._count.bands),
            columns=SEXES,
            cells=tuple(tuple(row) for row in self._cells),
            apart=self._apart,
        )


async def tally(count: Count, records: AsyncIterable[Record]) -> Table:
    """The exact answer. `records` are those that may be counted: the door leaves opt-outs out.

    Any order of records gives the same table.
    """
    adding = Tally(count)
    async for record in records:
        adding.add(record)
    return adding.table()


def counts(count: Count, record: Record) -> bool:
    """Whether the person was born and alive on the day and had the condition confirmed by then."""
    if record.who is not None:
        best = record.who.best
        if best.dead and (best.died is None or best.died.day <= count.as_of):
            return False
        if best.born is not None and best.born.day > count.as_of:
            return False
    return any(_has(count, entry) for entry in record.of(Kind.CONDITION))


def _has(count: Count, entry: Entry) -> bool:
    """Whether the entry is one of the conditions asked for: never suspected, refuted or family's.

    A professional's ruling that an entry is wrong makes it refuted.
    """
    detail = entry.detail
    return (
        isinstance(detail, Condition)
        and detail.certainty == "confirmed"
        and entry.status in {"active", "remission", "resolved"}
        and (entry.when is None or entry.when.day <= count.as_of)
        and _coded(count, entry)
    )


def _coded(count: Count, entry: Entry) -> bool:
    codes = {code for said in entry.said_by for code in said.codes}
    if entry.code is not None:
        codes.add(entry.code)
    return any(
        _is_or_is_kind(code.system, code.code, system, asked)
        for code in codes
        for system, asked in count.codes
    )


def _is_or_is_kind(system: str, code: str, asked_system: str, asked: str) -> bool:
    if (system, code) == (asked_system, asked):
        return True
    narrow, wide = concept(system, code), concept(asked_system, asked)
    return narrow is not None and wide is not None and is_a(narrow, wide)


def age(born: date, on: date) -> int:
    """Whole years lived on a day, by the calendar; somebody born on 29 February ages on 1 March.

    >>> age(date(1950, 3, 12), date(2020, 3, 11)), age(date(1950, 3, 12), date(2020, 3, 12))
    (69, 70)
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def band_of(born: PartialDate | None, count: Count) -> int | None:
    """The row of somebody so born, or None when it is not known or could be either of two."""
    if born is None:
        return None
    rows = {_row(age(day, count.as_of), count.bands) for day in _first_and_last_day(born)}
    return rows.pop() if len(rows) == 1 else None


def band_names(bands: Iterable[int]) -> tuple[str, ...]:
    """Each band in words.

    >>> band_names((0, 18, 65))
    ('0 to 17', '18 to 64', '65 and over')
    """
    lower = tuple(bands)
    closed = (f"{one} to {above - 1}" for one, above in pairwise(lower))
    return (*closed, f"{lower[-1]} and over")


def _row(years: int, bands: tuple[int, ...]) -> int | None:
    return next((row for row in reversed(range(len(bands))) if years >= bands[row]), None)


def _first_and_last_day(born: PartialDate) -> tuple[date, date]:
    """The days between which somebody was born, when the day was not said."""
    first = born.day
    match born.precision:
        case "year":
            return first, date(first.year, 12, 31)
        case "month":
            later = first.replace(day=28) + timedelta(days=4)  # some day of the next month
            return first, later - timedelta(days=later.day)
        case _:
            return first, first
