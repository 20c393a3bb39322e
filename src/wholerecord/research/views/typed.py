"""A path compiled to a typed expression: its shape is known, so nothing is looked up per value.

What gives at most one value is a scalar that may be NULL; what may give several is a list without
NULLs. `reference` says what each path means.
"""

from dataclasses import dataclass

from sqlglot import exp

from wholerecord.research.views.boundary import is_date
from wholerecord.research.views.shapes import (
    NOTHING,
    NUMBER,
    SQL,
    TEXT,
    TRUTH,
    WHOLE,
    Shape,
    known,
)
from wholerecord.research.views.view import (
    BadView,
    Binary,
    Call,
    Literal,
    Path,
    Place,
    RowIndex,
    Step,
    This,
    Value,
)
from wholerecord.research.views.words import (
    Sql,
    Writer,
    cast,
    is_given,
    or_else,
    when,
)

_COMPARED = {"<": exp.LT, ">": exp.GT, "<=": exp.LTE, ">=": exp.GTE}
_RECKONED = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
_MANY = "there is more than one value where one belongs: "
_ID = "[A-Za-z0-9.-]{1,64}"


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


class Paths:
    """Compiles paths for one engine."""

    def __init__(self, writer: Writer) -> None:
        self.w = writer

    def find(self, path: Path, at: Asked) -> Typed:
        """What a path gives, asked there."""
        match path:
            case Literal(value):
                return literal(value)
            case This():
                return at.element
            case RowIndex():
                if at.index is None:
                    raise BadView("%rowIndex has no meaning within repeat.")
                return Typed(at.index, WHOLE)
            case Step(of, name):
                if of is None and at.root == name:
                    return at.element
                return self.step(at.element if of is None else self.find(of, at), name)
            case Place(of, n):
                return self._place(self.find(of, at), n)
            case Call(of, name, given):
                found = at.element if of is None else self.find(of, at)
                return self._call(name, found, given, at, of)
            case Binary(by, left, right):
                return self._binary(by, self.find(left, at), self.find(right, at))

    def step(self, of: Typed, name: str) -> Typed:
        """The element `name` of what there is."""
        shape = known(of.shape, name)
        if shape.kind == "nothing" or not of.shape.fields:
            return Typed(exp.null(), NOTHING)
        w = self.w
        many = Shape(shape.kind, many=True, fields=shape.fields)
        if not of.shape.many:
            value = w.field(of.sql, name)
            return Typed(w.given(_or_empty(value)), many) if shape.many else Typed(value, shape)
        if shape.many:
            lists = w.each(of.sql, lambda one: _or_empty(w.field(one, name)))
            return Typed(w.given(w.flat(lists)), many)
        return Typed(w.given(w.each(of.sql, lambda one: w.field(one, name))), many)

    def listed(self, of: Typed) -> Typed:
        """The same as a list."""
        if of.shape.many:
            return of
        many = Shape(of.shape.kind, many=True, fields=of.shape.fields)
        if of.shape.kind == "nothing":
            return Typed(_empty(), many)
        return Typed(self.w.given(exp.Array(expressions=[of.sql])), many)

    def one(self, of: Typed, what: str) -> Typed:
        """The only value there is; the query fails where there are several."""
        if not of.shape.many:
            return of
        w = self.w
        refuse = w.call(w.words.error, exp.Literal.string(_MANY + what))
        several = exp.GT(this=w.size(of.sql), expression=exp.Literal.number(1))
        if len(list(of.sql.walk())) < _SMALL:
            return Typed(when(several, refuse, w.place(of.sql, 0)), _single(of.shape))
        made = w.once(
            of.sql,
            lambda v: when(
                exp.GT(this=w.size(v), expression=exp.Literal.number(1)), refuse, w.place(v, 0)
            ),
        )
        return Typed(made, _single(of.shape))

    def truth(self, path: Path, at: Asked) -> Sql:
        """Whether a condition is met: nothing is not."""
        return or_else(self._condition(self.find(path, at)), exp.false())

    def _condition(self, of: Typed) -> Sql:
        if of.shape.kind == "nothing":
            return cast(exp.null(), "BOOLEAN")
        if of.shape.kind != "truth":
            raise BadView("A condition is not true or false.")
        return self.one(of, "a condition").sql

    def _place(self, of: Typed, n: int) -> Typed:
        if of.shape.many:
            return Typed(self.w.place(of.sql, n), _single(of.shape))
        return of if n == 0 else Typed(exp.null(), NOTHING)

    def _there(self, of: Typed) -> Sql:
        if of.shape.kind == "nothing":
            return exp.false()
        if of.shape.many:
            return exp.GT(this=self.w.size(of.sql), expression=exp.Literal.number(0))
        return is_given(of.sql)

    def _call(
        self, name: str, of: Typed, given: tuple[Path, ...], at: Asked, by: Path | None
    ) -> Typed:
        match name:
            case "where":
                return self._where(of, given[0], at)
            case "first":
                return self._place(of, 0)
            case "last":
                return Typed(self.w.place(of.sql, -1), _single(of.shape)) if of.shape.many else of
            case "join":
                return self._join(of, given)
            case "getResourceKey":
                return self.step(of, "id")
            case "getReferenceKey":
                return self._reference_key(of, given)
            case "lowBoundary" | "highBoundary":
                return self._boundary(of, by, high=name == "highBoundary")
            case _:
                return self._told(name, of)

    def _told(self, name: str, of: Typed) -> Typed:
        """What is told of what there is: whether, how often, whether not."""
        match name:
            case "exists":
                return Typed(self._there(of), TRUTH)
            case "empty":
                return Typed(exp.Not(this=exp.Paren(this=self._there(of))), TRUTH)
            case "count":
                return Typed(self._count(of), WHOLE)
            case _:
                return Typed(exp.Not(this=exp.Paren(this=self._condition(of))), TRUTH)

    def _where(self, of: Typed, condition: Path, at: Asked) -> Typed:
        listed = self.listed(of)
        if listed.shape.kind == "nothing":
            return Typed(exp.null(), NOTHING)

        def met(one: Sql) -> Sql:
            return self.truth(condition, Asked(Typed(one, _single(listed.shape)), at.index))

        return Typed(self.w.those(listed.sql, met), listed.shape)

    def _count(self, of: Typed) -> Sql:
        if of.shape.kind == "nothing":
            return exp.Literal.number(0)
        if of.shape.many:
            return cast(self.w.size(of.sql), "BIGINT")
        return cast(when(is_given(of.sql), exp.Literal.number(1), exp.Literal.number(0)), "BIGINT")

    def _join(self, of: Typed, given: tuple[Path, ...]) -> Typed:
        if of.shape.kind != "text":
            return Typed(exp.null(), NOTHING)
        between = given[0].value if given and isinstance(given[0], Literal) else ""
        listed = self.listed(of).sql
        sep = exp.Literal.string(str(between))
        w = self.w
        made = w.once(
            listed,
            lambda v: when(
                exp.GT(this=w.size(v), expression=exp.Literal.number(0)),
                w.call(w.words.join, v, sep),
            ),
        )
        return Typed(made, TEXT)

    def _reference_key(self, of: Typed, given: tuple[Path, ...]) -> Typed:
        kind = str(given[0].value) if given and isinstance(given[0], Literal) else "[A-Za-z]+"
        found = self.step(of, "reference")
        if found.shape.kind != "text":
            return Typed(exp.null(), NOTHING)
        pattern = exp.Literal.string(f"(?:^|/)({kind})/({_ID})(?:/_history/{_ID})?$")

        def key(text: Sql) -> Sql:
            two = exp.Literal.number(2)
            taken = self.w.call("regexp_extract", text, pattern, two)
            return exp.Nullif(this=taken, expression=exp.Literal.string(""))

        if found.shape.many:
            return Typed(self.w.given(self.w.each(found.sql, key)), found.shape)
        return Typed(key(found.sql), TEXT)

    def _boundary(self, of: Typed, by: Path | None, *, high: bool) -> Typed:
        if of.shape.kind != "text":
            return Typed(exp.null(), NOTHING)
        name = by.name if isinstance(by, Step) else ""
        text = self.one(of, "a boundary").sql
        date = exp.true() if is_date(name) else exp.false()
        return Typed(self.w.call(BOUNDARY, text, date, exp.true() if high else exp.false()), TEXT)

    def _binary(self, by: str, left: Typed, right: Typed) -> Typed:
        if by in {"and", "or"}:
            one, other = (exp.Paren(this=self._condition(each)) for each in (left, right))
            join = exp.And if by == "and" else exp.Or
            return Typed(exp.Paren(this=join(this=one, expression=other)), TRUTH)
        if "nothing" in {left.shape.kind, right.shape.kind}:
            return Typed(exp.null(), NOTHING)
        if by in {"=", "!="}:
            return self._same(by, left, right)
        sorts = {_sort(left), _sort(right)}
        if len(sorts) > 1 or not sorts <= {"text", "number"}:
            raise BadView(f"The two sides of {by} cannot be compared.")
        one, other = (exp.Paren(this=self.one(each, by).sql) for each in (left, right))
        if by in _COMPARED:
            return Typed(exp.Paren(this=_COMPARED[by](this=one, expression=other)), TRUTH)
        if sorts == {"text"}:
            if by != "+":
                raise BadView(f"Texts have no {by}.")
            return Typed(exp.Paren(this=exp.DPipe(this=one, expression=other)), TEXT)
        whole = {left.shape.kind, right.shape.kind} == {"whole"}
        if by == "/":
            zero = exp.Nullif(this=cast(other, "DOUBLE"), expression=exp.Literal.number(0))
            divided = self.w.words.dialect
            made = exp.Div(this=cast(one, "DOUBLE"), expression=zero, typed=divided == "spark")
            return Typed(exp.Paren(this=made), NUMBER)
        return Typed(
            exp.Paren(this=_RECKONED[by](this=one, expression=other)), WHOLE if whole else NUMBER
        )

    def _same(self, by: str, left: Typed, right: Typed) -> Typed:
        sorts = _sort(left), _sort(right)
        if "" in sorts:
            raise BadView(f"The two sides of {by} cannot be compared.")
        if sorts[0] != sorts[1]:
            answer = exp.false() if by == "=" else exp.true()
            both = exp.And(this=self._there(left), expression=self._there(right))
            return Typed(when(both, answer), TRUTH)

        def alike(one: Sql, other: Sql) -> Sql:
            kind = exp.EQ if by == "=" else exp.NEQ
            return exp.Paren(this=kind(this=exp.Paren(this=one), expression=exp.Paren(this=other)))

        if not (left.shape.many or right.shape.many):
            return Typed(alike(left.sql, right.sql), TRUTH)
        w = self.w
        kind = "DOUBLE[]" if sorts[0] == "number" else ""
        lists = [self.listed(each).sql for each in (left, right)]
        lists = [cast(each, kind) if kind else each for each in lists]

        def compared(one: Sql, other: Sql) -> Sql:
            none = exp.Or(this=_is_empty(w, one), expression=_is_empty(w, other))
            return when(none, cast(exp.null(), "BOOLEAN"), alike(one, other))

        made = w.once(lists[0], lambda one: w.once(lists[1], lambda other: compared(one, other)))
        return Typed(made, TRUTH)


#: The function that `boundary` is in an engine: text, whether a date, whether the last moment.
BOUNDARY = "fhir_boundary"
#: A list expression of so few parts may be written twice.
_SMALL = 40


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


def _sort(of: Typed) -> str:
    kind = of.shape.kind
    return "number" if kind in {"whole", "number"} else kind if kind in {"text", "truth"} else ""


def _single(shape: Shape) -> Shape:
    return Shape(shape.kind, fields=shape.fields)


def _empty() -> Sql:
    return exp.Array(expressions=[])


def _or_empty(value: Sql) -> Sql:
    return or_else(value, _empty())


def _is_empty(w: Writer, value: Sql) -> Sql:
    return exp.EQ(this=w.size(value), expression=exp.Literal.number(0))


__all__ = ["BOUNDARY", "Asked", "Paths", "Typed", "as_kind", "literal"]
