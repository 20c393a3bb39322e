"""The words a study may use, and what each of them makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from wholerecord.research.study.codelist import CodeList, read_codes
from wholerecord.research.study.kinds import (
    check_feature,
    check_measure,
    check_people,
    check_table,
    kind_of,
)
from wholerecord.research.study.nodes import (
    Age,
    Band,
    Both,
    Cell,
    Count,
    Days,
    Edge,
    Exists,
    Expression,
    Extreme,
    Feature,
    Known,
    Measure,
    Of,
    Pick,
    Rows,
    StudyWrong,
    Table,
)
from wholerecord.research.study.values import as_expression, items
from wholerecord.research.tables import TABLES


@dataclass(frozen=True, slots=True)
class Period:
    """So many days."""

    days: int


@dataclass(frozen=True, slots=True)
class Person:
    """The word `person`."""

    def column(self, name: str) -> Expression:
        """Something about the person."""
        return Of(name)


@dataclass(frozen=True, slots=True)
class RowWord:
    """The word `row`."""

    def column(self, name: str) -> Expression:
        """A column of the row in question."""
        return Cell(name)


@dataclass(frozen=True, slots=True)
class Interval:
    """The word `interval`."""

    def column(self, name: str) -> Expression:
        """Its `start` or `end`, the day after its last."""
        if name not in {"start", "end"}:
            raise StudyWrong("An interval has a `start` and an `end`.")
        return Edge(end=name == "end")


@dataclass(frozen=True, slots=True)
class Picked:
    """A row of rows: the first or the last."""

    rows: Rows
    last: bool

    def column(self, name: str) -> Expression:
        """A column of that row."""
        return Pick(self.rows, self.last, name)


@dataclass(slots=True)
class Said:
    """What the study asks for, as far as it was read."""

    title: str | None = None
    people: Expression | None = None
    tables: list[Table] = field(default_factory=list[Table])
    measures: list[Measure] = field(default_factory=list[Measure])
    features: list[Feature] = field(default_factory=list[Feature])


class Reader(Protocol):
    """What a word may do: add to what is asked for, and read a code list."""

    said: Said
    read_list: Callable[[str], bytes]


def _study(reader: Reader, title: str, *, people: Any) -> None:
    if reader.said.title is not None:
        raise StudyWrong("A file holds one study.")
    reader.said.title = _name(title)
    reader.said.people = as_expression(people)
    check_people(reader.said.people)


def _table(reader: Reader, name: str, *, by: Any = (), mean: Any = None) -> None:
    given = items(by)
    table = Table(
        name=_name(name),
        by=tuple(map(as_expression, given)),
        names=tuple(_column_name(each, n) for n, each in enumerate(given, 1)),
        mean=None if mean is None else as_expression(mean),
    )
    check_table(table)
    reader.said.tables.append(table)


def _measure(
    reader: Reader, name: str, *, of: Any, among: Any, start: Any, months: Any, intervals: Any
) -> None:
    whole = all(type(each) is int for each in (months, intervals))
    if not whole or not isinstance(start, date):
        raise StudyWrong("`start` is a `date(…)`; `months` and `intervals` are whole numbers.")
    measure = Measure(_name(name), as_expression(of), as_expression(among), start, months,
                      intervals)  # fmt: skip
    check_measure(measure)
    reader.said.measures.append(measure)


def _feature(reader: Reader, name: str, of: Any) -> None:
    feature = Feature(_name(name), as_expression(of))
    check_feature(feature)
    reader.said.features.append(feature)


def _codelist(reader: Reader, name: Any, column: Any = None) -> CodeList:
    if not isinstance(name, str) or not name.endswith(".csv") or set(name) & set("/\\:\0"):
        raise StudyWrong("A code list is named by a file beside the study: `codelist('x.csv')`.")
    return read_codes(name, reader.read_list(name), column)


def _codes(_: Reader, *codes: Any) -> CodeList:
    if not codes or not all(isinstance(code, str) for code in codes):
        raise StudyWrong("`codes(…)` needs the codes, each in quotes.")
    return CodeList(codes=frozenset(codes))


def _date(_: Reader, year: int, month: int, day: int) -> date:
    if not all(type(each) is int for each in (year, month, day)):
        raise StudyWrong("`date(…)` needs whole numbers.")
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        raise StudyWrong(f"There is no day {year}-{month}-{day}.") from None


def _days(_: Reader, n: int) -> Period:
    if type(n) is not int:
        raise StudyWrong("`days(…)` needs a whole number.")
    return Period(n)


def _age_at(_: Reader, day: Any) -> Expression:
    return Age(as_expression(day))


def _days_between(_: Reader, start: Any, end: Any) -> Expression:
    return Days(as_expression(start), as_expression(end))


def _band(_: Reader, number: Any, *bounds: int) -> Expression:
    if not all(type(bound) is int and 0 <= bound <= 10**9 for bound in bounds):
        raise StudyWrong("`band` needs whole numbers from 0.")
    return Band(as_expression(number), bounds)


def _known(_: Reader, said: Any) -> Expression:
    return Known(as_expression(said))


#: The words that are called.
WORDS: Mapping[str, Callable[..., Any]] = {
    "study": _study,
    "table": _table,
    "measure": _measure,
    "feature": _feature,
    "codelist": _codelist,
    "codes": _codes,
    "date": _date,
    "days": _days,
    "age_at": _age_at,
    "days_between": _days_between,
    "band": _band,
    "known": _known,
}


def _where(rows: Rows, said: Any) -> Rows:
    more = as_expression(said)
    fewer = Rows(rows.table, more if rows.where is None else Both(rows.where, more))
    kind_of(Exists(fewer), interval=True)
    return fewer


def _column(rows: Rows, name: Any) -> str:
    if not isinstance(name, str) or TABLES[rows.table].column(name) is None:
        raise StudyWrong("Name a column of the rows, in quotes.")
    return name


def _first(rows: Rows) -> Picked:
    return Picked(rows, last=False)


def _last(rows: Rows) -> Picked:
    return Picked(rows, last=True)


def _lowest(rows: Rows, name: Any) -> Expression:
    return Extreme(rows, highest=False, column=_column(rows, name))


def _highest(rows: Rows, name: Any) -> Expression:
    return Extreme(rows, highest=True, column=_column(rows, name))


#: What may be asked of rows.
METHODS: Mapping[str, Callable[..., Any]] = {
    "where": _where,
    "exists": Exists,
    "count": Count,
    "first": _first,
    "last": _last,
    "lowest": _lowest,
    "highest": _highest,
}


def _name(said: Any) -> str:
    if not isinstance(said, str) or not 0 < len(said) <= 120 or not said.isprintable():
        raise StudyWrong("A title or name is a line of text in quotes, of 120 letters at most.")
    return said


def _column_name(said: Any, n: int) -> str:
    match said:
        case Of(column) | Pick(_, _, column):
            return column
        case Band(Of(column)):
            return column
        case Band(Age()):
            return "age"
        case _:
            return f"by {n}"
