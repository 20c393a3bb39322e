"""PID, PD1 and ARV as a Patient.

Source: v2-to-FHIR segment maps PID[Patient], PD1[Patient]; UK Core Patient (NHS number verification
status, ethnic category); HL7 v2.5.1 PD1-12 and v2.6 ARV (restricted access).
"""

import re
from collections.abc import Iterable

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import (
    Json,
    Said,
    concept_at,
    name,
    staff,
)
from wholerecord.intake.hl7v2.numbered import IDENTIFIER_TYPES, identifier
from wholerecord.intake.hl7v2.reach import address, contact
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

_UK_CORE = "https://fhir.hl7.org.uk/"
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_PRACTICE = re.compile(r"[A-Y]\d{5}", re.ASCII)
#: ARV-3, table 0717: what may not be seen includes who or where the person is.
_HIDES_PERSON = frozenset({"ALL", "DEM", "LOC", "PID", "DEMOGRAPHICS"})
_RESTRICTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    "code": "R",
    "display": "restricted",
}


def say_patient(telling: Telling, group: Iterable[Segment], pid: Segment, unread: Json) -> None:
    """File the Patient that PID and the segments about the person beside it say.

    `unread` is what `meta` says of the segments that are kept and not mapped.
    """
    about: Json = {}
    restricted = False
    for segment in group:
        if segment.name == "PD1":
            about |= _more(segment)
            restricted = restricted or segment.text(12).upper() == "Y"
        elif segment.name == "ARV":
            restricted = restricted or _restricts(segment)
    meta = dict(unread)
    if restricted:
        meta["security"] = [*telling.meta.get("security", ()), _RESTRICTED]
    telling.say(
        "Patient",
        fhir_id(*telling.number),
        pid.place,
        {
            "identifier": _identifiers(pid),
            "active": telling.event != "A29",  # A29: the source no longer knows them
            "name": _names(pid),
            "telecom": _contacts(pid),
            "gender": tables.SEX.get(pid.text(8).upper(), ""),
            "birthDate": telling.moment(pid, 7)[:10],
            "address": [said for each in pid.repetitions(11) if (said := address(each))],
            "maritalStatus": _marital(pid),
            "communication": _language(pid),
            "extension": _ethnic(pid),
            "meta": meta,
            **_birth_order(pid),
            **_death(telling, pid),
            **about,
        },
    )


def _identifiers(pid: Segment) -> list[Json]:
    status = _status(pid)
    said: list[Json] = []
    for field in (3, 2, 4):
        for cx in pid.repetitions(field):
            one = identifier(cx)
            if one and status and one.get("system") == NHS_NUMBER_SYSTEM:
                one["extension"] = [status]
            if one and one not in said:
                said.append(one)
    for field, kind in ((19, "SS"), (20, "DL")):
        if value := pid.text(field):
            said.append(
                {"type": {"coding": [{"system": IDENTIFIER_TYPES, "code": kind}]}}
                | {"value": value}
            )
    return said


def _status(pid: Segment) -> Json:
    """The NHS number verification status that PID-32 names, as UK Core has it on the number."""
    for each in pid.repetitions(32):
        code = each.text(1)
        if display := tables.NHS_STATUS.get(code):
            coding = {
                "system": _UK_CORE + "CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
                "code": code,
                "display": display,
            }
            return {
                "url": _UK_CORE
                + "StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
                "valueCodeableConcept": {"coding": [coding]},
            }
    return {}


def _names(pid: Segment) -> list[Json]:
    """PID-5, and the aliases of PID-9, which are not the name to call them by."""
    names = [said for each in pid.repetitions(5) if (said := name(each))]
    for each in pid.repetitions(9):
        if said := name(each):
            said.setdefault("use", "old")
            names.append(said)
    return names


def _contacts(pid: Segment) -> list[Json]:
    said: list[Json] = []
    for field, use in ((13, "home"), (14, "work"), (40, "")):
        for each in pid.repetitions(field):
            one = contact(each, use)
            if one and one not in said:
                said.append(one)
    return said


def _marital(pid: Segment) -> Said:
    code = tables.MARITAL.get(pid.text(16).upper())
    if code is None:
        return concept_at(pid, 16)
    system = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
    return {"coding": [{"system": system, "code": code}]}


def _language(pid: Segment) -> list[Json]:
    said = concept_at(pid, 15)
    return [{"language": said, "preferred": True}] if said else []


def _ethnic(pid: Segment) -> list[Json]:
    """PID-22, where it is a category of the NHS Data Dictionary."""
    code = pid.text(22).upper()
    if code not in tables.ETHNIC:
        return []
    coding: Json = {"system": _UK_CORE + "CodeSystem/UKCore-EthnicCategoryEngland", "code": code}
    if words := pid.text(22, 2):
        coding["display"] = words
    url = _UK_CORE + "StructureDefinition/Extension-UKCore-EthnicCategory"
    return [{"url": url, "valueCodeableConcept": {"coding": [coding]}}]


def _birth_order(pid: Segment) -> Json:
    """PID-24 and PID-25: twins are two people, and this is how a source says so."""
    order = pid.text(25)
    if order.isascii() and order.isdigit() and len(order) < 3 and int(order) > 0:
        return {"multipleBirthInteger": int(order)}
    said = pid.text(24).upper()
    return {"multipleBirthBoolean": said == "Y"} if said in {"Y", "N"} else {}


def _death(telling: Telling, pid: Segment) -> Json:
    when = telling.moment(pid, 29)
    if when:
        return {"deceasedDateTime": when}
    said = pid.text(30).upper()
    return {"deceasedBoolean": said == "Y"} if said in {"Y", "N"} else {}


def _more(pd1: Segment) -> Json:
    """The GP and the practice. A practice is known by its ODS code, wherever it stands."""
    doctors: list[Said] = []
    practices: dict[str, str] = {}
    for xon in pd1.repetitions(3):
        code = next((each for n in (10, 3) if _PRACTICE.fullmatch(each := xon.text(n))), "")
        if code:
            practices[code] = xon.text(1)
    for xcn in pd1.repetitions(4):
        if said := staff(xcn):
            doctors.append(said)
        at = xcn.sub(14, 1)
        if _PRACTICE.fullmatch(at):
            practices.setdefault(at, "")
    named = [
        {"identifier": {"system": _ODS, "value": code}, **({"display": words} if words else {})}
        for code, words in practices.items()
    ]
    return {"generalPractitioner": named + doctors}


def _restricts(arv: Segment) -> bool:
    """Whether an ARV in force hides who or where the person is (ARV-2: D takes it back)."""
    if arv.text(2).upper() in {"D", "X"}:
        return False
    return any(each.text(1).upper() in _HIDES_PERSON for each in arv.repetitions(3))
