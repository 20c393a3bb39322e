"""What a study says, as frozen values: who is in it, and the tables that are to leave.

An expression stands for one value of each person, or, within `Rows.where`, of each row. None is
"not known", with the logic of SQL: `Both(None, False)` is False, `Both(None, True)` is None.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, TypeAlias

from wholerecord.errors import Incorrect

Scalar: TypeAlias = str | int | float | bool | date


class StudyWrong(Incorrect):
    """The study cannot be run as it stands."""


@dataclass(frozen=True, slots=True)
class Value:
    """The same value for everybody."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Of:
    """A column of the person."""

    column: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of the row in question. A moment counts as its day."""

    column: str


@dataclass(frozen=True, slots=True)
class Edge:
    """The first day of a measure's interval, or the first day after it."""

    end: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary; of what is not known, not known."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class Both:
    """Whether both are so."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Either:
    """Whether one of the two is so, or both."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Known:
    """Whether there is a value at all: true or false, never not known."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class Compare:
    """How two values stand to each other."""

    sign: Literal["=", "<>", "<", "<=", ">", ">="]
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Among:
    """Whether a text is one of these."""

    part: "Expression"
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Age:
    """Whole years the person has lived on a day, by `count.age`; before birth not known."""

    at: "Expression"


@dataclass(frozen=True, slots=True)
class Shift:
    """A day, so many days later."""

    day: "Expression"
    days: int


@dataclass(frozen=True, slots=True)
class Days:
    """Days from one day to another; negative when the second is earlier."""

    start: "Expression"
    end: "Expression"


@dataclass(frozen=True, slots=True)
class Band:
    """Which band a number is in, in words (`count.band_names`); below the first, not known."""

    part: "Expression"
    bounds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table of which `where` is true. `where` may speak of the person as well."""

    table: str
    where: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether the person has a row."""

    rows: Rows


@dataclass(frozen=True, slots=True)
class Count:
    """On how many different days the person has a row. Rows without a day are not counted."""

    rows: Rows


@dataclass(frozen=True, slots=True)
class Pick:
    """A column of the person's first or last row that has a day.

    Among rows of the same moment the other columns decide, in the table's order, what is not known
    coming before everything: so two picks from the same rows speak of the same row.
    """

    rows: Rows
    last: bool
    column: str


@dataclass(frozen=True, slots=True)
class Extreme:
    """The lowest or highest of a column over the person's rows."""

    rows: Rows
    highest: bool
    column: str


Expression: TypeAlias = (
    Value
    | Of
    | Cell
    | Edge
    | Not
    | Both
    | Either
    | Known
    | Compare
    | Among
    | Age
    | Shift
    | Days
    | Band
    | Exists
    | Count
    | Pick
    | Extreme
)
#: What makes one value of a person out of rows.
Folded: TypeAlias = Exists | Count | Pick | Extreme


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is to leave: how many people of the population, by some of their values.

    `mean`: the mean of a number over those of them who have it, beside each count.
    """

    name: str
    by: tuple[Expression, ...]
    names: tuple[str, ...]
    mean: Expression | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """Of those `among` whom it is asked in each interval, how many `of` whom it holds.

    The intervals follow one another from `start`, each of so many calendar months.
    """

    name: str
    of: Expression
    among: Expression
    start: date
    months: int
    intervals: int


@dataclass(frozen=True, slots=True)
class Feature:
    """A column of a line for each person: it leaves as an extract, and never by itself."""

    name: str
    of: Expression


@dataclass(frozen=True, slots=True)
class Study:
    """A whole study. `people` says who is in it."""

    title: str
    people: Expression
    tables: tuple[Table, ...]
    measures: tuple[Measure, ...] = ()
    features: tuple[Feature, ...] = ()


def parts(expression: Expression | Rows) -> Iterator[Expression | Rows]:
    """What an expression is directly made of."""
    for field in fields(expression):
        part = getattr(expression, field.name)
        if isinstance(part, NODES):
            yield part


NODES = (
    *(Value, Of, Cell, Edge, Not, Both, Either, Known, Compare, Among),
    *(Age, Shift, Days, Band, Exists, Count, Pick, Extreme, Rows),
)
