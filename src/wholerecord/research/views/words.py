"""What two engines call the same things: one plan is written in the words of either."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeAlias

from sqlglot import exp

from wholerecord.research.views.shapes import Shape, ddl, structure

Sql: TypeAlias = Any  # sqlglot's nodes, of which it does not say the types to the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The names of an engine's functions, and where its lists begin to be counted."""

    dialect: str
    transform: str
    filter: str
    size: str
    concat: str
    join: str
    error: str
    unnest: str
    read: str
    first: int


DUCKDB = Words(
    dialect="duckdb",
    transform="list_transform",
    filter="list_filter",
    size="len",
    concat="list_concat",
    join="array_to_string",
    error="error",
    unnest="unnest",
    read="json_transform",
    first=1,
)
SPARK = Words(
    dialect="spark",
    transform="transform",
    filter="filter",
    size="size",
    concat="concat",
    join="array_join",
    error="raise_error",
    unnest="explode",
    read="from_json",
    first=0,
)


#: Spark reads nothing but structs: of a type of which there is no resource, one never asked.
_NOTHING_READ = "STRUCT<`resourceType`: STRING>"


class Writer:
    """Writes small parts of a plan in an engine's words."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._names = count(1)

    def call(self, name: str, *given: Sql) -> Sql:
        """A call of a function."""
        return exp.Anonymous(this=name, expressions=list(given))

    def field(self, of: Sql, name: str) -> Sql:
        """A field of a struct."""
        return exp.Dot(this=of, expression=exp.to_identifier(name, quoted=True))

    def size(self, of: Sql) -> Sql:
        """How long a list is."""
        return self.call(self.words.size, of)

    def place(self, of: Sql, n: int) -> Sql:
        """The element of a list at place `n` from 0; -1 is the last; NULL beyond."""
        words = self.words
        if words.dialect == "duckdb":
            return self.call("list_extract", of, _number(n + 1 if n >= 0 else n))
        return self.call("try_element_at", of, _number(n + 1 if n >= 0 else n))

    def each(self, of: Sql, body: Callable[[Sql], Sql]) -> Sql:
        """`body` of each element of a list."""
        return self._lambda(self.words.transform, of, body)

    def numbered(self, of: Sql, body: Callable[[Sql, Sql], Sql]) -> Sql:
        """`body` of each element of a list and its place from 0."""
        one, place = self._fresh(), self._fresh()
        at: Sql = exp.column(place)
        if self.words.first:
            at = exp.Paren(this=exp.Sub(this=at, expression=_number(self.words.first)))
        made = exp.Lambda(
            this=body(exp.column(one), at),
            expressions=[exp.to_identifier(one), exp.to_identifier(place)],
        )
        return self.call(self.words.transform, of, made)

    def those(self, of: Sql, condition: Callable[[Sql], Sql]) -> Sql:
        """The elements of a list for which it is true."""
        return self._lambda(self.words.filter, of, condition)

    def given(self, of: Sql) -> Sql:
        """The elements of a list that are not NULL."""
        return self.those(of, is_given)

    def flat(self, of: Sql) -> Sql:
        """A list of lists, as one."""
        return self.call("flatten", of)

    def once(self, value: Sql, body: Callable[[Sql], Sql]) -> Sql:
        """`body` of a value that it names more than once: written once, so that no plan doubles."""
        return self.place(self.each(exp.Array(expressions=[value]), body), 0)

    def read(self, body: Sql, shape: Shape) -> Sql:
        """A JSON text as a struct."""
        if self.words.dialect == "duckdb":
            said = json.dumps(structure(shape), separators=(",", ":"))
        else:
            said = ddl(shape) if shape.fields else _NOTHING_READ
        return self.call(self.words.read, body, exp.Literal.string(said))

    def struct(self, fields: dict[str, Sql]) -> Sql:
        """A struct."""
        return exp.Struct(
            expressions=[
                exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=value)
                for name, value in fields.items()
            ]
        )

    def _lambda(self, name: str, of: Sql, body: Callable[[Sql], Sql]) -> Sql:
        one = self._fresh()
        made = exp.Lambda(this=body(exp.column(one)), expressions=[exp.to_identifier(one)])
        return self.call(name, of, made)

    def _fresh(self) -> str:
        return f"x{next(self._names)}"


def is_given(value: Sql) -> Sql:
    """Whether it is not NULL."""
    return exp.Not(this=exp.Is(this=value, expression=exp.null()))


def when(condition: Sql, then: Sql, otherwise: Sql | None = None) -> Sql:
    """One or the other."""
    case = exp.Case(ifs=[exp.If(this=condition, true=then)])
    if otherwise is not None:
        case.set("default", otherwise)
    return case


def or_else(value: Sql, otherwise: Sql) -> Sql:
    """A value, or another where it is NULL."""
    return exp.Coalesce(this=value, expressions=[otherwise])


def cast(value: Sql, type: str) -> Sql:
    """A value as another type."""
    return exp.cast(value, type, dialect="duckdb")


def _number(n: int) -> Sql:
    return exp.Literal.number(n) if n >= 0 else exp.Neg(this=exp.Literal.number(-n))
