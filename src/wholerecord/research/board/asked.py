"""What a board is, and the expressions that boards share, in the nodes of the study language.

Every one is as of a day `on`: what was told later is not asked of.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wholerecord.research.study.nodes import (
    Among,
    Both,
    Cell,
    Compare,
    Either,
    Exists,
    Expression,
    Known,
    Not,
    Of,
    Rows,
    Value,
)
from wholerecord.terms import CONCEPTS, is_a

#: What counts as recent.
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The two expressions of a board as of one day."""

    among: Expression
    of: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How the people of a board are spread over the bands of one thing: a table of its own.

    `by` is text; `said` puts its values into the words that are shown.
    """

    name: str
    by: Callable[[date], Expression]
    said: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A board: its group in the list, its title, what its share is of, and how it is asked.

    It is broken down by what all are and by `more`, each a name and what it is by. `cautions` stand
    beside its numbers.
    """

    id: str
    group: str
    title: str
    among: str
    asked: Callable[[date], Measured]
    spread: Spread | None = None
    more: tuple[tuple[str, Callable[[date], Expression]], ...] = ()
    cautions: tuple[str, ...] = ()


def everybody() -> Expression:
    """What holds for everybody."""
    return Value(True)  # noqa: FBT003 - a truth of the study language


def alive(on: date) -> Expression:
    """Whether somebody was born and not dead on a day, as far as it is known."""
    dead = Compare("<=", Of("died"), Value(on))
    born = Either(Not(Known(Of("born"))), Compare("<=", Of("born"), Value(on)))
    return Both(Either(Not(Known(Of("died"))), Not(dead)), born)


def kinds_of(*wide: str) -> frozenset[str]:
    """Our concepts that are a kind of any of these."""
    return frozenset(
        one.id for one in CONCEPTS.values() if any(is_a(one, CONCEPTS[each]) for each in wide)
    )


def coded(table: str, *wide: str) -> Rows:
    """The rows of a table whose code is a kind of any of these concepts."""
    return Rows(table, Among(Cell("code"), kinds_of(*wide)))


def fewer(rows: Rows, where: Expression) -> Rows:
    """Of the rows those of which this holds too."""
    return Rows(rows.table, where if rows.where is None else Both(rows.where, where))


def by_day(rows: Rows, on: date) -> Rows:
    """Of the rows those that had begun."""
    return fewer(rows, Compare("<=", Cell("at"), Value(on)))


def since(rows: Rows, on: date, ago: timedelta = YEAR) -> Rows:
    """Of the rows those of the last year, or of so long."""
    return by_day(fewer(rows, Compare(">", Cell("at"), Value(on - ago))), on)


def has(condition: str, on: date) -> Expression:
    """Whether somebody has it: told by the day, with no end before it."""
    over = Both(Known(Cell("ended")), Compare("<=", Cell("ended"), Value(on)))
    return Exists(fewer(by_day(coded("condition", condition), on), Not(over)))


def takes(medicine: str, on: date) -> Expression:
    """Whether somebody was given it in the last year, not stopped."""
    stopped = Among(Cell("status"), frozenset({"stopped", "entered-in-error"}))
    return Exists(fewer(since(coded("medication", medicine), on), Not(stopped)))


def any_of(parts: Sequence[Expression]) -> Expression:
    """Whether one of the parts is so."""
    found = parts[0]
    for part in parts[1:]:
        found = Either(found, part)
    return found


def at_least(n: int, parts: Sequence[Expression]) -> Expression:
    """Whether so many of the parts are true."""
    if n == 1:
        return any_of(parts)
    found: Expression | None = None
    for place in range(len(parts) - n + 1):
        here = Both(parts[place], at_least(n - 1, parts[place + 1 :]))
        found = here if found is None else Either(found, here)
    return Value(False) if found is None else found  # noqa: FBT003 - fewer parts than asked
