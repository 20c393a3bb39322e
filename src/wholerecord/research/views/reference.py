"""What a view means, in plain Python over resources as read from JSON: slow, and the measure.

Every path gives a list, never one of nothing and a nothing. An operator of nothing gives nothing;
`and` and `or` are of three values.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Any, cast

from wholerecord.research.views.boundary import boundary
from wholerecord.research.views.view import (
    BadView,
    Binary,
    Call,
    Literal,
    Path,
    Place,
    RowIndex,
    Select,
    Step,
    This,
    View,
    place_columns,
)

Row = dict[str, Any]
_KEY = re.compile(r"(?:^|/)([A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?\Z")


@dataclass(frozen=True, slots=True)
class _At:
    """Where a path is asked: the element, and its place in the nearest `forEach`."""

    element: Any
    index: int
    root: bool = False


def rows_of_view(view: View, resources: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """The rows of the view over the resources, in their order.

    Raises:
        BadView: a path gave several values, or a whole element, where a column or an operator takes
            one value; or a condition is not true or false.
    """
    names = [column.name for column in view.select.all_columns]
    rows: list[tuple[Any, ...]] = []
    for resource in resources:
        at = _At(resource, 0, root=True)
        if resource.get("resourceType") == view.resource and all(
            truth(find(where, at)) for where in view.where
        ):
            rows += [tuple(row[name] for name in names) for row in _rows(view.select, at)]
    return rows


def _rows(select: Select, at: _At) -> Iterator[Row]:
    if select.repeat:
        places = [_At(element, n) for n, element in enumerate(_repeated(select.repeat, at))]
    elif select.each is not None:
        places = [_At(element, n) for n, element in enumerate(find(select.each, at))]
    else:
        places = [at]
    if not places and select.or_null:
        first = frozenset(place_columns(select))
        yield {one.name: 0 if one.name in first else None for one in select.all_columns}
    for place in places:
        own: Row = {}
        for column in select.columns:
            found = [_plain(value) for value in find(column.path, place)]
            own[column.name] = found if column.collection else _one(found, column.name)
        parts = [list(_rows(one, place)) for one in select.within]
        if select.union:
            parts.append([row for one in select.union for row in _rows(one, place)])
        for combination in product(*parts):
            row = dict(own)
            for part in combination:
                row.update(part)
            yield row


def _repeated(paths: tuple[Path, ...], at: _At) -> Iterator[Any]:
    for path in paths:
        for element in find(path, at):
            yield element
            yield from _repeated(paths, _At(element, 0))


def find(path: Path, at: _At) -> list[Any]:
    """What a path gives, asked at an element."""
    match path:
        case Literal(value):
            return [value]
        case This():
            return [at.element]
        case RowIndex():
            return [at.index]
        case Step(of, name):
            return _step(of, name, at)
        case Place(of, n):
            return find(of, at)[n : n + 1]
        case Call(of, name, given):
            found = [at.element] if of is None else find(of, at)
            return _FUNCTIONS[name](found, given, at, of)
        case Binary(by, left, right):
            return _binary(by, find(left, at), find(right, at))


def _step(of: Path | None, name: str, at: _At) -> list[Any]:
    if of is None and at.root and at.element.get("resourceType") == name:
        return [at.element]
    found: list[Any] = []
    for element in [at.element] if of is None else find(of, at):
        value = _field(element, name)
        if isinstance(value, list):
            found += [one for one in cast("list[Any]", value) if one is not None]
        elif value is not None:
            found.append(value)
    return found


def _field(element: Any, name: str) -> Any:
    return cast("dict[str, Any]", element).get(name) if isinstance(element, dict) else None


def truth(found: list[Any]) -> bool:
    """Whether a condition is met: nothing is not.

    Raises:
        BadView: it is not true or false.
    """
    value = _one(found, "a condition")
    if value is not None and not isinstance(value, bool):
        raise BadView("A condition is not true or false.")
    return value is True


def _one(found: list[Any], what: str) -> Any:
    if len(found) > 1:
        raise BadView(f"There is more than one value where one belongs: {what}.")
    return found[0] if found else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        raise BadView("A column takes values, not a whole element.")
    return value


def _where(found: list[Any], given: tuple[Path, ...], at: _At, _: Path | None) -> list[Any]:
    return [one for one in found if truth(find(given[0], _At(one, at.index)))]


def _join(found: list[Any], given: tuple[Path, ...], _: _At, __: Path | None) -> list[Any]:
    between = given[0].value if given and isinstance(given[0], Literal) else ""
    texts = [one for one in found if isinstance(one, str)]
    return [str(between).join(texts)] if texts else []


def _not(found: list[Any], _: tuple[Path, ...], __: _At, ___: Path | None) -> list[Any]:
    value = _one(found, "not()")
    if value is not None and not isinstance(value, bool):
        raise BadView("A condition is not true or false.")
    return [] if value is None else [not value]


def _resource_key(found: list[Any], _: tuple[Path, ...], __: _At, ___: Path | None) -> list[Any]:
    return [key for one in found if (key := _field(one, "id")) is not None]


def _reference_key(found: list[Any], given: tuple[Path, ...], _: _At, __: Path | None) -> list[Any]:
    wanted = given[0].value if given and isinstance(given[0], Literal) else None
    keys: list[Any] = []
    for one in found:
        reference = _field(one, "reference")
        match = _KEY.search(reference) if isinstance(reference, str) else None
        if match and wanted in (None, match[1]):
            keys.append(match[2])
    return keys


def _bound(*, high: bool) -> "_Function":
    def make(found: list[Any], _: tuple[Path, ...], __: _At, of: Path | None) -> list[Any]:
        value = _one(found, "a boundary")
        name = of.name if isinstance(of, Step) else ""
        bound = boundary(value, name, high=high) if isinstance(value, str) else None
        return [] if bound is None else [bound]

    return make


_Function = Callable[[list[Any], tuple[Path, ...], _At, Path | None], list[Any]]
_FUNCTIONS: Mapping[str, _Function] = MappingProxyType(
    {
        "where": _where,
        "exists": lambda found, _, __, ___: [bool(found)],
        "empty": lambda found, _, __, ___: [not found],
        "first": lambda found, _, __, ___: found[:1],
        "last": lambda found, _, __, ___: found[-1:],
        "count": lambda found, _, __, ___: [len(found)],
        "not": _not,
        "join": _join,
        "getResourceKey": _resource_key,
        "getReferenceKey": _reference_key,
        "lowBoundary": _bound(high=False),
        "highBoundary": _bound(high=True),
    }
)


def _binary(by: str, left: list[Any], right: list[Any]) -> list[Any]:
    if by in {"and", "or"}:
        return _three(by, left, right)
    if not left or not right:
        return []
    if by in {"=", "!="}:
        if "" in {_sort(one) for one in (*left, *right)}:
            raise BadView(f"The two sides of {by} cannot be compared.")
        same = len(left) == len(right) and all(map(_same, left, right))
        return [same if by == "=" else not same]
    one, other = _one(left, by), _one(right, by)
    if _sort(one) != _sort(other) or _sort(one) not in {"text", "number"}:
        raise BadView(f"The two sides of {by} cannot be compared.")
    return _ordered(by, one, other)


def _ordered(by: str, one: Any, other: Any) -> list[Any]:
    if by in {"<", ">", "<=", ">="}:
        less, same = one < other, one == other
        return [{"<": less, "<=": less or same, ">": not (less or same), ">=": not less}[by]]
    if _sort(one) == "text":
        if by != "+":
            raise BadView(f"Texts have no {by}.")
        return [one + other]
    match by:
        case "+":
            return [one + other]
        case "-":
            return [one - other]
        case "*":
            return [one * other]
        case "/":
            return [one / other] if other else []
        case _:
            raise BadView(f"Numbers have no {by}.")


def _three(by: str, left: list[Any], right: list[Any]) -> list[Any]:
    values = [_one(left, by), _one(right, by)]
    if any(value is not None and not isinstance(value, bool) for value in values):
        raise BadView("A condition is not true or false.")
    decides = by == "or"
    if decides in values:
        return [decides]
    return [] if None in values else [not decides]


def _sort(value: Any) -> str:
    if isinstance(value, bool):
        return "truth"
    return "text" if isinstance(value, str) else "number" if isinstance(value, int | float) else ""


def _same(one: Any, other: Any) -> bool:
    return _sort(one) == _sort(other) and one == other
