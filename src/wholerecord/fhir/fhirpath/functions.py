"""The functions of FHIRPath that take a collection and plain arguments, or a criterion."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from wholerecord.fhir.fhirpath.values import (
    ABSENT,
    children,
    descendants,
    distinct,
    kind_is,
    same,
    truth,
    under,
)
from wholerecord.intake.fhir.shape import is_object

#: A part of an expression: from what stands at `$this`, and the resource, to what it finds.
Part = Callable[[list[Any], Any], list[Any]]
#: A function with a criterion: on each of these, in that resource.
Each = Callable[[list[Any], Part, Any], list[Any]]
#: A function with its arguments' values.
Plain = Callable[[list[Any], Sequence[list[Any]]], list[Any]]


def _where(found: list[Any], criterion: Part, root: Any) -> list[Any]:
    return [one for one in found if truth(criterion([one], root))]


def _select(found: list[Any], criterion: Part, root: Any) -> list[Any]:
    return [value for one in found for value in criterion([one], root)]


def _all(found: list[Any], criterion: Part, root: Any) -> list[Any]:
    return [all(truth(criterion([one], root)) for one in found)]


def _any(found: list[Any], criterion: Part, root: Any) -> list[Any]:
    return [any(truth(criterion([one], root)) for one in found)]


#: Those whose argument is evaluated for each item.
EACH: Mapping[str, Each] = MappingProxyType(
    {"where": _where, "select": _select, "all": _all, "exists": _any}
)


def _text(found: list[Any]) -> str | None:
    return found[0] if len(found) == 1 and isinstance(found[0], str) else None


@lru_cache(maxsize=256)
def _pattern(said: str) -> re.Pattern[str]:
    return re.compile(said)


def _on_text(test: Callable[[str, str], Any]) -> Plain:
    def plain(found: list[Any], given: Sequence[list[Any]]) -> list[Any]:
        text, other = _text(found), _text(given[0])
        return [] if text is None or other is None else [test(text, other)]

    return plain


def _substring(found: list[Any], given: Sequence[list[Any]]) -> list[Any]:
    text = _text(found)
    return [] if text is None else [text[int(given[0][0]) :]]


def _integer(found: list[Any], _: Sequence[list[Any]]) -> list[Any]:
    said = found[0] if len(found) == 1 else None
    if isinstance(said, int):
        return [int(said)]
    return [int(said)] if isinstance(said, str) and re.fullmatch(r"[+-]?\d{1,18}", said) else []


def _replaced(found: list[Any], given: Sequence[list[Any]]) -> list[Any]:
    text, pattern, by = _text(found), _text(given[0]), _text(given[1])
    if text is None or pattern is None or by is None:
        return []
    return [_pattern(pattern).sub(by, text)]


def _intersection(found: list[Any], given: Sequence[list[Any]]) -> list[Any]:
    return distinct(one for one in found if any(same(one, other) for other in given[0]))


def _extension(found: list[Any], given: Sequence[list[Any]]) -> list[Any]:
    """The extensions of an address. Source: FHIR R4, FHIRPath, "Additional functions"."""
    every = under(found, "extension", frozenset())
    return [one for one in every if is_object(one) and [one.get("url")] == given[0]]


def _not(found: list[Any], _: Sequence[list[Any]]) -> list[Any]:
    said = truth(found)
    return [] if said is None else [not said]


#: Those whose arguments are evaluated once; with how many there may be.
PLAIN: Mapping[str, tuple[Plain, int]] = MappingProxyType(
    {
        "empty": (lambda found, _: [not found], 0),
        "exists": (lambda found, _: [bool(found)], 0),
        "not": (_not, 0),
        "count": (lambda found, _: [len(found)], 0),
        "first": (lambda found, _: found[:1], 0),
        "tail": (lambda found, _: found[1:], 0),
        "hasValue": (
            lambda found, _: [
                len(found) == 1 and found[0] is not ABSENT and not isinstance(found[0], dict)
            ],
            0,
        ),
        "isDistinct": (lambda found, _: [len(distinct(found)) == len(found)], 0),
        "allFalse": (lambda found, _: [all(one is False for one in found)], 0),
        "children": (lambda found, _: children(found), 0),
        "descendants": (lambda found, _: descendants(found), 0),
        "combine": (lambda found, given: [*found, *given[0]], 1),
        "intersect": (_intersection, 1),
        "trace": (lambda found, _: found, 1),
        "toInteger": (_integer, 0),
        "toString": (lambda found, _: [str(one) for one in found[:1]], 0),
        "matches": (_on_text(lambda text, other: bool(_pattern(other).search(text))), 1),
        "extension": (_extension, 1),
        "startsWith": (_on_text(str.startswith), 1),
        "contains": (_on_text(lambda text, other: other in text), 1),
        "substring": (_substring, 1),
        "replaceMatches": (_replaced, 2),
    }
)


def of_kind(kind: str) -> Plain:
    """Those of a type."""
    return lambda found, _: [one for one in found if kind_is(one, kind)]


def is_kind(kind: str) -> Plain:
    """Whether there is one, of a type."""
    return lambda found, _: [len(found) == 1 and kind_is(found[0], kind)]
