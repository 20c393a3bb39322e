"""HL7 v2 data types as FHIR data types. Numbers of things and people are `numbered`'s.

Source: v2-to-FHIR datatype maps XPN[HumanName], CWE[CodeableConcept], XCN[Practitioner],
PL[Location]. Functions give an empty dict when nothing is
said; staff and places are references by name and number, never resources of their own.

A hospital says the same codes, units, doctors and wards all day: what they are in FHIR is worked
out once and remembered, so it is a `Said`, which nobody may change. Nothing of a patient is.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from wholerecord.intake.hl7v2 import systems, tables
from wholerecord.intake.hl7v2.escapes import STANDARD
from wholerecord.intake.hl7v2.moments import moment
from wholerecord.intake.hl7v2.segment import Composite, Segment

Json = dict[str, Any]
#: A part of a resource that others have too.
Said = Mapping[str, Any]

#: Of how many fields it is remembered what they mean, and up to how many characters long.
REMEMBERED, _SHORT = 4096, 200
OID = re.compile(r"[0-2](\.\d+)+")
_STAFF_SYSTEM = {
    "GMC": "https://fhir.hl7.org.uk/Id/gmc-number",
    "GMP": "https://fhir.hl7.org.uk/Id/gmp-number",
    "SDS": "https://fhir.nhs.uk/Id/sds-user-id",
}


def is_short(field: Composite) -> bool:
    """Whether what the field means may be remembered: it is short, and written the usual way."""
    return field.is_standard and len(field.raw) <= _SHORT


def period(start: str, end: str) -> Json:
    """A Period from two times as HL7 writes them, of those that are times."""
    if not (start or end):
        return {}
    pairs = (("start", moment(start)), ("end", moment(end)))
    return {key: value for key, value in pairs if value}


def name(xpn: Composite) -> Json:
    """A HumanName."""
    said: Json = {}
    parts = xpn.padded(14)
    if family := xpn.sub(1, 1):
        said["family"] = family
    given = [part for part in (parts[1], *parts[2].split()) if part]
    if given:
        said["given"] = given
    if prefix := parts[4]:
        said["prefix"] = [prefix]
    suffix = [part for part in (parts[3], parts[5], parts[13]) if part]
    if suffix:
        said["suffix"] = suffix
    if not said:
        return {}
    if use := tables.NAME_USE.get(parts[6].upper()):
        said["use"] = use
    if span := period(parts[11], parts[12]):
        said["period"] = span
    return said


def coding_system(named: str) -> str:
    """The URI of a coding system as table 0396 names it, or "" for a local one with no name."""
    if not named:
        return ""
    name = named.upper()
    if known := systems.CODING_SYSTEM.get(name):
        return known
    if name.startswith("HL7") and name[3:].isdigit() and len(name) == 7:
        return f"{tables.HL7_TABLE}{name[3:]}"
    if OID.fullmatch(named):
        return f"urn:oid:{named}"
    if named.startswith(("http://", "https://", "urn:")):
        return named
    return "" if name in {"L", "99"} else "urn:id:" + re.sub(r"[^A-Za-z0-9.-]", "-", named)


def concept(cwe: Composite, system: str = "") -> Said:
    """A CodeableConcept: code, alternate and words. `system` is for codes that name none."""
    raw = cwe.raw
    if not raw:
        return _NOTHING
    if is_short(cwe):
        return _remembered_concept(raw, system)
    return _concept(cwe, system)


def concept_at(segment: Segment, field: int, system: str = "") -> Said:
    """The same of a field's first repetition: quick where it is empty, or known."""
    raw = segment.first_raw(field)
    if not raw:
        return _NOTHING
    if segment.is_standard and len(raw) <= _SHORT:
        return _remembered_concept(raw, system)
    return _concept(Composite(raw, segment.delimiters), system)


@lru_cache(maxsize=REMEMBERED)
def _remembered_concept(raw: str, system: str) -> Said:
    return _concept(Composite(raw, STANDARD), system)


def _concept(cwe: Composite, system: str) -> Said:
    display = cwe.text(2)
    coding = _coding(cwe.text(1), display, cwe.text(3), system)
    codings = [coding] if coding else []
    words = display
    if len(cwe) > 3:  # mostly it says no more
        if coding := _coding(cwe.text(4), cwe.text(5), cwe.text(6), system):
            codings.append(coding)
        words = cwe.text(9) or display or cwe.text(5)
    said: Json = {"coding": codings} if codings else {}
    if words:
        said["text"] = words
    elif codings and "system" not in codings[0]:
        said["text"] = codings[0]["code"]  # a code of no known system is only its own words
    return said


def _coding(code: str, display: str, named: str, system: str) -> Json:
    if not code:
        return {}
    said: Json = {"code": code}
    if uri := coding_system(named) or system:
        said["system"] = uri
    if display:
        said["display"] = display
    return said


def staff(xcn: Composite) -> Said:
    """A Reference to a member of staff by name and number."""
    return _recalled(xcn, _remembered_staff, _staff)


@lru_cache(maxsize=REMEMBERED)
def _remembered_staff(raw: str) -> Said:
    return _staff(Composite(raw, STANDARD))


def _staff(xcn: Composite) -> Said:
    words = " ".join(part for part in (xcn.text(6), xcn.text(3), xcn.sub(2, 1)) if part)
    number = xcn.text(1)
    said: Json = {}
    if number:
        said["identifier"] = {"value": number}
        by = (xcn.sub(9, 1) or xcn.text(13)).upper()
        if system := _STAFF_SYSTEM.get(by):
            said["identifier"]["system"] = system
    if words or number:
        said["display"] = words or number
    return said


def place(pl: Composite) -> Said:
    """A Reference to a place: description, or ward, room, bed and building, as they are called."""
    return _recalled(pl, _remembered_place, _place)


def place_at(segment: Segment, field: int) -> Said:
    """The same of a field's first repetition: quick where it is empty, or known."""
    raw = segment.first_raw(field)
    if not raw:
        return _NOTHING
    if segment.is_standard and len(raw) <= _SHORT:
        return _remembered_place(raw)
    return _place(Composite(raw, segment.delimiters))


@lru_cache(maxsize=REMEMBERED)
def _remembered_place(raw: str) -> Said:
    return _place(Composite(raw, STANDARD))


def _place(pl: Composite) -> Said:
    parts = (pl.text(9), *(pl.sub(n, 1) for n in (1, 2, 3)), pl.sub(7, 1), pl.sub(4, 1))
    words = ", ".join(dict.fromkeys(part for part in parts if part))
    return {"display": words} if words else {}


def concepts(segment: Segment, field: int, system: str = "") -> list[Said]:
    """Every repetition of a CWE field that says something."""
    return [said for each in segment.repetitions(field) if (said := concept(each, system))]


def _recalled(
    field: Composite, remembered: Callable[[str], Said], anew: Callable[[Composite], Said]
) -> Said:
    """What the field means: remembered where it is short and written the usual way."""
    raw = field.raw
    if not raw:
        return _NOTHING
    return remembered(raw) if is_short(field) else anew(field)


_NOTHING: Said = {}
