"""FHIR in XML as the tree that FHIR in JSON is.

Source: FHIR R4, xml.html and json.html. The value of an element is its attribute `value`; what else
a primitive has (`id`, extensions) JSON writes under `_name`; a list keeps the places of its parts
with `null`. A number keeps every digit that was written.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from lxml import etree

from wholerecord.intake.fhir.shape import Object
from wholerecord.intake.fhir.version import version_of
from wholerecord.intake.fhir.xml_elements import (
    NUMBER,
    RESOURCE,
    TRUTH,
    WHOLE,
    XHTML,
    Elements,
    Shape,
    elements,
)
from wholerecord.intake.markup import Element, local, namespace, place_of
from wholerecord.intake.reading import Fault, Reason

FHIR = "http://hl7.org/fhir"
_XHTML = "http://www.w3.org/1999/xhtml"
#: Deeper than any resource is, and far from where Python ends.
_DEEPEST = 100
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,63})(?:\.\d{1,64})?(?:[eE][+-]?\d{1,4})?", re.ASCII)
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)


class NotFhirXml(ValueError):
    """The XML is not FHIR as its own rules have it. `fault` says what and where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


def tree(root: Element) -> Object:
    """The resource `root` is, as `record.read_json` would give it from FHIR in JSON. Linear.

    Raises:
        NotFhirXml: text where FHIR has none, another namespace, or deeper than can be read.
    """
    return _Tree(elements(_version(root))).resource(root, 0)


def _version(root: Element) -> str:
    """The version of FHIR the document is in: the first mark that any resource in it bears."""
    for at in root.iter("{*}resource", root.tag):
        held = at if at is root else next(iter(at), None)
        if held is not None and (found := version_of(local(held), _outline(held))):
            return found
    return ""


def _outline(resource: Element) -> Object:
    """A resource's first level, as far as its version shows there."""
    outline: Object = {}
    for child in resource:
        value = child.get("value")
        outline[local(child)] = {} if value is None else value
    meta = resource.find(f"{{{FHIR}}}meta")
    if meta is not None:
        profiles = [one.get("value", "") for one in meta.findall(f"{{{FHIR}}}profile")]
        outline["meta"] = {"profile": profiles}
    outline["name"] = [
        {"family": [""] * len(families)}
        for name in resource.findall(f"{{{FHIR}}}name")
        if len(families := name.findall(f"{{{FHIR}}}family")) > 1
    ]
    return outline


class _Tree:
    """Makes trees of elements by one version's definitions."""

    def __init__(self, table: Elements) -> None:
        self._table = table

    def resource(self, at: Element, depth: int) -> Object:
        kind = local(at)
        return {"resourceType": kind, **self._complex(at, kind, depth)}

    def _complex(self, at: Element, kind: str, depth: int) -> Object:
        """An element with parts: each part under its name, one that repeats as a list."""
        if depth > _DEEPEST:
            raise NotFhirXml(Fault(reason=Reason.TOO_LARGE, detail="elements within elements"))
        _no_text(at)
        said: Object = {name: at.get(name) for name in ("id", "url") if at.get(name) is not None}
        parts: dict[str, list[Element]] = {}
        for child in at:
            if namespace(child) not in {FHIR, _XHTML}:
                raise _wrong(child, "an element that is not of FHIR")
            parts.setdefault(local(child), []).append(child)
        for name, ones in parts.items():
            self._put(said, name, ones, (self._table.shape(kind, name), depth + 1))
        return said

    def _put(
        self, said: Object, name: str, ones: Sequence[Element], how: tuple[Shape, int]
    ) -> None:
        shape, depth = how
        values = [self._value(one, shape.kind, depth) for one in ones]
        rest = [self._rest(one, shape.kind, depth) for one in ones]
        many = shape.many or len(ones) > 1
        if any(value is not None for value in values):
            said[name] = values if many else values[0]
        if any(rest):
            said[f"_{name}"] = [one or None for one in rest] if many else rest[0]

    def _value(self, at: Element, kind: str, depth: int) -> Any:
        """What an element says; None where it says nothing itself."""
        if kind == XHTML:
            return etree.tostring(at, method="c14n", exclusive=True, with_tail=False).decode()
        if kind == RESOURCE:
            if len(at) != 1:
                raise _wrong(at, "one resource is expected here")
            return self.resource(at[0], depth)
        if _is_primitive(at, kind):
            _no_text(at)
            return _primitive(at.get("value"), kind)
        return self._complex(at, kind, depth)

    def _rest(self, at: Element, kind: str, depth: int) -> Object:
        """What a primitive has beside its value: its id and its extensions."""
        if kind in {XHTML, RESOURCE} or not _is_primitive(at, kind):
            return {}
        return self._complex(at, "Element", depth)


def _is_primitive(at: Element, kind: str) -> bool:
    """Whether an element is a value: by its type, else by what it holds."""
    if kind in {NUMBER, WHOLE, TRUTH}:
        return True
    if kind:
        return False
    return at.get("value") is not None or all(local(one) == "extension" for one in at)


def _primitive(value: str | None, kind: str) -> Any:
    """The JSON value; a number that is none stays text, for the check of its resource to find."""
    if value is None:
        return None
    if kind == WHOLE and _WHOLE.fullmatch(value):
        return int(value)
    if kind == NUMBER and _DECIMAL.fullmatch(value):
        return int(value) if _WHOLE.fullmatch(value) else Decimal(value)
    if kind == TRUTH and value in {"true", "false"}:
        return value == "true"
    return value


def _no_text(at: Element) -> None:
    """FHIR has no text between elements: what stands there would be lost."""
    if (at.text and at.text.strip()) or any(one.tail and one.tail.strip() for one in at):
        raise _wrong(at, "text where FHIR has none")


def _wrong(at: Element, detail: str) -> NotFhirXml:
    return NotFhirXml(Fault(reason=Reason.NOT_FHIR, place=place_of(at), detail=detail))
