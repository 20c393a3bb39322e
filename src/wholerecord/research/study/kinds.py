"""Whether a study makes sense, before anybody's record is touched: each fault in words."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

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
    Feature,
    Folded,
    Known,
    Measure,
    Not,
    Of,
    Pick,
    Shift,
    Study,
    StudyWrong,
    Table,
    Value,
)
from wholerecord.research.tables import TABLES, Column

#: Days that a study may speak of.
_FIRST, _LAST = date(1850, 1, 1), date(2150, 1, 1)
#: The most days that one day may be moved by: a hundred years.
_FAR = 36_600
#: Dimensions of one table, intervals of one measure, and features of one extract.
_MOST_DIMENSIONS, _MOST_INTERVALS, _MOST_FEATURES = 3, 120, 60
#: Tables, counting each interval of a measure as one.
_MOST_TABLES = 200


class Kind(Enum):
    """What sort of value an expression has."""

    TRUTH = "yes or no"
    NUMBER = "a number"
    DAY = "a day"
    TEXT = "a text"


_OF_TYPE = {
    "BIGINT": Kind.NUMBER,
    "TINYINT": Kind.NUMBER,
    "DOUBLE": Kind.NUMBER,
    "VARCHAR": Kind.TEXT,
    "DATE": Kind.DAY,
    "TIMESTAMP": Kind.DAY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checker:
    """What is in scope: the rows of which table, and whether a measure's interval."""

    table: str | None
    interval: bool

    def kind(self, said: Expression) -> Kind:
        match said:
            case Value(value):
                return _kind_of_value(value)
            case Of(column):
                return _kind_of_column("person", column)
            case Cell(column):
                if self.table is None:
                    raise StudyWrong("`row` may only be used within `where(…)`.")
                return _kind_of_column(self.table, column)
            case Edge():
                if not self.interval:
                    raise StudyWrong("`interval` may only be used within `measure(…)`.")
                return Kind.DAY
            case Age() | Shift() | Days() | Band():
                return self._made(said)
            case Exists() | Count() | Pick() | Extreme():
                return self._folded(said)
            case _:
                self._truth(said)
                return Kind.TRUTH

    def _truth(self, said: Not | Both | Either | Known | Compare | Among) -> None:
        match said:
            case Not(part):
                self.need(part, Kind.TRUTH, "`not`")
            case Both(left, right) | Either(left, right):
                self.need(left, Kind.TRUTH, "`and` and `or`")
                self.need(right, Kind.TRUTH, "`and` and `or`")
            case Known(part):
                self.kind(part)
            case Compare(sign, left, right):
                self.need(right, self.kind(left), f"`{sign}`")
                if self.kind(left) is Kind.TRUTH:
                    raise StudyWrong("Yes and no are not compared: use `and`, `or` and `not`.")
            case Among(part, values):
                self.need(part, Kind.TEXT, "`in`")
                if not values:
                    raise StudyWrong("`in` needs at least one code: the list is empty.")

    def _made(self, said: Age | Shift | Days | Band) -> Kind:
        match said:
            case Age(at):
                self.need(at, Kind.DAY, "`age_at`")
                return Kind.NUMBER
            case Shift(day, days):
                self.need(day, Kind.DAY, "Moving a day")
                if abs(days) > _FAR:
                    raise StudyWrong(f"A day can be moved by {_FAR} days at most, not {days}.")
                return Kind.DAY
            case Days(start, end):
                self.need(start, Kind.DAY, "`days_between`")
                self.need(end, Kind.DAY, "`days_between`")
                return Kind.NUMBER
            case Band(part, bounds):
                self.need(part, Kind.NUMBER, "`band`")
                if not bounds or list(bounds) != sorted({*bounds}):
                    raise StudyWrong("`band` needs whole numbers, each more than the one before.")
                return Kind.TEXT

    def _folded(self, said: Folded) -> Kind:
        rows = said.rows
        if rows.table == "person" or rows.table not in TABLES:
            raise StudyWrong(f"There are no rows in a table `{rows.table}`.")
        if rows.where is not None:
            within = _Checker(table=rows.table, interval=self.interval)
            within.need(rows.where, Kind.TRUTH, "`where`")
        match said:
            case Exists():
                return Kind.TRUTH
            case Count():
                return Kind.NUMBER
            case Pick(_, _, column):
                return _kind_of_column(rows.table, column)
            case Extreme(_, _, column):
                found = _kind_of_column(rows.table, column)
                if found not in {Kind.NUMBER, Kind.DAY}:
                    raise StudyWrong(f"`{column}` is {found.value}: it has no lowest or highest.")
                return found

    def need(self, part: Expression, wanted: Kind, what: str) -> None:
        found = self.kind(part)
        if found is not wanted:
            raise StudyWrong(f"{what} needs {wanted.value}, and was given {found.value}.")


