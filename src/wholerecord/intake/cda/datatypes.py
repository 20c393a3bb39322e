"""HL7 v3 data types as FHIR data types.

Source: C-CDA on FHIR and the HL7 v3 data types R1 (CD, II, EN, AD, TEL, PQ). Functions give an
empty dict when nothing is said; people and places are references by name, never resources.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from wholerecord.intake.cda import tables
from wholerecord.intake.cda.look import every, first, inner, said
from wholerecord.intake.cda.narrative import Words
from wholerecord.intake.markup import Element, local
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

Json = dict[str, Any]

_OID = re.compile(r"[0-2](\.\d+)+", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_SPACE = re.compile(r"\s+")


def system(oid: str, known: dict[str, str]) -> str:
    """The URI of an OID: what FHIR calls it, else `urn:oid:`; "" when it is none."""
    if uri := known.get(oid):
        return uri
    return f"urn:oid:{oid}" if _OID.fullmatch(oid) else ""


def concept(element: Element | None, words: Words) -> Json:
    """A CodeableConcept: code, translations, and the words of the narrative or the display."""
    if element is None:
        return {}
    codings = [c for each in (element, *every(element, "translation")) if (c := _coding(each))]
    text = words.of(first(element, "originalText"))
    display = said(element, "displayName")
    concept: Json = {"coding": codings} if codings else {}
    if text or display:
        concept["text"] = text or display
    return concept


def _coding(element: Element) -> Json:
    code = said(element, "code")
    if not code:
        return {}
    uri, display = system(said(element, "codeSystem"), tables.SYSTEM), said(element, "displayName")
    return (
        {"code": code}
        | ({"system": uri} if uri else {})
        | ({"display": display} if display else {})
    )


def words_of(concept: Json) -> str:
    """What a CodeableConcept calls it, "" when it is only codes."""
    return concept.get("text") or next(
        (c["display"] for c in concept.get("coding", ()) if "display" in c), ""
    )


def identifier(element: Element) -> Json:
    """An Identifier. An NHS number has the system every other source uses, and no spaces."""
    root, extension = said(element, "root"), said(element, "extension")
    if not extension:
        return {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{root.lower()}"} if root else {}
    uri = system(root, tables.NUMBERS)
    if uri == NHS_NUMBER_SYSTEM:
        extension = extension.replace(" ", "").replace("-", "")
    by = said(element, "assigningAuthorityName")
    return (
        {"value": extension}
        | ({"system": uri} if uri else {})
        | ({"assigner": {"display": by}} if by else {})
    )


def identifiers(element: Element | None) -> list[Json]:
    """Every `id` that says something."""
    each = every(element, "id") if element is not None else ()
    return [found for one in each if (found := identifier(one))]


def name(element: Element) -> Json:
    """A HumanName, of its parts or of plain text."""
    parts: dict[str, list[str]] = {}
    for part in element.iterchildren("{*}*"):
        if text := plain(part):
            parts.setdefault(local(part), []).append(text)
    found: Json = {}
    if "family" in parts:
        found["family"] = " ".join(parts["family"])
    for ours in ("given", "prefix", "suffix"):
        if ours in parts:
            found[ours] = parts[ours]
    if not found:
        return {"text": text} if (text := plain(element)) else {}
    if use := _use(element, tables.NAME_USE):
        found["use"] = use
    return found


def spoken(name: Json) -> str:
    """A HumanName as people say it."""
    parts = (*name.get("prefix", ()), *name.get("given", ()), name.get("family", ""))
    return name.get("text") or " ".join(part for part in parts if part)


def address(element: Element) -> Json:
    """An Address, of its parts or of plain text."""
    lines = [text for each in every(element, "streetAddressLine") if (text := plain(each))]
    found: Json = {"line": lines} if lines else {}
    for ours in ("city", "state", "postalCode", "country"):
        if text := plain(first(element, ours)):
            found[ours] = text
    if not found and not len(element) and (text := plain(element)):
        found["text"] = text
    if found and (use := _use(element, tables.ADDRESS_USE)):
        found["use"] = use
    return found


def contact(element: Element) -> Json:
    """A ContactPoint of a `telecom`: `tel:01632960001`, `mailto:someone@example.com`."""
    scheme, colon, value = said(element, "value").partition(":")
    if not colon:
        scheme, value = "tel", scheme
    if not value.strip():
        return {}
    found: Json = {"system": tables.TELECOM_SYSTEM.get(scheme.lower(), "other")}
    found["value"] = value if scheme.lower() not in {"http", "https"} else f"{scheme}:{value}"
    if use := _use(element, tables.TELECOM_USE):
        found["use"] = use
    return found


def quantity(element: Element | None) -> Json:
    """A Quantity of a PQ, INT or REAL: the number as it was written."""
    value = number(said(element, "value"))
    if element is None or value is None:
        return {}
    unit = said(element, "unit")
    found: Json = {"value": value}
    if unit and unit != "1":
        found |= {"unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    return found


def number(text: str) -> Decimal | None:
    """The number a text is, or None."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def person(element: Element | None) -> Json:
    """A Reference to whoever an assigned entity or author is: their name, else organisation."""
    if element is None:
        return {}
    for path in (("assignedPerson", "name"), ("associatedPerson", "name"), ("playingEntity",)):
        found = first(element, *path)
        if found is not None and (text := spoken(name(found))):
            return _numbered(element, text)
    device = first(element, "assignedAuthoringDevice")
    if device is not None:
        named = plain(first(device, "softwareName")) or plain(
            first(device, "manufacturerModelName")
        )
        if named:
            return {"display": named}
    return {"display": text} if (text := plain(first(element, *_ORGANISATION))) else {}


_ORGANISATION = ("representedOrganization", "name")


def _numbered(element: Element, text: str) -> Json:
    """A name with the number of whoever has it, where a register gave it."""
    for one in identifiers(element):
        if one.get("system", "").startswith("http"):
            return {"display": text, "identifier": {k: one[k] for k in ("system", "value")}}
    return {"display": text}


def plain(element: Element | None) -> str:
    """The text in an element, spaces made one; bounded by the element."""
    if element is None:
        return ""
    return _SPACE.sub(" ", inner(element)).strip()


def _use(element: Element, known: dict[str, str]) -> str:
    for each in said(element, "use").upper().split():
        if use := known.get(each):
            return use
    return ""
