"""A study as one DuckDB query, built as an expression tree: the same rows as `meaning`, quickly.

Every intermediate step has a name: `v1`, `v2`, … are what is made of rows, one line a person. The
last step joins the allow-list: whoever is not on it is in no study.
"""

from typing import Any

from sqlglot import exp

from wholerecord.research.count import band_names
from wholerecord.research.study.intervals import tables_of
from wholerecord.research.study.kinds import Kind, kind_of
from wholerecord.research.study.meaning import NOT_KNOWN
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
    Folded,
    Known,
    Not,
    Of,
    Pick,
    Rows,
    Scalar,
    Shift,
    Study,
    Value,
)
from wholerecord.research.tables import TABLES

#: The table of who may be asked about: the purpose gate's, one column `person`.
ALLOWED = "allowed"
_SIGNS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def plan(study: Study) -> exp.Select:
    """The query: a line for each person in the study, with `person` and what its tables are by.

    The columns of table number n are `tN_0`, `tN_1`, …, each text, and `tN_mean`.
    """
    planner = _Planner()
    scope = _Scope()
    included = planner.sql(study.people, scope)
    columns: list[exp.Expr] = [exp.column("person", "p")]
    for n, table in enumerate(tables_of(study)):
        columns += [
            exp.alias_(_in_words(planner.sql(part, scope), kind_of(part)), f"t{n}_{i}", copy=False)
            for i, part in enumerate(table.by)
        ]
        if table.mean is not None:
            mean = exp.cast(planner.sql(table.mean, scope), "DOUBLE")
            columns.append(exp.alias_(mean, f"t{n}_mean"))
    query = exp.select(*columns).from_(exp.to_table("person", alias="p"))
    query = query.join(ALLOWED, using=["person"], copy=False)
    query = _joined(query, scope, "p").where(included, copy=False)
    for name, step in planner.steps.items():
        query = query.with_(name, as_=step, copy=False)
    return query


class _Scope:
    """What a step speaks of: which steps it joins, whether the person, and which rows."""

    def __init__(self, table: str | None = None) -> None:
        self.table = table
        self.joins: dict[str, None] = {}
        self.person = table is None


class _Planner:
    """Turns expressions into SQL; what is made of rows becomes a step, once."""

    def __init__(self) -> None:
        self.steps: dict[str, exp.Select] = {}
        self._names: dict[Folded | tuple[Rows, bool], str] = {}

    def sql(  # noqa: C901 - a line for each node
        self, said: Expression, scope: _Scope
    ) -> exp.Expr:
        match said:
            case Value(value):
                return _literal(value)
            case Of(column):
                scope.person = True
                return exp.column(column, "p")
            case Cell(column):
                assert scope.table is not None  # noqa: S101 - `kinds` has seen to it
                return _day(scope.table, column, "r")
            case Known(part):
                return exp.Is(this=exp.paren(self.sql(part, scope)), expression=exp.Null()).not_()
            case Exists() | Count() | Pick() | Extreme():
                return self._folded(said, scope)
            case Not() | Both() | Either() | Compare() | Among():
                return exp.paren(self._truth(said, scope), copy=False)
            case Age(at):
                scope.person = True
                return _age(self.sql(at, scope))
            case Shift(day, days):
                moved = exp.Add(this=self.sql(day, scope), expression=_literal(days))
                return exp.paren(moved)
            case Days(start, end):
                first, second = self.sql(start, scope), self.sql(end, scope)
                return exp.DateDiff(this=second, expression=first, unit=exp.var("DAY"))
            case Band(part, bounds):
                return _band(self.sql(part, scope), bounds)
            case Edge():
                raise AssertionError("an interval is put in before a study is planned")

    def _truth(self, said: Not | Both | Either | Compare | Among, scope: _Scope) -> exp.Expr:
        match said:
            case Not(part):
                return exp.Not(this=self.sql(part, scope))
            case Both(left, right):
                return exp.And(this=self.sql(left, scope), expression=self.sql(right, scope))
            case Either(left, right):
                return exp.Or(this=self.sql(left, scope), expression=self.sql(right, scope))
            case Compare(sign, left, right):
                two = {"this": self.sql(left, scope), "expression": self.sql(right, scope)}
                return _SIGNS[sign](**two)
            case Among(part, values):
                of = [exp.Literal.string(each) for each in sorted(values)]
                return exp.In(this=self.sql(part, scope), expressions=of)

    def _folded(self, said: Folded, scope: _Scope) -> exp.Expr:
        key = (said.rows, said.last) if isinstance(said, Pick) else said
        name = self._names.get(key)
        if name is None:
            step = self._step(said)
            name = self._names[key] = f"v{len(self.steps) + 1}"
            self.steps[name] = step
        scope.joins[name] = None
        match said:
            case Exists():
                return _or(exp.column("value", name), exp.false())
            case Count():
                return _or(exp.column("value", name), _literal(0))
            case Pick(rows, _, column):
                return _day(rows.table, column, name)
            case Extreme():
                return exp.column("value", name)

    def _step(self, said: Folded) -> exp.Select:
        """One line for each person who has a row: `person`, and `value` or the row picked."""
        rows = said.rows
        scope = _Scope(rows.table)
        where = None if rows.where is None else self.sql(rows.where, scope)
        person = exp.column("person", "r")
        query = exp.select(person)
        match said:
            case Exists():
                query = query.select(exp.alias_(exp.true(), "value")).group_by(person)
            case Count():
                days = exp.Distinct(expressions=[_day(rows.table, "at", "r")])
                query = query.select(exp.alias_(exp.Count(this=days), "value")).group_by(person)
            case Extreme(_, highest, column):
                fold = exp.Max if highest else exp.Min
                value = fold(this=_day(rows.table, column, "r"))
                query = query.select(exp.alias_(value, "value")).group_by(person)
            case Pick():
                columns = (exp.column(each, "r") for each in _order(rows.table))
                query = query.select(*columns)
                query = query.where(exp.column("at", "r").is_(exp.Null()).not_())
        query = query.from_(exp.to_table(rows.table, alias="r"))
        if scope.person:
            on = exp.column("person", "p").eq(person)
            query = query.join(exp.to_table("person", alias="p"), on=on)
        query = _joined(query, scope, "r")
        query = query if where is None else query.where(where, copy=False)
        return self._picked(query, said) if isinstance(said, Pick) else query

    def _picked(self, rows: exp.Select, said: Pick) -> exp.Select:
        """Of each person's rows the first or last.

        Those of its moment are found before any are ordered: ordering all of them by every column
        takes three times as long.
        """
        name = f"v{len(self.steps) + 1}"
        self.steps[name] = rows
        fold = exp.Max if said.last else exp.Min
        moment = exp.alias_(fold(this=exp.column("at")), "at", quoted=True)
        ends = exp.select(exp.column("person"), moment).from_(name).group_by("person")
        columns = _order(said.rows.table)
        query = exp.select(*(exp.column(each, "r") for each in ("person", *columns)))
        query = query.from_(exp.to_table(name, alias="r"))
        query = query.join(ends.subquery("ends"), using=["person", "at"])
        return query.qualify(_first(columns, last=said.last))


