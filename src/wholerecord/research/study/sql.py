"""A study as SQL, for those who prefer it: one SELECT of a narrow shape, and nothing beside it.

    SELECT p.sex, COUNT(DISTINCT p.person) AS people
    FROM person AS p JOIN condition AS c USING (person)
    WHERE c.code = '44054006' GROUP BY p.sex

It is parsed, and every node of it stands on a list; what leaves is made by us from who is in each
cell, with the same protection as any study. `person` joins tables and is counted, and is nothing
else: so who is in a cell is always known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from wholerecord.research.study.meaning import NOT_KNOWN
from wholerecord.research.study.nodes import StudyWrong
from wholerecord.research.study.plan import ALLOWED
from wholerecord.research.tables import TABLES

_LONGEST, _MOST_NODES, _MOST_KEYS = 20_000, 2_000, 3
#: What a query may be made of. What is not here is refused.
_MAY: tuple[type[exp.Expr], ...] = (
    *(exp.Select, exp.From, exp.Table, exp.TableAlias, exp.Identifier, exp.Column, exp.Alias),
    *(exp.Join, exp.Where, exp.Group, exp.With, exp.CTE, exp.Subquery, exp.Paren, exp.Tuple),
    *(exp.Literal, exp.Null, exp.Boolean, exp.Neg, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ),
    *(exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In, exp.Between, exp.Case, exp.If),
    *(exp.Coalesce, exp.Cast, exp.DataType, exp.Add, exp.Sub, exp.Count, exp.Min, exp.Max),
    *(exp.Distinct, exp.Exists, exp.Window, exp.RowNumber, exp.Order, exp.Ordered, exp.Qualify),
)
_LARGEST = 40_000
_TYPES = {"DATE", "INT", "DOUBLE", "VARCHAR", "TEXT", "BOOLEAN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlStudy:
    """A study in SQL, checked: one table of people, by `names`."""

    query: exp.Select
    names: tuple[str, ...]
    title: str = "people"


def sql_study(raw: bytes) -> SqlStudy:
    """The study that a query is.

    Raises:
        StudyWrong: it is not of the shape, and what to change.
    """
    return SqlStudy(query=read_sql(raw), names=names(raw))


def read_sql(raw: bytes) -> exp.Select:
    """The query, checked: it gives a line for each person and cell they are in.

    Its columns are `t0_0`, `t0_1`, … and `person`.

    Raises:
        StudyWrong: it is not of the shape, and what to change.
    """
    query = _parse(raw)
    named = {cte.alias for cte in query.find_all(exp.CTE)}
    if named & {*TABLES, ALLOWED}:
        raise StudyWrong("A WITH has the name of a table: use another.")
    for node in query.walk():
        _check_node(node, named)
    keys = _keys(query)
    narrowed: Any = query.transform(_allowed_only)
    lines = [exp.alias_(_said(key), f"t0_{n}") for n, key in enumerate(keys)]
    counted: Any = query.expressions[-1].find(exp.Column)
    narrowed.set("expressions", [*lines, exp.alias_(counted.copy(), "person")])
    narrowed.set("group", None)
    narrowed.set("distinct", exp.Distinct())
    return narrowed


def names(raw: bytes) -> tuple[str, ...]:
    """The names of what the table is by."""
    return tuple(each.alias_or_name for each in _parse(raw).expressions[:-1])


def _parse(raw: bytes) -> exp.Select:
    if len(raw) > _LONGEST:
        raise StudyWrong(f"The query is longer than {_LONGEST} bytes.")
    try:
        statements = sqlglot.parse(raw.decode(), dialect="duckdb")
    except UnicodeDecodeError:
        raise StudyWrong("The query is not UTF-8 text.") from None
    except (SqlglotError, RecursionError) as error:
        found: list[dict[str, Any]] = getattr(error, "errors", [])
        where = f"Line {found[0].get('line', 1)}: " if found else ""
        raise StudyWrong(f"{where}this is not SQL that can be read.") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise StudyWrong("A study is one SELECT and nothing else.")
    if sum(1 for _ in statements[0].walk()) > _MOST_NODES:
        raise StudyWrong("The query says too much at once: ask for less.")
    return statements[0]


def _check_node(node: exp.Expr, named: set[str]) -> None:  # noqa: C901 - a rule on each line
    if type(node) not in _MAY:
        raise StudyWrong(f"{type(node).__name__} cannot be used in a query of a study.")
    match node:
        case exp.Table():
            _check_table(node, named)
        case exp.Join():
            if not _joins_people(node):
                raise StudyWrong("Tables are joined by `USING (person)` and in no other way.")
        case exp.Order() if not isinstance(node.parent, exp.Window):
            raise StudyWrong("Leave the order out: a table leaves in the order of its rows.")
        case exp.Select() if node.args.get("from_", node.args.get("from")) is None:
            raise StudyWrong("Every SELECT names the table it is about.")
        case exp.Alias() if node.alias == "person" and not _is_person(node.this):
            raise StudyWrong("Nothing may be called `person` but the person.")
        case exp.With() if node.args.get("recursive"):
            raise StudyWrong("WITH RECURSIVE cannot be used: a query of a study ends.")
        case exp.TableAlias() if node.args.get("columns"):
            raise StudyWrong("Columns are named with AS, not beside a table's name.")
        case exp.Literal() if not node.is_string and not _is_small(node):
            raise StudyWrong(f"A number in it is too large: {_LARGEST} at most.")
        case exp.DataType() if node.sql(dialect="duckdb") not in _TYPES:
            raise StudyWrong("A CAST is to DATE, INT, DOUBLE, TEXT or BOOLEAN.")
        case _:
            return


def _is_small(number: exp.Literal) -> bool:
    """Whether it is so small that no sum of such numbers and days fails for some people only."""
    try:
        return float(number.name) <= _LARGEST
    except ValueError:
        return False


def _check_table(table: exp.Table, named: set[str]) -> None:
    plain = isinstance(table.this, exp.Identifier) and not (table.db or table.catalog)
    if not plain or (table.name not in TABLES and table.name not in named):
        raise StudyWrong(f"There is no table {table.name!r}: there are {', '.join(TABLES)}.")
    if set(table.args) - {"this", "alias", "db", "catalog", "joins"} and any(
        table.args.get(each) for each in set(table.args) - {"this", "alias", "joins"}
    ):
        raise StudyWrong(f"Of {table.name!r}, only the name and AS may be said.")


def _joins_people(join: exp.Join) -> bool:
    using: list[Any] = join.args.get("using") or []
    odd = {*("method", "global_", "global", "hint", "match_condition")}
    kinds = (join.side or "").upper() in {"", "LEFT"} and (join.kind or "").upper() in {"", "INNER"}
    plain = kinds and not any(join.args.get(each) for each in odd)
    return plain and [each.name for each in using] == ["person"] and not join.args.get("on")


def _keys(query: exp.Select) -> list[exp.Expr]:
    """What the table is by: all but the last column, which counts people."""
    *keys, last = query.expressions or [exp.Null()]
    counted: Any = last.unalias()
    distinct: Any = counted.this if isinstance(counted, exp.Count) else None
    of: list[Any] = distinct.expressions if isinstance(distinct, exp.Distinct) else []
    if len(of) != 1 or not _is_person(of[0]):
        raise StudyWrong("The last column must be COUNT(DISTINCT person): people are what leaves.")
    grouped = {each.sql() for each in _grouped(query)}
    bare = [key.unalias() for key in keys]
    if {key.sql() for key in bare} != grouped or len(bare) > _MOST_KEYS:
        raise StudyWrong(f"GROUP BY must name the other columns, {_MOST_KEYS} at most.")
    if query.args.get("qualify") or query.args.get("distinct"):
        raise StudyWrong("QUALIFY and DISTINCT stand in a WITH, not beside the count.")
    for key in bare:
        if any(_is_person(each) for each in key.walk()) or key.find(exp.Count, exp.Window):
            raise StudyWrong("A table is by values of people, never by `person` or by a count.")
    return [key.copy() for key in bare]


def _grouped(query: exp.Select) -> Iterator[exp.Expr]:
    group: Any = query.args.get("group")
    if group is not None:
        if any(value for name, value in group.args.items() if name != "expressions"):
            raise StudyWrong("GROUP BY names columns and nothing else.")
        yield from group.expressions


def _is_person(node: Any) -> bool:
    return isinstance(node, exp.Column) and node.name == "person"


def _allowed_only(node: exp.Expr) -> exp.Expr:
    """A table as those of its rows that are about people who may be asked about.

    A cast that fails gives nothing instead of an error: whether there is an error tells too.
    """
    if type(node) is exp.Cast:
        return exp.TryCast(this=node.this, to=node.args["to"])
    if not isinstance(node, exp.Table) or node.name not in TABLES:
        return node
    inner = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier("one")))
    inner = inner.from_(exp.alias_(exp.to_table(node.name), "one", table=True))
    return inner.join(ALLOWED, using=["person"]).subquery(node.alias_or_name)


def _said(key: exp.Expr) -> exp.Expr:
    """A value in words, as `meaning.in_words` says it."""
    words = exp.cast(key, "VARCHAR")
    return exp.Coalesce(this=words, expressions=[exp.Literal.string(NOT_KNOWN)])
