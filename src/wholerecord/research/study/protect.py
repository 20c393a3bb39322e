"""A table as it may leave: small numbers hidden, the others rounded, totals of what is shown.

Source: as `research.disclose`. A total is made of the rounded numbers that are shown and of nothing
else, so no margin gives a hidden number back: there is nothing to suppress beside it. A value that
few people have is no row or column at all, for its name would say that somebody has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wholerecord.research.disclose import SMALL, STEP
from wholerecord.research.study.factors import TableOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table that may be shown. None is a number of `SMALL` or fewer: zero is one of them.

    `left_out`: values that few people have are left out, wherever there are any. It says so of
    every table that is by something, for whether there was such a value tells nobody from a few.
    """

    name: str
    names: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], int | None], ...]
    total: int
    left_out: bool


def protect(table: TableOf) -> Shown:
    """What of a table may be shown. Each number depends on its own people alone."""
    kept = tuple(
        tuple(value for value in values if _with(table, n, value) > SMALL)
        for n, values in enumerate(table.values)
    )
    rows = tuple(
        (cell.key, shown(cell.people.bit_count()))
        for cell in table.cells
        if all(value in values for value, values in zip(cell.key, kept, strict=True))
    )
    return Shown(
        name=table.name,
        names=table.names,
        rows=rows,
        total=sum(number for _, number in rows if number is not None),
        left_out=bool(table.names),
    )


def shown(exact: int) -> int | None:
    """A number as it may be shown.

    >>> shown(7), shown(8), shown(12), shown(13)
    (None, 10, 10, 15)
    """
    return None if exact <= SMALL else STEP * ((exact + STEP // 2) // STEP)


def dominates(largest: tuple[float, float], total: float) -> bool:
    """Whether a sum tells of one person: one is half of it, or two are four fifths.

    >>> dominates((50, 1), 90), dominates((10, 10), 90)
    (True, False)
    """
    one, two = largest
    return one * 2 >= total or (one + two) * 5 >= total * 4


def as_csv(table: Shown) -> str:
    """The table as CSV that no spreadsheet takes for a formula.

    Source: OWASP, CSV Injection: a cell that begins with = + - @, a tab or a return is one.
    """
    lines = [(*table.names, "people")]
    lines += [(*key, "" if number is None else str(number)) for key, number in table.rows]
    return "".join(map(csv_line, lines))


def csv_line(cells: Iterable[str]) -> str:
    """A line of CSV that no spreadsheet takes for a formula."""
    return ",".join(map(_cell, cells)) + "\r\n"


def _cell(said: str) -> str:
    plain = "'" + said if said[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else said
    return '"' + plain.replace('"', '""') + '"' if set(plain) & set('",\r\n') else plain


def _with(table: TableOf, dimension: int, value: str) -> int:
    people = 0
    for cell in table.cells:
        if cell.key[dimension] == value:
            people |= cell.people
    return people.bit_count()