def _joined(query: exp.Select, scope: _Scope, to: str) -> exp.Select:
    for name in scope.joins:
        on = exp.column("person", name).eq(exp.column("person", to))
        query = query.join(name, on=on, join_type="left", copy=False)
    return query


def _order(table: str) -> tuple[str, ...]:
    """What rows are ordered by: see `Pick`."""
    return ("at", *(each for each in TABLES[table].names if each not in {"person", "at"}))


def _first(columns: tuple[str, ...], *, last: bool) -> exp.Expr:
    """That a row is the first of its person's, or the last."""
    ordered = [
        exp.Ordered(this=exp.column(each, "r"), desc=last, nulls_first=not last) for each in columns
    ]
    window = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column("person", "r")],
        order=exp.Order(expressions=ordered),
    )
    return exp.EQ(this=window, expression=_literal(1))


def _day(table: str, column: str, alias: str) -> exp.Expr:
    """A column; a moment as its day."""
    found = TABLES[table].column(column)
    there = exp.column(column, alias)
    return exp.cast(there, "DATE") if found and found.type == "TIMESTAMP" else there


def _literal(value: Scalar) -> exp.Expr:
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, int | float):
        number = exp.Literal.number(abs(value))
        return exp.paren(exp.Neg(this=number)) if value < 0 else number
    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.cast(exp.Literal.string(value.isoformat()), "DATE")


def _called(name: str, *given: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(given))


def _or(value: exp.Expr, otherwise: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=value, expressions=[otherwise])


def _age(at: exp.Expr) -> exp.Expr:
    """Whole years by `count.age`. `date_diff('year', …)` counts new years, not birthdays."""
    born = exp.column("born", "p")

    def day_of_year(day: exp.Expr) -> exp.Expr:
        month = exp.Mul(this=_called("month", day.copy()), expression=_literal(100))
        return exp.Add(this=month, expression=_called("day", day.copy()))

    years = exp.Sub(this=_called("year", at.copy()), expression=_called("year", born.copy()))
    before = exp.LT(this=day_of_year(at), expression=day_of_year(born))
    not_yet = exp.Case().when(before, _literal(1)).else_(_literal(0))
    whole = exp.Sub(this=years, expression=not_yet)
    return exp.Case().when(exp.GTE(this=at.copy(), expression=born.copy()), whole)


def _band(number: exp.Expr, bounds: tuple[int, ...]) -> exp.Expr:
    case = exp.Case()
    for bound, name in reversed(list(zip(bounds, band_names(bounds), strict=True))):
        reached = exp.GTE(this=number.copy(), expression=_literal(bound))
        case = case.when(reached, exp.Literal.string(name))
    return case


def _in_words(value: exp.Expr, kind: Kind) -> exp.Expr:
    """A value as `meaning.in_words` says it."""
    if kind is Kind.TRUTH:
        contrary = exp.Not(this=value.copy())
        said = exp.Case().when(value, exp.Literal.string("yes"), copy=False)
        said = said.when(contrary, exp.Literal.string("no"), copy=False)
        return said.else_(exp.Literal.string(NOT_KNOWN), copy=False)
    return _or(value, exp.Literal.string(NOT_KNOWN))


def text(query: Any) -> str:
    """A query as DuckDB reads it."""
    return query.sql(dialect="duckdb")
