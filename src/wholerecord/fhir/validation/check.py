"""Everything in a resource that is not as FHIR R4 has its type, each with its place.

Each type is made into functions once, when the first resource has it. Source: FHIR R4, JSON
representation: no empty element, `_name` beside a primitive for its id and extensions, null only
where the other list has something; the types' invariants.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

from wholerecord.fhir.problem import Issue
from wholerecord.fhir.validation.bound import Check, concept, primitive, reference
from wholerecord.fhir.validation.contained import contained, referred
from wholerecord.fhir.validation.places import Enough, Found, Place, safe
from wholerecord.fhir.validation.primitives import PRIMITIVES
from wholerecord.fhir.validation.types import Element, Rule, Type, type_of
from wholerecord.intake.fhir.shape import is_array, is_object

_DEEPEST = 100
#: Checks one element of an object.
_OfElement = Callable[[Any, Place, int, Found, dict[str, Any]], None]


def checked(kind: str, resource: dict[str, Any], place: str = "") -> Found:
    """What is wrong with a resource, and what may be."""
    found = Found(root=resource)
    with suppress(Enough):
        _resource(resource, place or kind, 0, found, kind)
    return found


def wrong(kind: str, resource: dict[str, Any], place: str = "") -> list[Issue]:
    """What is wrong, at most `MOST` of it; empty when nothing is."""
    return checked(kind, resource, place).wrong


def _resource(value: Any, at: Place, depth: int, found: Found, kind: str = "") -> None:
    if not is_object(value):
        found.add("structure", "Expected a resource.", at)
        return
    said = value.get("resourceType")
    named = type_of(said) if isinstance(said, str) and "." not in said else None
    if named is None or not named.is_resource or (kind and said != kind):
        found.add("structure", "Not a resource type of R4.", at, "resourceType")
        return
    before = len(found.wrong)
    _of_type(str(said))(value, at, depth, found)
    if "contained" in value and len(found.wrong) == before:
        contained(value, at, found)


def _entered(value: Any, at: Place, depth: int, found: Found, kind: str = "") -> None:
    """A resource within another: what is contained belongs to it, an entry of a Bundle does not."""
    if isinstance(at, tuple) and at[1] == "contained":
        _resource(value, at, depth, found, kind)
        return
    whole, found.root = found.root, value if is_object(value) else found.root
    _resource(value, at, depth, found, kind)
    found.root = whole


@cache
def _of_type(name: str) -> Check:
    """The check of an object of a type."""
    named = type_of(name)
    if named is None:
        raise ValueError(name)
    elements, counts, rules = _elements(named), _counted(named), named.rules
    is_reference = name == "Reference"

    def check(value: Any, at: Place, depth: int, found: Found) -> None:
        if not is_object(value) or not value or depth > _DEEPEST:
            _not_so(name, value, at, found)
            return
        before = len(found.wrong)
        for key, said in value.items():
            element = elements.get(key)
            if element is None:
                found.add("structure", "No such element.", at, safe(key))
            else:
                element(said, at, depth, found, value)
        counts(value, at, found)
        if is_reference and str(value.get("reference"))[:1] == "#":
            referred(value["reference"], at, found)
        if rules and len(found.wrong) == before:  # of what is not as it should be nothing follows
            _hold(rules, value, at, found)

    return check


def _not_so(name: str, value: Any, at: Place, found: Found) -> None:
    """Tell why this is no object to be looked into."""
    if not is_object(value):
        found.add("structure", f"Expected an object ({name}).", at)
    elif not value:
        found.add("structure", "An object is empty.", at)
    else:
        found.add("too-costly", "Deeper than can be read.", at)


def _counted(named: Type) -> Callable[[dict[str, Any], Place, Found], None]:
    """The check that all is there that must be, and one of each choice at most."""
    required = [(one, names[0], names[1:]) for one, names in named.required]
    groups = _groups(named)

    def counted(value: dict[str, Any], at: Place, found: Found) -> None:
        for element, first, others in required:
            if first not in value and not _is_there(value, first, others):
                found.add("required", "It is missing.", at, element)
        for choice, names in groups:
            said = names & value.keys()
            if len(said) > 1:
                found.add("structure", f"Only one of {choice} may be said.", at, max(said))

    return counted


def _is_there(value: dict[str, Any], first: str, others: tuple[str, ...]) -> bool:
    return f"_{first}" in value or any(one in value or f"_{one}" in value for one in others)


def _groups(named: Type) -> list[tuple[str, frozenset[str]]]:
    """The names of each choice."""
    groups: dict[str, set[str]] = {}
    for name, element in named.elements.items():
        if element.choice:
            groups.setdefault(element.choice, set()).add(name)
    return [(choice, frozenset(names)) for choice, names in groups.items() if len(names) > 1]


def _hold(rules: tuple[Rule, ...], value: Any, at: Place, found: Found) -> None:
    for rule in rules:
        if not rule.holds(value, found.root):
            tell = found.warn if rule.warns else found.add
            tell("invariant", f"The invariant {rule.key} of R4 does not hold.", at)


def _elements(named: Type) -> dict[str, _OfElement]:
    """The check of each name that JSON may have."""
    checks: dict[str, _OfElement] = {}
    if named.is_resource:
        checks["resourceType"] = _nothing
    for name, element in named.elements.items():
        checks[name] = _element(name, element)
        if element.kind in PRIMITIVES:
            checks[f"_{name}"] = _beside(name, many=element.many)
    return checks


def _nothing(_: Any, __: Place, ___: int, ____: Found, _____: dict[str, Any]) -> None:
    """Looked at before."""


def _element(name: str, element: Element) -> _OfElement:
    one = _value(element)
    return _each(name, f"_{name}", one) if element.many else _single(name, one)


def _beside(name: str, *, many: bool) -> _OfElement:
    """The check of `_name`: the id and extensions of a primitive, or of each of several."""

    def one(value: Any, at: Place, depth: int, found: Found) -> None:
        _of_type("Element")(value, at, depth + 1, found)

    return _each(name, name, one) if many else _single(name, one)


def _single(name: str, one: Check) -> _OfElement:
    def check(said: Any, at: Place, depth: int, found: Found, _: dict[str, Any]) -> None:
        if is_array(said):
            found.add("structure", "Expected one value, found an array.", at, name)
            return
        one(said, (at, name, -1), depth, found)

    return check


def _each(name: str, other: str, one: Check) -> _OfElement:
    def check(said: Any, at: Place, depth: int, found: Found, whole: dict[str, Any]) -> None:
        if not is_array(said):
            found.add("structure", "Expected an array.", at, name)
            return
        if not said:
            found.add("structure", "An array is empty.", at, name)
        for n, value in enumerate(said):
            if value is None and _has(whole.get(other), n):
                continue
            one(value, (at, name, n), depth, found)

    return check


def _has(others: Any, n: int) -> bool:
    return is_array(others) and n < len(others) and others[n] is not None


def _value(element: Element) -> Check:
    """The check of one value."""
    test = PRIMITIVES.get(element.kind)
    if test is not None:
        check = primitive(element.kind, test, element.codes)
    elif element.kind == "Resource":
        check = _within
    elif element.kind == "Reference" and element.targets:
        check = reference(_complex("Reference"), element.targets)
    elif element.pairs is not None:
        check = concept(_complex("CodeableConcept"), element.pairs)
    else:
        check = _complex(element.kind)
    return _with_rules(check, element.rules) if element.rules else check


def _with_rules(check: Check, rules: tuple[Rule, ...]) -> Check:
    def both(value: Any, at: Place, depth: int, found: Found) -> None:
        before = len(found.wrong)
        check(value, at, depth, found)
        if len(found.wrong) == before:
            _hold(rules, value, at, found)

    return both


def _within(value: Any, at: Place, depth: int, found: Found) -> None:
    _entered(value, at, depth + 1, found)


def _complex(kind: str) -> Check:
    made: list[Check] = []  # types lead to themselves: each is made when it is first met

    def check(value: Any, at: Place, depth: int, found: Found) -> None:
        if not made:
            named = type_of(kind)
            made.append(_resource_of(kind) if named and named.is_resource else _of_type(kind))
        made[0](value, at, depth + 1, found)

    return check


def _resource_of(kind: str) -> Check:
    return lambda value, at, depth, found: _entered(value, at, depth, found, kind)
