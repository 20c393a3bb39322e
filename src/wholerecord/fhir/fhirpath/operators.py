"""The operators of FHIRPath on what stands left and right of them; how tightly each binds."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from wholerecord.fhir.fhirpath.functions import Part
from wholerecord.fhir.fhirpath.values import distinct, order, same, truth

#: Larger binds tighter. Source: FHIRPath N1, "Operator Precedence".
BINDS: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("+", "-", "&"), 9),
        **dict.fromkeys(("is", "as"), 8),
        "|": 7,
        **dict.fromkeys((">", "<", ">=", "<="), 6),
        **dict.fromkeys(("=", "!="), 5),
        **dict.fromkeys(("in", "contains"), 4),
        "and": 3,
        **dict.fromkeys(("or", "xor"), 2),
        "implies": 1,
    }
)
_Both = Callable[[list[Any], list[Any]], list[Any]]


def _equal(left: list[Any], right: list[Any]) -> bool | None:
    if not left or not right:
        return None
    return len(left) == len(right) and all(map(same, left, right))


def _different(left: list[Any], right: list[Any]) -> list[Any]:
    said = _equal(left, right)
    return [] if said is None else [not said]


def _compared(test: Callable[[int], bool]) -> _Both:
    def compare(left: list[Any], right: list[Any]) -> list[Any]:
        if len(left) != 1 or len(right) != 1:
            return []
        said = order(left[0], right[0])
        return [True if said is None else test(said)]  # what may be so is not refused

    return compare


def _in(left: list[Any], right: list[Any]) -> list[Any]:
    return [any(same(left[0], one) for one in right)] if left else []


def _xor(left: list[Any], right: list[Any]) -> list[Any]:
    one, other = truth(left), truth(right)
    return [] if one is None or other is None else [one is not other]


def _joined(left: list[Any], right: list[Any]) -> list[Any]:
    return ["".join(str(one) for one in (*left[:1], *right[:1]))]


def _added(sign: int) -> _Both:
    def add(left: list[Any], right: list[Any]) -> list[Any]:
        numbers = [one for one in (*left, *right) if isinstance(one, (int, Decimal))]
        return [numbers[0] + sign * numbers[1]] if len(numbers) == 2 else []

    return add


_BOTH: Mapping[str, _Both] = MappingProxyType(
    {
        "=": lambda left, right: [] if (said := _equal(left, right)) is None else [said],
        "!=": _different,
        "<": _compared(lambda said: said < 0),
        ">": _compared(lambda said: said > 0),
        "<=": _compared(lambda said: said <= 0),
        ">=": _compared(lambda said: said >= 0),
        "in": _in,
        "contains": lambda left, right: _in(right, left),
        "xor": _xor,
        "|": lambda left, right: distinct((*left, *right)),
        "&": _joined,
        "+": _added(1),
        "-": _added(-1),
    }
)


def combined(sign: str, left: Part, right: Part) -> Part:
    """Both sides by an operator. `and`, `or` and `implies` look right only where they must."""
    if sign == "and":
        return lambda this, root: _and(truth(left(this, root)), right, this, root)
    if sign == "or":
        return lambda this, root: _or(truth(left(this, root)), right, this, root)
    if sign == "implies":
        return lambda this, root: _or(_not(truth(left(this, root))), right, this, root)
    both = _BOTH[sign]
    return lambda this, root: both(left(this, root), right(this, root))


def _not(said: bool | None) -> bool | None:  # noqa: FBT001 - of three values, so not a switch
    return None if said is None else not said


def _and(one: bool | None, right: Part, this: list[Any], root: Any) -> list[Any]:  # noqa: FBT001 - as above
    if one is False:
        return [False]
    other = truth(right(this, root))
    if other is False:
        return [False]
    return [] if one is None or other is None else [True]


def _or(one: bool | None, right: Part, this: list[Any], root: Any) -> list[Any]:  # noqa: FBT001 - as above
    if one:
        return [True]
    other = truth(right(this, root))
    if other:
        return [True]
    return [] if one is None or other is None else [False]
