"""The conditions of `levels.toml` in the words of Spark: each macro put in its place.

Spark has no macros that a lambda can call, so what a macro says stands where it is called. What
DuckDB and Spark call differently is exchanged; a test holds what comes of it to DuckDB on every
pair of a sample.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Any

from wholerecord.people.bulk.outside import sqlglot

_MACRO = re.compile(r"CREATE OR REPLACE MACRO (\w+)\(([^)]*)\) AS(.*?);\n", re.DOTALL)


def in_spark(condition: str) -> str:
    """A condition as Spark says it; `ELSE` stays.

    >>> in_spark("list_has_any(a_l, a_r)")
    'ARRAYS_OVERLAP(a_l, a_r)'
    >>> in_spark("day_turned(born_l, born_r)").count("SUBSTRING")
    6
    """
    if condition == "ELSE":
        return condition
    return _renamed(_spread(_parsed(condition))).sql(dialect="spark")


@cache
def _macros() -> dict[str, tuple[tuple[str, ...], Any]]:
    """The parameters of each macro, and what it says."""
    said = (files("wholerecord.people.bulk") / "macros.sql").read_text(encoding="utf-8") + "\n"
    return {
        name: (tuple(each.strip() for each in given.split(",")), _parsed(body))
        for name, given, body in _MACRO.findall(said)
    }


def _parsed(condition: str) -> Any:
    return sqlglot.parse_one(condition, read="duckdb")


def _spread(node: Any) -> Any:
    """What a condition says, with no macro in it."""
    return node.transform(_in_place)


def _in_place(node: Any) -> Any:
    name = node.name.lower() if isinstance(node, sqlglot.exp.Anonymous) else ""
    if name not in _macros():
        return node
    parameters, body = _macros()[name]
    given = dict(zip(parameters, map(_spread, node.expressions), strict=True))

    def put(inner: Any) -> Any:
        known = isinstance(inner, sqlglot.exp.Column) and inner.name in given
        return given[inner.name].copy() if known else inner

    return sqlglot.exp.Paren(this=_spread(body.copy().transform(put)))


def _renamed(node: Any) -> Any:
    return node.transform(_named)


def _named(node: Any) -> Any:
    exp = sqlglot.exp
    if isinstance(node, exp.ArrayOverlaps):
        return exp.Anonymous(this="ARRAYS_OVERLAP", expressions=[node.this, node.expression])
    if isinstance(node, exp.Anonymous) and node.name.lower() == "list_bool_or":
        [each] = node.expressions  # what takes its place is not gone through by `transform`
        named = [_renamed(each.this), _renamed(each.expression)]
        return exp.Anonymous(this="EXISTS", expressions=named)
    return node
