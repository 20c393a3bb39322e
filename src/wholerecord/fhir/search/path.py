"""A parameter's paths, made into functions that walk a resource.

The paths are those of `parameters.json`: steps, the type found there, and the code system that is
implied. A function is made once for each path; it costs a few dictionary look-ups for a resource.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

Json = dict[str, Any]
_STEP = re.compile(r"(\^|\.|\$?\w+)(?:\[(\w+)(?:([=:])([^\]]+))?\])?(?:\.|$)")


class Element(NamedTuple):
    """What stands at the end of a path: its FHIR type, the value, and the system implied."""

    type: str
    value: Any
    system: str = ""


#: From where a walk stands, and the resource it is in, to what it finds.
Walk = Callable[[Json, Json], list[Any]]


def elements(paths: Sequence[str], at: Json, whole: Json) -> list[Element]:
    """Everything these paths lead to from `at`, in the order it is written.

    >>> PHONES = {"telecom": [{"system": "phone", "value": "1"}, {"system": "fax"}]}
    >>> elements(["telecom[system=phone] ContactPoint"], PHONES, PHONES)
    [Element(type='ContactPoint', value={'system': 'phone', 'value': '1'}, system='')]
    >>> elements(["subject[is:Patient] Reference"], {"subject": {"reference": "Group/1"}}, {})
    []
    """
    found: list[Element] = []
    for path in paths:
        first, walk, kind, system = _compiled(path)
        if first and first not in at:
            continue  # most of what may be said is not
        is_complex = kind[0].isupper()
        found += [
            Element(kind, value, system)
            for value in walk(at, whole)
            if isinstance(value, dict) is is_complex and not isinstance(value, list)
        ]
    return found


def under(value: Json, name: str) -> Json:
    """What stands under a name, where that is an object; else an empty one.

    Sources say things in shapes that FHIR does not have, and those are searched too.
    """
    said = value.get(name)
    return cast(Json, said) if isinstance(said, dict) else {}


def text(value: Json, name: str) -> str:
    """The text under a name, "" where there is none."""
    said = value.get(name)
    return said if isinstance(said, str) else ""


def values(value: Json, name: str) -> list[Any]:
    """What stands in the list under a name; empty where that is no list."""
    said = value.get(name)
    return cast(list[Any], said) if isinstance(said, list) else []


def each(value: Json, name: str) -> Iterator[Json]:
    """The objects in the list under a name."""
    yield from (cast(Json, one) for one in values(value, name) if isinstance(one, dict))


@cache
def _compiled(path: str) -> tuple[str, Walk, str, str]:
    """The key without which it leads nowhere ("" when there is none), the walk, type and system."""
    steps, kind, system = (*path.split(" "), "")[:3]
    if steps == "$deceased":
        return "", _deceased, kind, system
    matches = list(_STEP.finditer(steps))
    first = matches[0][1]
    walk = _walk(tuple(map(_step, matches)))
    return "" if first in ("^", ".") else first, walk, kind, system


_Step = Callable[[list[Any], Json], list[Any]]


def _walk(steps: Sequence[_Step]) -> Walk:
    def walk(at: Json, whole: Json) -> list[Any]:
        found: list[Any] = [at]
        for step in steps:
            found = step(found, whole)
            if not found:
                return found
        return found

    return walk


def _step(match: re.Match[str]) -> _Step:
    name, test, sign, wanted = match.groups()
    if name == "^":
        return lambda _, whole: [whole]
    if name == ".":
        return lambda found, _: found
    if sign is None:
        if test is None:
            return lambda found, _: _under(found, name)
        index = int(test)
        return lambda found, _: _under(found, name)[index : index + 1]
    if sign == "=":
        return lambda found, _: [one for one in _under(found, name) if _said(one, test) == wanted]
    return lambda found, whole: [
        one for one in _under(found, name) if refers_to(one, whole) == wanted
    ]


def _under(found: Iterable[Any], name: str) -> list[Any]:
    below: list[Any] = []
    for one in found:
        if isinstance(one, dict):
            value = cast(Json, one).get(name)
            if isinstance(value, list):
                below += [one for one in cast(list[Any], value) if one is not None]
            elif value is not None:
                below.append(value)
    return below


def _said(one: Any, name: str) -> Any:
    return cast(Json, one).get(name) if isinstance(one, dict) else None


def refers_to(reference: Any, whole: Json) -> str:
    """The type a reference is to, as far as it says; "" where it does not.

    A reference to what is contained is looked up in the resource.
    """
    address: Any = reference
    if isinstance(reference, dict):
        said = cast(Json, reference)
        address = said.get("reference")
        if named := text(said, "type"):
            return named
    if not isinstance(address, str):
        return ""
    if address.startswith("#"):
        contained = each(whole, "contained")
        return next(
            (text(one, "resourceType") for one in contained if one.get("id") == address[1:]), ""
        )
    parts = address.partition("|")[0].split("/")
    if len(parts) > 3 and parts[-2] == "_history":
        parts = parts[:-2]
    return parts[-2] if len(parts) > 1 else ""


def _deceased(at: Json, _: Json) -> list[Any]:
    """Whether the person has died: true when a time is given, or it is said to be so."""
    return [bool(at.get("deceasedDateTime")) or at.get("deceasedBoolean") is True]