def kind_of(said: Expression, *, table: str | None = None, interval: bool = False) -> Kind:
    """What sort of value it has. `table`: the rows in scope; `interval`: a measure's is.

    Raises:
        StudyWrong: it makes no sense, and why.
    """
    return _Checker(table=table, interval=interval).kind(said)


def check(study: Study) -> None:
    """Nothing, when the study makes sense.

    Raises:
        StudyWrong: it does not, and what to put right.
    """
    check_people(study.people)
    if not (study.tables or study.measures or study.features):
        raise StudyWrong("It asks for nothing: add `table(…)`, `measure(…)` or `feature(…)`.")
    if study.features and (study.tables or study.measures):
        raise StudyWrong("Features leave as an extract: ask for tables in a study of their own.")
    names = [each.name for each in (*study.tables, *study.measures, *study.features)]
    for name in names:
        if names.count(name) > 1:
            what = "features" if study.features else "tables"
            raise StudyWrong(f"Two {what} are called {name!r}.")
    for table in study.tables:
        check_table(table)
    for measure in study.measures:
        check_measure(measure)
    for feature in study.features:
        check_feature(feature)
    if len(study.features) > _MOST_FEATURES:
        raise StudyWrong(f"It asks for more than {_MOST_FEATURES} features: ask for fewer.")
    if len(study.tables) + sum(each.intervals for each in study.measures) > _MOST_TABLES:
        raise StudyWrong(f"It asks for more than {_MOST_TABLES} tables and intervals: ask less.")


def check_people(people: Expression) -> None:
    """Nothing, when it can say who is in a study."""
    _need_truth(people, "The study's people")


def check_table(table: Table) -> None:
    """Nothing, when the table may leave."""
    if len(table.by) > _MOST_DIMENSIONS:
        raise StudyWrong(
            f"{table.name!r} is by {len(table.by)} values: {_MOST_DIMENSIONS} at most."
        )
    for one in table.by:
        _need_few(one, table.name)
    if table.mean is not None and kind_of(table.mean) is not Kind.NUMBER:
        raise StudyWrong(f"The mean of {table.name!r} needs a number.")


def check_feature(feature: Feature) -> None:
    """Nothing, when the feature may be a column."""
    _need_few(feature.of, feature.name)
    if feature.name == "person":
        raise StudyWrong("A feature cannot be called 'person': that column is there already.")


def _need_few(one: Expression, name: str) -> None:
    """That few values are possible."""
    if kind_of(one) in {Kind.DAY, Kind.NUMBER}:
        raise StudyWrong(
            f"{name!r} is by {kind_of(one).value}, which singles people out: put it in bands with"
            " `band(…)`, or compare it."
        )


def check_measure(measure: Measure) -> None:
    """Nothing, when the measure makes sense."""
    _need_truth(measure.of, f"`of` in {measure.name!r}", interval=True)
    _need_truth(measure.among, f"`among` in {measure.name!r}", interval=True)
    if not 1 <= measure.months <= 120:
        raise StudyWrong(f"{measure.name!r} needs intervals of 1 to 120 months.")
    if not 1 <= measure.intervals <= _MOST_INTERVALS:
        raise StudyWrong(f"{measure.name!r} needs 1 to {_MOST_INTERVALS} intervals.")
    _kind_of_value(measure.start)


def _need_truth(said: Expression, what: str, *, interval: bool = False) -> None:
    found = kind_of(said, interval=interval)
    if found is not Kind.TRUTH:
        raise StudyWrong(f"{what} must be said with yes or no, not with {found.value}.")


def column_of(table: str, name: str) -> Column:
    """The column of a table.

    Raises:
        StudyWrong: it has none of that name, or whose row it is was asked for.
    """
    found = TABLES[table].column(name)
    if found is None or name == "person":
        known = ", ".join(each for each in TABLES[table].names if each != "person")
        raise StudyWrong(f"`{table}` has no column `{name}`: it has {known}.")
    return found


def _kind_of_column(table: str, name: str) -> Kind:
    return _OF_TYPE[column_of(table, name).type]


def _kind_of_value(value: object) -> Kind:
    match value:
        case bool():
            return Kind.TRUTH
        case int() | float():
            if not abs(value) <= 1e15:
                raise StudyWrong("A number in it is too large.")
            return Kind.NUMBER
        case date():
            if not _FIRST <= value <= _LAST:
                raise StudyWrong(f"{value} is not a day to ask about: 1850 to 2150.")
            return Kind.DAY
        case _:
            return Kind.TEXT
