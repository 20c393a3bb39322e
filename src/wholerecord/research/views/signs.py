"""Two paths joined by a sign, compiled: `and`, `or`, `=`, `<`, `+` and the like.

`reference` says what each means. A sign between values that no row could compare is refused when
the view is read.
"""

from typing import Protocol

from sqlglot import exp

from wholerecord.research.views.shapes import NOTHING, NUMBER, TEXT, TRUTH, WHOLE
from wholerecord.research.views.values import Typed, is_empty, sort_of
from wholerecord.research.views.view import BadView
from wholerecord.research.views.words import Sql, Writer, cast, when

_COMPARED = {"<": exp.LT, ">": exp.GT, "<=": exp.LTE, ">=": exp.GTE}
_RECKONED = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}


class Sides(Protocol):
    """What is made of either side of a sign: see `typed.Paths`."""

    w: Writer

    def listed(self, of: Typed) -> Typed:
        """The same as a list."""
        ...

    def one(self, of: Typed, what: str) -> Typed:
        """The only value there is; the query fails where there are several."""
        ...

    def condition(self, of: Typed) -> Sql:
        """Whether it is so: true, false or nothing."""
        ...

    def there(self, of: Typed) -> Sql:
        """Whether there is anything."""
        ...


def joined(sides: Sides, by: str, left: Typed, right: Typed) -> Typed:
    """What a sign makes of its two sides."""
    if by in {"and", "or"}:
        one, other = (exp.Paren(this=sides.condition(each)) for each in (left, right))
        join = exp.And if by == "and" else exp.Or
        return Typed(exp.Paren(this=join(this=one, expression=other)), TRUTH)
    if "nothing" in {left.shape.kind, right.shape.kind}:
        return Typed(exp.null(), NOTHING)
    if by in {"=", "!="}:
        return _same(sides, by, left, right)
    sorts = {sort_of(left), sort_of(right)}
    if len(sorts) > 1 or not sorts <= {"text", "number"}:
        raise BadView(f"The two sides of {by} cannot be compared.")
    one, other = (exp.Paren(this=sides.one(each, by).sql) for each in (left, right))
    if by in _COMPARED:
        return Typed(exp.Paren(this=_COMPARED[by](this=one, expression=other)), TRUTH)
    if sorts == {"text"}:
        if by != "+":
            raise BadView(f"Texts have no {by}.")
        return Typed(exp.Paren(this=exp.DPipe(this=one, expression=other)), TEXT)
    if by == "/":
        zero = exp.Nullif(this=cast(other, "DOUBLE"), expression=exp.Literal.number(0))
        typed = sides.w.words.dialect == "spark"
        made = exp.Div(this=cast(one, "DOUBLE"), expression=zero, typed=typed)
        return Typed(exp.Paren(this=made), NUMBER)
    whole = {left.shape.kind, right.shape.kind} == {"whole"}
    reckoned = exp.Paren(this=_RECKONED[by](this=one, expression=other))
    return Typed(reckoned, WHOLE if whole else NUMBER)


def _same(sides: Sides, by: str, left: Typed, right: Typed) -> Typed:
    sorts = sort_of(left), sort_of(right)
    if "" in sorts:
        raise BadView(f"The two sides of {by} cannot be compared.")
    if sorts[0] != sorts[1]:
        answer = exp.false() if by == "=" else exp.true()
        both = exp.And(this=sides.there(left), expression=sides.there(right))
        return Typed(when(both, answer), TRUTH)

    def alike(one: Sql, other: Sql) -> Sql:
        kind = exp.EQ if by == "=" else exp.NEQ
        return exp.Paren(this=kind(this=exp.Paren(this=one), expression=exp.Paren(this=other)))

    if not (left.shape.many or right.shape.many):
        return Typed(alike(left.sql, right.sql), TRUTH)
    w = sides.w
    kind = "DOUBLE[]" if sorts[0] == "number" else ""
    lists = [sides.listed(each).sql for each in (left, right)]
    lists = [cast(each, kind) if kind else each for each in lists]

    def compared(one: Sql, other: Sql) -> Sql:
        none = exp.Or(this=is_empty(w, one), expression=is_empty(w, other))
        return when(none, cast(exp.null(), "BOOLEAN"), alike(one, other))

    made = w.once(lists[0], lambda one: w.once(lists[1], lambda other: compared(one, other)))
    return Typed(made, TRUTH)
