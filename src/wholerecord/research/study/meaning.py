"""What a study means: the slow plain engine, over rows held in memory. `plan` must agree with it.

Nothing here is clever. An expression is asked of one person at a time, from their own rows alone.
"""

import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from wholerecord.research.count import age, band_names
from wholerecord.research.study.intervals import tables_of
from wholerecord.research.study.nodes import (
    Age,
    Among,
    Band,
    Both,
    Cell,
    Compare,
    Count,
    Days,
    Edge,
    Either,
    Exists,
    Expression,
    Extreme,
    Known,
    Not,
    Of,
    Pick,
    Rows,
    Shift,
    Study,
    Table,
    Value,
)
from wholerecord.research.tables import TABLES

Found: TypeAlias = str | int | float | bool | date | datetime | None
Row: TypeAlias = Mapping[str, Found]
#: Rows by table. Each has `person`.
Data: TypeAlias = Mapping[str, Sequence[Row]]
#: The values a cell of a table is by → who is in it.
Cells: TypeAlias = dict[tuple[str, ...], frozenset[int]]

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One person and their rows; within `where`, the row in question."""

    person: Row
    rows: Mapping[str, Sequence[Row]]
    row: Row | None = None


def cells(study: Study, data: Data) -> dict[str, Cells]:
    """Who is in each cell of each table of the study, by the table's name."""
    people = [_asked(person, data) for person in data["person"]]
    inside = [one for one in people if value(study.people, one) is True]
    return {table.name: _cells(table, inside) for table in tables_of(study)}


def means(table: Table, people: Sequence[Asked]) -> dict[tuple[str, ...], list[float]]:
    """The numbers behind each cell's mean: of those who have one."""
    said: dict[tuple[str, ...], list[float]] = {}
    for one in people:
        number = None if table.mean is None else value(table.mean, one)
        if isinstance(number, int | float):
            said.setdefault(_key(table, one), []).append(float(number))
    return said


def _cells(table: Table, people: Sequence[Asked]) -> Cells:
    found: dict[tuple[str, ...], set[int]] = {}
    for one in people:
        number = one.person["person"]
        assert isinstance(number, int)  # noqa: S101 - `person` is never blank
        found.setdefault(_key(table, one), set()).add(number)
    return {key: frozenset(who) for key, who in found.items()}


def counts(study: Study, data: Data) -> dict[str, Counter[tuple[str, ...]]]:
    """How many people are in each cell of each table. Exact: not to be shown."""
    return {
        name: Counter({key: len(who) for key, who in found.items()})
        for name, found in cells(study, data).items()
    }


def _key(table: Table, one: Asked) -> tuple[str, ...]:
    return tuple(in_words(value(part, one)) for part in table.by)


def in_words(found: Found) -> str:
    """A value as the name of a row or column."""
    if found is None:
        return NOT_KNOWN
    if isinstance(found, bool):
        return "yes" if found else "no"
    return str(found)


def _asked(person: Row, data: Data) -> Asked:
    number = person["person"]
    own = {
        table: [row for row in rows if row["person"] == number]
        for table, rows in data.items()
        if table != "person"
    }
    return Asked(person=person, rows=own)


def value(said: Expression, one: Asked) -> Found:  # noqa: C901, PLR0912 - a line for each node
    """What the expression is for one person, or for the row in question."""
    match said:
        case Value(same):
            return same
        case Of(column):
            return one.person.get(column)
        case Cell(column):
            assert one.row is not None  # noqa: S101 - `kinds` has seen to it
            return _day(one.row.get(column))
        case Not() | Both() | Either() | Known() | Compare() | Among():
            return _truth(said, one)
        case Age(at):
            return _age(one, value(at, one))
        case Shift(day, days):
            start = value(day, one)
            return start + timedelta(days=days) if isinstance(start, date) else None
        case Days(start, end):
            return _days(value(start, one), value(end, one))
        case Band(part, bounds):
            return _band(value(part, one), bounds)
        case Exists(rows):
            return any(True for _ in _rows(rows, one))
        case Count(rows):
            days = {_day(row.get("at")) for row in _rows(rows, one)}
            return len(days - {None})
        case Pick(rows, last, column):
            return _pick(rows, one, column, last=last)
        case Extreme(rows, highest, column):
            values: list[Any] = [_day(row.get(column)) for row in _rows(rows, one)]
            known = [each for each in values if each is not None]
            return (max if highest else min)(known, default=None)
        case Edge():
            raise AssertionError("an interval is put in before a study is asked")


def _days(start: Found, end: Found) -> int | None:
    if not isinstance(start, date) or not isinstance(end, date):
        return None
    return end.toordinal() - start.toordinal()


def _truth(said: Expression, one: Asked) -> bool | None:
    match said:
        case Not(part):
            found = value(part, one)
            return None if found is None else not found
        case Both(left, right):
            two = (value(left, one), value(right, one))
            return False if False in two else None if None in two else True
        case Either(left, right):
            two = (value(left, one), value(right, one))
            return True if True in two else None if None in two else False
        case Known(part):
            return value(part, one) is not None
        case Compare(sign, left, right):
            return _compare(sign, value(left, one), value(right, one))
        case Among(part, values):
            found = value(part, one)
            return None if found is None else found in values
        case _:
            raise AssertionError(said)


_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compare(sign: str, left: Found, right: Found) -> bool | None:
    return None if left is None or right is None else _SIGNS[sign](left, right)


def _age(one: Asked, at: Found) -> int | None:
    born = one.person.get("born")
    if not isinstance(born, date) or not isinstance(at, date) or at < born:
        return None
    return age(born, at)


def _band(number: Found, bounds: tuple[int, ...]) -> str | None:
    if not isinstance(number, int | float):
        return None
    names = band_names(bounds)
    reached = [name for bound, name in zip(bounds, names, strict=True) if number >= bound]
    return reached[-1] if reached else None


def _rows(rows: Rows, one: Asked) -> list[Row]:
    own = one.rows.get(rows.table, ())
    if rows.where is None:
        return list(own)
    return [row for row in own if value(rows.where, replace(one, row=row)) is True]


def _pick(rows: Rows, one: Asked, column: str, *, last: bool) -> Found:
    dated = [row for row in _rows(rows, one) if row.get("at") is not None]
    if not dated:
        return None
    columns = ("at", *(each for each in TABLES[rows.table].names if each not in {"person", "at"}))

    def order(row: Row) -> tuple[tuple[int, Any], ...]:
        return tuple((0, None) if row.get(each) is None else (1, row[each]) for each in columns)

    chosen = (max if last else min)(dated, key=order)
    return _day(chosen.get(column))


def _day(found: Found) -> Found:
    return found.date() if isinstance(found, datetime) else found
