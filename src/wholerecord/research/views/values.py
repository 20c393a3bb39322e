"""A typed expression, and what is made of one whatever it gives."""

from dataclasses import dataclass

from sqlglot import exp

from wholerecord.research.views.shapes import NUMBER, SQL, TEXT, TRUTH, WHOLE, Shape
from wholerecord.research.views.view import Value
from wholerecord.research.views.words import Sql, Writer, cast, or_else


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression and what it gives: a list when `shape.many`."""

    sql: Sql
    shape: Shape


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a path is asked: the element, its place in the nearest `forEach`, whether the root."""

    element: Typed
    index: Sql | None
    root: str = ""


def literal(value: Value) -> Typed:
    """A value as it stands."""
    if isinstance(value, bool):
        return Typed(exp.true() if value else exp.false(), TRUTH)
    if isinstance(value, str):
        return Typed(exp.Literal.string(value), TEXT)
    number = exp.Literal.number(abs(value))
    signed: Sql = exp.Paren(this=exp.Neg(this=number)) if value < 0 else number
    whole = isinstance(value, int)
    return Typed(cast(signed, "BIGINT" if whole else "DOUBLE"), WHOLE if whole else NUMBER)


def as_kind(of: Typed, kind: str) -> Sql:
    """An expression as another kind of value."""
    if of.shape.kind == kind and kind != "nothing":
        return of.sql
    return cast(of.sql, SQL[kind] + ("[]" if of.shape.many else ""))


def sort_of(of: Typed) -> str:
    """Which values it can be compared with: "number", "text", "truth", or "" for none."""
    kind = of.shape.kind
    return "number" if kind in {"whole", "number"} else kind if kind in {"text", "truth"} else ""


def single(shape: Shape) -> Shape:
    """The shape of one of several."""
    return Shape(shape.kind, fields=shape.fields)


def nothing() -> Sql:
    """A list of nothing."""
    return exp.Array(expressions=[])


def or_nothing(value: Sql) -> Sql:
    """A list, or one of nothing."""
    return or_else(value, nothing())


def is_empty(w: Writer, value: Sql) -> Sql:
    """Whether a list has nothing in it."""
    return exp.EQ(this=w.size(value), expression=exp.Literal.number(0))
