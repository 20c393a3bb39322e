"""A resource as FHIR has it in XML: the elements of each type in the order of its definition.

Source: FHIR R4, xml.html. What `intake.fhir.xml_tree` reads of it is the resource again. Narrative
that is not XHTML as FHIR allows it is written as the words it has: nothing in it is an element.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from wholerecord.fhir.elements import Ordered, ordered
from wholerecord.fhir.validation.narrative import XHTML, is_narrative
from wholerecord.intake.fhir.shape import Object, is_array, is_object

_FHIR = "http://hl7.org/fhir"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}")
#: What no XML document may have in it, whatever way it is escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<[^<>]*>")
_DEEPEST = 100
_UNKNOWN = Ordered(place=1 << 16, kind="", many=False, summary=False, must=False)


def as_xml(resource: Object) -> bytes:
    """The resource as a document in UTF-8."""
    kind = _name_of(resource)
    inside = "".join(_children(resource, kind, 0))
    return f'<{kind} xmlns="{_FHIR}">{inside}</{kind}>'.encode()


def _name_of(resource: Object) -> str:
    said = resource.get("resourceType")
    return said if isinstance(said, str) and _NAME.fullmatch(said) else "Basic"


def _children(whole: Object, kind: str, depth: int) -> Iterator[str]:
    """Each element within, in order; those that are no elements of the type come last."""
    if depth > _DEEPEST:
        return
    known = ordered(kind)
    names = dict.fromkeys(name.removeprefix("_") for name in whole)
    rows = sorted((known.get(name, _UNKNOWN).place, name) for name in names)
    resource = "resourceType" in whole
    for _, name in rows:
        if name == "resourceType" or not _NAME.fullmatch(name):
            continue
        if not resource and (name == "id" or (name == "url" and kind == "Extension")):
            continue  # they are attributes
        yield from _element(name, whole.get(name), whole.get(f"_{name}"), known.get(name), depth)


def _element(
    name: str, value: Any, beside: Any, known: Ordered | None, depth: int
) -> Iterator[str]:
    values: list[Any] = value if is_array(value) else [value]
    besides: list[Any] = beside if is_array(beside) else [beside]
    for one, rest in zip_longest(values, besides):
        if one is not None or is_object(rest):
            yield _one(name, one, rest, known.kind if known else "", depth)


def _one(name: str, value: Any, beside: Any, kind: str, depth: int) -> str:
    if kind == "xhtml":
        return _narrative(str(value))
    if kind == "Resource" or (is_object(value) and "resourceType" in value):
        if not is_object(value):
            return ""
        said = _name_of(value)
        return f"<{name}><{said}>{''.join(_children(value, said, depth + 1))}</{said}></{name}>"
    if is_object(value):
        return _written(name, _attributes(value, kind), "".join(_children(value, kind, depth + 1)))
    attributes = "" if value is None else f" value={_quoted(_said(value))}"
    if not is_object(beside):
        return _written(name, attributes, "")
    inside = "".join(_children(beside, "Element", depth + 1))
    return _written(name, _attributes(beside, "Element") + attributes, inside)


def _attributes(whole: Object, kind: str) -> str:
    names = ("id", "url") if kind == "Extension" else ("id",)
    return "".join(
        f" {name}={_quoted(_said(whole[name]))}"
        for name in names
        if name in whole and not is_object(whole[name]) and not is_array(whole[name])
    )


def _written(name: str, attributes: str, inside: str) -> str:
    return f"<{name}{attributes}>{inside}</{name}>" if inside else f"<{name}{attributes}/>"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, Decimal)) else ""


def _quoted(text: str) -> str:
    """An attribute's value in quotes. Line ends and tabs are kept: unescaped they would be blanks.

    >>> print(_quoted('a "b" & <c>'))
    'a "b" &amp; &lt;c&gt;'
    """
    return quoteattr(_NOT_XML.sub("\ufffd", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _narrative(div: str) -> str:
    if is_narrative(div) and not _NOT_XML.search(div):
        return div.strip()
    words = _NOT_XML.sub("\ufffd", _TAG.sub(" ", div))
    return f'<div xmlns="{XHTML}">{escape(words)}</div>'
