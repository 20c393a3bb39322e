"""Small numbers suppressed, the others rounded: what may leave.

Source: NHS England, Hospital Episode Statistics analysis guide, disclosure control for published
counts: 1 to 7 are suppressed, the others are rounded to the nearest 5. Here zero is suppressed as
well, so that "nobody" cannot be told from "a few". No rounding hides a difference between
questions that overlap; so the questions are a fixed list, and each is on the public register.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wholerecord.research.count import Table

#: The largest number of people that is not shown.
SMALL = 7
#: What is shown is a multiple of this.
STEP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """A table that may be shown. None is a number that may not: 7 or fewer, or a sum with one.

    A total is shown only where every cell it adds is shown. So nothing that is shown depends on
    what is not: a suppressed cell could be any number from 0 to 7, and no subtraction finds it.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    apart: int | None


def disclose(table: Table) -> Disclosed:
    """What of a table may be shown. Totals are of the exact numbers, then rounded themselves."""
    columns = tuple(zip(*table.cells, strict=True))
    return Disclosed(
        rows=table.rows,
        columns=table.columns,
        cells=tuple(tuple(_shown(cell) for cell in row) for row in table.cells),
        row_totals=tuple(_total(row) for row in table.cells),
        column_totals=tuple(_total(column) for column in columns),
        total=_total([cell for row in table.cells for cell in row]),
        apart=_shown(table.apart),
    )


def span(cells: Iterable[int | None], total: int | None) -> str:
    """A total as a page shows it; where it is not shown, what the cells shown say it must be.

    Made only of what is shown, so it tells nothing more.

    >>> span((10, 25), 30), span((10, None), None), span((None, None), None)
    ('30', '8 to 19', 'not shown')
    """
    cells = list(cells)
    seen = [cell for cell in cells if cell is not None]
    if total is not None or not seen:
        return say(total)
    off = STEP // 2  # the most that rounding moves a number
    low = sum(max(cell - off, SMALL + 1) for cell in seen)
    high = sum(cell + off for cell in seen) + SMALL * (len(cells) - len(seen))
    return f"{say(low)} to {say(high)}"


def say(number: int | None) -> str:
    """A number as a page shows it.

    >>> say(1250), say(None)
    ('1,250', 'not shown')
    """
    return "not shown" if number is None else f"{number:,}"


def _shown(exact: int) -> int | None:
    return None if exact <= SMALL else STEP * ((exact + STEP // 2) // STEP)


def _total(exact: Iterable[int]) -> int | None:
    cells = list(exact)
    return None if any(cell <= SMALL for cell in cells) else _shown(sum(cells))
