"""A path compiled to a typed expression: its shape is known, so nothing is looked up per value.

What gives at most one value is a scalar that may be NULL; what may give several is a list without
NULLs. `reference` says what each path means.
"""

from sqlglot import exp

from wholerecord.research.views.boundary import is_date
from wholerecord.research.views.shapes import NOTHING, TEXT, TRUTH, WHOLE, Shape, known
from wholerecord.research.views.signs import joined
from wholerecord.research.views.values import Asked, Typed, literal, nothing, or_nothing, single
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
)
from wholerecord.research.views.words import Sql, Writer, cast, is_given, or_else, when

_MANY = "there is more than one value where one belongs: "
_ID = "[A-Za-z0-9.-]{1,64}"
#: The function that `boundary` is in an engine: text, whether a date, whether the last moment.
BOUNDARY = "fhir_boundary"
#: A list expression of so few parts may be written twice.
_SMALL = 40


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
                return joined(self, by, self.find(left, at), self.find(right, at))

    def step(self, of: Typed, name: str) -> Typed:
        """The element `name` of what there is."""
        shape = known(of.shape, name)
        if shape.kind == "nothing" or not of.shape.fields:
            return Typed(exp.null(), NOTHING)
        w = self.w
        many = Shape(shape.kind, many=True, fields=shape.fields)
        if not of.shape.many:
            value = w.field(of.sql, name)
            return Typed(w.given(or_nothing(value)), many) if shape.many else Typed(value, shape)
        if shape.many:
            lists = w.each(of.sql, lambda one: or_nothing(w.field(one, name)))
            return Typed(w.given(w.flat(lists)), many)
        return Typed(w.given(w.each(of.sql, lambda one: w.field(one, name))), many)

    def listed(self, of: Typed) -> Typed:
        """The same as a list."""
        if of.shape.many:
            return of
        many = Shape(of.shape.kind, many=True, fields=of.shape.fields)
        if of.shape.kind == "nothing":
            return Typed(nothing(), many)
        return Typed(self.w.given(exp.Array(expressions=[of.sql])), many)

    def one(self, of: Typed, what: str) -> Typed:
        """The only value there is; the query fails where there are several."""
        if not of.shape.many:
            return of
        w = self.w
        refuse = w.call(w.words.error, exp.Literal.string(_MANY + what))
        several = exp.GT(this=w.size(of.sql), expression=exp.Literal.number(1))
        if len(list(of.sql.walk())) < _SMALL:
            return Typed(when(several, refuse, w.place(of.sql, 0)), single(of.shape))
        made = w.once(
            of.sql,
            lambda v: when(
                exp.GT(this=w.size(v), expression=exp.Literal.number(1)), refuse, w.place(v, 0)
            ),
        )
        return Typed(made, single(of.shape))

    def truth(self, path: Path, at: Asked) -> Sql:
        """Whether a condition is met: nothing is not."""
        return or_else(self.condition(self.find(path, at)), exp.false())

    def condition(self, of: Typed) -> Sql:
        """Whether it is so: true, false or nothing."""
        if of.shape.kind == "nothing":
            return cast(exp.null(), "BOOLEAN")
        if of.shape.kind != "truth":
            raise BadView("A condition is not true or false.")
        return self.one(of, "a condition").sql

    def _place(self, of: Typed, n: int) -> Typed:
        if of.shape.many:
            return Typed(self.w.place(of.sql, n), single(of.shape))
        return of if n == 0 else Typed(exp.null(), NOTHING)

    def there(self, of: Typed) -> Sql:
        """Whether there is anything."""
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
                return Typed(self.w.place(of.sql, -1), single(of.shape)) if of.shape.many else of
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
                return Typed(self.there(of), TRUTH)
            case "empty":
                return Typed(exp.Not(this=exp.Paren(this=self.there(of))), TRUTH)
            case "count":
                return Typed(self._count(of), WHOLE)
            case _:
                return Typed(exp.Not(this=exp.Paren(this=self.condition(of))), TRUTH)

    def _where(self, of: Typed, condition: Path, at: Asked) -> Typed:
        listed = self.listed(of)
        if listed.shape.kind == "nothing":
            return Typed(exp.null(), NOTHING)

        def met(one: Sql) -> Sql:
            return self.truth(condition, Asked(Typed(one, single(listed.shape)), at.index))

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
