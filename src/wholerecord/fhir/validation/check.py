"""Everything in a resource that is not as FHIR R4 has its type, each with its place.

Source: FHIR R4, JSON representation: no empty element, `_name` beside a primitive for its id and
extensions, null only where the other list has something.
"""

from collections.abc import Iterator
from typing import Any

from wholerecord.fhir.problem import Issue
from wholerecord.fhir.validation.primitives import PRIMITIVES
from wholerecord.fhir.validation.types import Element, Type, type_of
from wholerecord.intake.fhir.shape import is_array, is_object

#: More than these are not told: whoever gets everything wrong needs no list of it.
MOST = 100
_DEEPEST = 100


def wrong(kind: str, resource: dict[str, Any], place: str = "") -> list[Issue]:
    """What is wrong, at most `MOST` of it; empty when nothing is."""
    found: list[Issue] = []
    for issue in _resource(resource, place or kind, 0, kind):
        found.append(issue)
        if len(found) == MOST:
            break
    return found


def _resource(value: Any, at: str, depth: int, kind: str = "") -> Iterator[Issue]:
    if not is_object(value):
        yield Issue(code="structure", says="Expected a resource.", place=at)
        return
    said = value.get("resourceType")
    named = type_of(said) if isinstance(said, str) and "." not in said else None
    if named is None or "meta" not in named.elements or (kind and said != kind):
        yield Issue(code="structure", says="Not a resource type of R4.", place=f"{at}.resourceType")
        return
    yield from _object(value, named, at, depth, resource=True)


def _object(
    value: dict[str, Any], named: Type, at: str, depth: int, *, resource: bool = False
) -> Iterator[Issue]:
    if depth > _DEEPEST:
        yield Issue(code="too-costly", says="Deeper than can be read.", place=at)
        return
    if not value:
        yield Issue(code="structure", says="An object is empty.", place=at)
    chosen: dict[str, str] = {}
    for name, said in value.items():
        if resource and name == "resourceType":
            continue
        plain = name[1:] if name[:1] == "_" else name
        element = named.elements.get(plain)
        if element is None or (plain != name and element.kind not in PRIMITIVES):
            yield Issue(code="structure", says="No such element.", place=f"{at}.{_safe(name)}")
            continue
        if element.choice and chosen.setdefault(element.choice, plain) != plain:
            says = f"Only one of {element.choice} may be said."
            yield Issue(code="structure", says=says, place=f"{at}.{plain}")
        other = value.get(plain if plain != name else f"_{name}")
        yield from _values(said, element, f"{at}.{plain}", depth, other, beside=plain != name)
    for element, names in named.required:
        if not any(name in value or f"_{name}" in value for name in names):
            yield Issue(code="required", says="It is missing.", place=f"{at}.{element}")


def _values(
    said: Any, element: Element, at: str, depth: int, other: Any, *, beside: bool
) -> Iterator[Issue]:
    """One element: a value, or an array of them where there may be several."""
    if not element.many:
        if is_array(said):
            yield Issue(code="structure", says="Expected one value, found an array.", place=at)
            return
        yield from _value(said, element, at, depth, beside=beside)
        return
    if not is_array(said):
        yield Issue(code="structure", says="Expected an array.", place=at)
        return
    if not said:
        yield Issue(code="structure", says="An array is empty.", place=at)
    others: list[Any] = other if is_array(other) else []
    for n, one in enumerate(said):
        if one is None and n < len(others) and others[n] is not None:
            continue
        yield from _value(one, element, f"{at}[{n}]", depth, beside=beside)


def _value(said: Any, element: Element, at: str, depth: int, *, beside: bool) -> Iterator[Issue]:
    kind = "Element" if beside else element.kind
    check = PRIMITIVES.get(kind)
    if check is not None:
        if not check(said):
            yield Issue(code="value", says=f"It is not a {kind}.", place=at)
        elif element.codes is not None and said not in element.codes:
            yield Issue(code="code-invalid", says="It is not one of the codes there are.", place=at)
        return
    if kind == "Resource":
        yield from _resource(said, at, depth + 1)
        return
    named = type_of(kind)
    if named is None or not is_object(said):
        yield Issue(code="structure", says=f"Expected an object ({kind}).", place=at)
        return
    if "resourceType" in said and "meta" in named.elements:
        yield from _resource(said, at, depth + 1, kind)
        return
    yield from _object(said, named, at, depth + 1)


def _safe(name: str) -> str:
    """A name as it may be told: one that could be anything is not."""
    return name if name.isascii() and name.replace("_", "").isalnum() and len(name) <= 64 else "?"
