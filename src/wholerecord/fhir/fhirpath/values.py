"""Values of an expression, and how they are found, compared and held to be true.

A collection is a list. A primitive of which only extensions are said is `ABSENT`: it exists and has
no value.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

Json = dict[str, Any]
ABSENT: Final = object()
#: How much of a date is compared: whole days and larger where either is not a moment.
_PRECISIONS = (10, 7, 4)


def under(found: Iterable[Any], name: str, names: frozenset[str]) -> list[Any]:
    """What stands under a name in each of `found`; `names` are those of a choice of types."""
    below: list[Any] = []
    for one in found:
        if not isinstance(one, dict):
            continue
        whole = cast(Json, one)
        if name in whole:
            _add(below, whole[name])
        elif f"_{name}" in whole:
            below.append(ABSENT)
        elif names:
            for key, value in whole.items():
                if key in names:
                    _add(below, value)
                elif key[:1] == "_" and key[1:] in names and key[1:] not in whole:
                    below.append(ABSENT)
    return below


def _add(below: list[Any], value: Any) -> None:
    if isinstance(value, list):
        below += [ABSENT if one is None else one for one in cast(list[Any], value)]
    else:
        below.append(value)


def children(found: Iterable[Any]) -> list[Any]:
    """Everything directly below; an element's own extensions beside it are not."""
    below: list[Any] = []
    for one in found:
        if isinstance(one, dict):
            for name, value in cast(Json, one).items():
                if name != "resourceType" and name[:1] != "_":
                    _add(below, value)
    return below


def descendants(found: Iterable[Any]) -> list[Any]:
    """Everything below, however deep."""
    every: list[Any] = []
    level = children(found)
    while level:
        every += level
        level = children(level)
    return every


def truth(found: list[Any]) -> bool | None:
    """Whether a collection is true; None: it says nothing. One thing that exists is true."""
    if not found:
        return None
    return found[0] if isinstance(found[0], bool) and len(found) == 1 else True


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal; `true` is not 1."""
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    return one is not ABSENT and one == other


def distinct(found: Iterable[Any]) -> list[Any]:
    """Each value once."""
    kept: list[Any] = []
    seen: set[Any] = set()
    for one in found:
        if isinstance(one, (str, int, Decimal)):
            key = (isinstance(one, bool), one)
            if key not in seen:
                seen.add(key)
                kept.append(one)
        elif not any(same(one, each) for each in kept):
            kept.append(one)
    return kept


def order(one: Any, other: Any) -> int | None:
    """Below 0, 0 or above 0 as `one` comes before `other`; None where that cannot be said.

    Dates of different precision are compared by what both say: equal as far as that goes.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return _of_quantities(cast(Json, one), cast(Json, other))
    if isinstance(one, str) and isinstance(other, str):
        return _of_texts(one, other)
    numbers = (int, Decimal)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return (one > other) - (one < other)
    return None


def _of_texts(one: str, other: str) -> int:
    if len(one) > 10 and len(other) > 10 and one[4:5] == other[4:5] == "-":
        try:
            first, second = datetime.fromisoformat(one), datetime.fromisoformat(other)
            return (first > second) - (first < second)
        except (ValueError, TypeError):  # no moments, or one of them has no zone
            return (one > other) - (one < other)
    if one[:4].isdigit() and other[:4].isdigit():
        at = next((n for n in _PRECISIONS if len(one) >= n and len(other) >= n), 4)
        one, other = one[:at], other[:at]
    return (one > other) - (one < other)


def _of_quantities(one: Mapping[str, Any], other: Mapping[str, Any]) -> int | None:
    if one.get("code", one.get("unit")) != other.get("code", other.get("unit")):
        return None
    return order(one.get("value"), other.get("value"))


def kind_is(value: Any, kind: str) -> bool:
    """Whether a value is of a type, as far as JSON tells."""
    kind = kind.rpartition(".")[2]
    if isinstance(value, dict):
        said = cast(Json, value).get("resourceType")
        return said == kind if said is not None else kind[:1].isupper()
    if isinstance(value, bool):
        return kind.lower() == "boolean"
    if isinstance(value, (int, Decimal)):
        whole = isinstance(value, int)
        return kind.lower() == "decimal" or (whole and kind.lower() == "integer")
    return isinstance(value, str) and kind.lower() not in {"boolean", "decimal", "integer"}
