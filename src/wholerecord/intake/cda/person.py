"""Whose document it is: `recordTarget` as a Patient, and the number they are filed under.

Source: C-CDA R2.1 US Realm Header; NHS ITK COCD_TP145201GB01 (PatientRole).
"""

import re
from collections.abc import Callable

from wholerecord.intake.cda import tables
from wholerecord.intake.cda.datatypes import (
    Json,
    address,
    concept,
    contact,
    identifier,
    name,
    plain,
)
from wholerecord.intake.cda.look import code, every, first, said
from wholerecord.intake.cda.moments import moment
from wholerecord.intake.cda.narrative import Words
from wholerecord.intake.fhir.ids import id_by_content, id_from
from wholerecord.intake.markup import Element
from wholerecord.nhs import NhsNumber
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

_UK_CORE = "https://fhir.hl7.org.uk/"
_ODS = tables.NUMBERS["2.16.840.1.113883.2.1.3.2.4.19.1"]
_VERIFICATION = f"{_UK_CORE}StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
_PRACTICE = re.compile(r"[A-Y]\d{5}", re.ASCII)


def patient_of(role: Element, words: Words) -> tuple[str, Json] | None:
    """(number, Patient) of a `patientRole`, or None when it names nobody.

    The number is the local one, else a valid NHS number, else any other; a document that has none
    but says a name and a date of birth is filed under what it says of the person.
    """
    who = first(role, "patient")
    said_of: Json = {
        "identifier": [_with_status(each) for each in every(role, "id") if identifier(each)],
        "name": _all(who, "name", name),
        "telecom": _all(role, "telecom", contact),
        "address": _all(role, "addr", address),
        "generalPractitioner": _practice(role),
    }
    if who is not None:
        said_of |= {
            "gender": tables.SEX.get(code(who, "administrativeGenderCode").upper(), ""),
            "birthDate": moment(said(first(who, "birthTime"), "value"))[:10],
            "maritalStatus": concept(first(who, "maritalStatusCode"), words),
            "communication": _languages(who),
            **_death(who),
        }
    patient = {key: value for key, value in said_of.items() if value or value is False}
    number = _number(role)
    if not number:
        if not (patient.get("name") and patient.get("birthDate")):
            return None
        number = id_by_content({key: patient.get(key) for key in ("name", "birthDate", "address")})
    return number, {"resourceType": "Patient", "id": id_from(number), **patient}


def _number(role: Element) -> str:
    """`authority:number` of the best `id`: local, NHS number, any other; "" without one."""
    best: list[tuple[int, str]] = []
    for each in every(role, "id"):
        root, extension = said(each, "root"), said(each, "extension")
        if not (root or extension):
            continue
        if root in tables.NHS_STATUS:
            nhs = NhsNumber.parse(extension)
            if nhs:
                best.append((1, f"nhs:{nhs.digits}"))
            continue
        by = said(each, "assigningAuthorityName") or root
        rank = 2 if root in tables.NOT_FILED_BY else 0
        best.append((rank, f"{by}:{extension}" if extension else root))
    return min(best, key=lambda one: one[0])[1] if best else ""


def _with_status(element: Element) -> Json:
    """An Identifier; of an NHS number also whether it was traced, as UK Core has it."""
    found = identifier(element)
    status = tables.NHS_STATUS.get(said(element, "root"))
    if status and found.get("system") == NHS_NUMBER_SYSTEM:
        coding = {
            "system": f"{_UK_CORE}CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
            "code": status[0],
            "display": status[1],
        }
        found["extension"] = [
            {
                "url": _VERIFICATION,
                "valueCodeableConcept": {"coding": [coding]},
            }
        ]
    return found


def _all(parent: Element | None, tag: str, as_fhir: Callable[[Element], Json]) -> list[Json]:
    """Each child of that name that says something, as FHIR."""
    each = every(parent, tag) if parent is not None else ()
    return [found for one in each if (found := as_fhir(one))]


def _practice(role: Element) -> list[Json]:
    """The practice that ITK names as `providerOrganization`, by its ODS code."""
    organisation = first(role, "providerOrganization")
    if organisation is None:
        return []
    for each in every(organisation, "id"):
        if tables.NUMBERS.get(said(each, "root")) == _ODS and (ods := said(each, "extension")):
            if not _PRACTICE.fullmatch(ods):
                continue
            called = plain(first(organisation, "name"))
            practice: Json = {"identifier": {"system": _ODS, "value": ods}}
            return [practice | ({"display": called} if called else {})]
    return []


def _languages(who: Element) -> list[Json]:
    spoken: list[Json] = []
    for each in every(who, "languageCommunication"):
        if language := code(each, "languageCode"):
            coding = {"system": "urn:ietf:bcp:47", "code": language}
            preferred = said(first(each, "preferenceInd"), "value") == "true"
            spoken.append(
                {"language": {"coding": [coding]}} | ({"preferred": True} if preferred else {})
            )
    return spoken


def _death(who: Element) -> Json:
    """`sdtc:deceasedTime` or `sdtc:deceasedInd`."""
    if when := moment(said(first(who, "deceasedTime"), "value")):
        return {"deceasedDateTime": when}
    dead = said(first(who, "deceasedInd"), "value")
    return {"deceasedBoolean": dead == "true"} if dead in {"true", "false"} else {}
