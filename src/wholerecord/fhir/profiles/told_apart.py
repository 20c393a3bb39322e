"""Which slice a value is of. Source: FHIR R4, "Discriminator".

Three answers: it is, it is not, or it cannot be known of the value alone: what a reference leads
to, or a set that is not loaded. Where it cannot be known nothing is told of that slice.
"""

from collections.abc import Callable, Sequence
from typing import Any

from wholerecord.fhir.profiles.sets import Known
from wholerecord.fhir.profiles.tree import FREE, Node, Slicing
from wholerecord.intake.fhir.shape import is_array, is_object

#: A value and the name JSON has for it → whether it is of the slice; None: not to be known.
IsOf = Callable[[Any, str], bool | None]
SetOf = Callable[[str], Known]
BY_ADDRESS = Slicing((("value", "url"),), closed=False)


def _not_known(_: Any, __: str) -> bool | None:
    return None


def is_of(slice: Node, slicing: Slicing, set_of: SetOf) -> IsOf:
    """Whether a value is of the slice, by every discriminator."""
    tests = [_one(slice, sort, path, set_of) for sort, path in slicing.by]

    def test(value: Any, name: str) -> bool | None:
        if not tests:
            return None
        said = [one(value, name) for one in tests]
        return False if False in said else None if None in said else True

    return test


def _one(slice: Node, sort: str, path: str, set_of: SetOf) -> IsOf:
    if sort == "type" and path == "$this" and slice.kinds:
        ends = tuple(f"{kind[:1].upper()}{kind[1:]}" for kind in slice.kinds)
        return lambda _, name: name.endswith(ends)
    if sort == "exists":
        there = slice.parts.get(path, Node())
        return lambda value, _: bool(at(value, path.split("."))) is (there.most != 0)
    if sort not in {"value", "pattern"} or "(" in path:
        return _not_known
    if path == "url" and slice.profiles:
        urls = {one.partition("|")[0] for one in slice.profiles}
        return lambda value, _: is_object(value) and value.get("url") in urls
    steps = [] if path == "$this" else path.split(".")
    return _by_value(slice, steps, set_of)


def _by_value(slice: Node, steps: list[str], set_of: SetOf) -> IsOf:
    node: Node | None = slice
    for n in range(len(steps) + 1):
        if node is None:
            break
        wanted = node.fixed if node.fixed is not FREE else node.pattern
        if wanted is not FREE:
            above, below = steps[:n], at(wanted, steps[n:])
            return lambda value, _: any(
                fits(one, want) for one in at(value, [*above, *steps[n:]]) for want in below
            )
        if n == len(steps):
            break
        node = node.parts.get(steps[n])
    if node is not None and node.binding and node.binding[0] == "required":
        known = set_of(node.binding[1])
        return lambda value, _: _any_in(known, at(value, steps))
    return _not_known


def _any_in(known: Known, values: Sequence[Any]) -> bool | None:
    said = [answer for one in values for answer in coded(known, one)]
    return True if True in said else None if None in said else False


def coded(known: Known, value: Any) -> list[bool | None]:
    """Whether each code that a value says is in a set: a code, a Coding or a CodeableConcept."""
    if isinstance(value, str):
        return [known.has("", value)]
    if not is_object(value):
        return []
    if is_array(value.get("coding")):
        return [answer for one in value["coding"] for answer in coded(known, one)]
    code, system = value.get("code"), value.get("system")
    if not isinstance(code, str):
        return []
    return [known.has(system if isinstance(system, str) else "", code)]


def at(value: Any, steps: Sequence[str]) -> list[Any]:
    """What stands at a path below a value, of every item on the way."""
    found = value if is_array(value) else [value]
    for step in steps:
        below: list[Any] = []
        for one in found:
            if is_object(one) and step in one:
                said = one[step]
                below += said if is_array(said) else [said]
        found = below
    return [one for one in found if one is not None]


def fits(value: Any, pattern: Any) -> bool:
    """Whether a value has all that a pattern has."""
    if is_object(pattern):
        return is_object(value) and all(
            name in value and fits(value[name], want) for name, want in pattern.items()
        )
    if is_array(pattern):
        return is_array(value) and all(any(fits(one, want) for one in value) for want in pattern)
    return type(value) is type(pattern) and value == pattern
