"""PV1 and PV2 as an Encounter.

Source: v2-to-FHIR segment maps PV1[Encounter], PV2[Encounter], concept maps Event[EncounterStatus]
and PatientClass. Two differences from the map. A04 (somebody came) is `arrived`, where the map's
draft says planned. A08 and the like, of which the map says that they do not tell the status, take
it from the discharge time, else from the patient class, as the map's PV1-2 row does.
"""

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import Json, concept_at, place_at, staff
from wholerecord.intake.hl7v2.numbered import identifier
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.reading import Reason
from wholerecord.nhs import PartialDate

_STATUS = {
    "A01": "in-progress",
    "A02": "in-progress",
    "A03": "finished",
    "A04": "arrived",
    "A05": "planned",
    "A06": "in-progress",
    "A07": "in-progress",
    "A09": "in-progress",
    "A10": "in-progress",
    "A11": "entered-in-error",
    "A12": "in-progress",
    "A13": "in-progress",
    "A14": "planned",
    "A15": "in-progress",
    "A16": "in-progress",
    "A21": "onleave",
    "A22": "in-progress",
    "A23": "entered-in-error",
    "A25": "in-progress",
    "A26": "in-progress",
    "A27": "cancelled",
    "A32": "in-progress",
    "A33": "in-progress",
    "A38": "cancelled",
    "A52": "in-progress",
    "A53": "onleave",
}
#: Events that are about a visit even when nothing identifies it.
_VISIT_EVENTS = frozenset(_STATUS)
_ROLES = ((7, "ATND"), (8, "REF"), (9, "CON"), (17, "ADM"))
_PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
#: A PV1-4 that is of no table known here and has no words.
_LOCAL_TYPE = "urn:wholerecord:hl7v2:PV1-4"
_CLASS_SYSTEM = f"{tables.HL7_TABLE}0004"


def visit_number(telling: Telling, pv1: Segment, pid: Segment) -> tuple[str, ...]:
    """What identifies the visit, stable over its messages; empty when the PV1 is about none.

    PV1-19, else the account number PID-18, else the patient with the time of admission; else, for
    an event that is a visit's, the patient with the day of the event.
    """
    for cx in (pv1.first(19), pid.first(18)):
        if number := cx.text(1):
            return (cx.sub(4, 1), number, "")
    if admitted := pv1.text(44):
        return (*telling.number, admitted)
    return (*telling.number, telling.when[:8]) if telling.event in _VISIT_EVENTS else ()


def say_encounter(telling: Telling, pv1: Segment, pv2: Segment | None) -> None:
    """File the visit of a PV1, when it is about one."""
    if not telling.visit:
        return
    span = _period(telling, pv1)
    numbers = [said for n in (19, 50) if (said := identifier(pv1.first(n)))]
    telling.say(
        "Encounter",
        fhir_id(*telling.visit),
        pv1.place,
        {
            "identifier": numbers,
            "status": _status(telling.event, pv1, ended="end" in span),
            "class": _class(pv1),
            "subject": telling.subject,
            "period": span,
            **_admission(pv1),
            "serviceType": concept_at(pv1, 10, f"{tables.HL7_TABLE}0069"),
            "participant": _participants(pv1),
            "location": _locations(pv1),
            "hospitalization": _hospitalization(pv1),
            "reasonCode": [said] if pv2 and (said := concept_at(pv2, 3)) else [],
        },
    )


def _admission(pv1: Segment) -> Json:
    """How they came in (PV1-4), in words where there are any: a code is not what a visit is called.

    England sends the NHS Data Dictionary's admission method, which UK Core has an extension for.
    """
    said = concept_at(pv1, 4, f"{tables.HL7_TABLE}0007")
    if not said:
        return {}
    code = pv1.text(4)
    if method := tables.ADMISSION_METHOD.get(code.upper()):
        system = f"{tables.UK_CORE}CodeSystem/UKCore-AdmissionMethodEngland"
        coding = {"system": system, "code": code.upper(), "display": method}
        url = f"{tables.UK_CORE}StructureDefinition/Extension-UKCore-AdmissionMethod"
        return {"extension": [{"url": url, "valueCodeableConcept": {"coding": [coding]}}]}
    if word := tables.ADMISSION_TYPE.get(code.upper()):
        first, *others = said["coding"]
        said = {**said, "coding": [{"display": word, **first}, *others]}
    elif not pv1.text(4, 2):
        return {"extension": [{"url": _LOCAL_TYPE, "valueCodeableConcept": said}]}
    return {"type": [said]}


def _status(event: str, pv1: Segment, *, ended: bool) -> str:
    patient_class = pv1.text(2).upper()
    if event == "A01" and patient_class == "P":
        return "planned"
    if event in _STATUS:
        return _STATUS[event]
    if ended:
        return "finished"
    if patient_class == "P":
        return "planned"
    return "in-progress" if patient_class and pv1.text(44) else "unknown"


def _class(pv1: Segment) -> Json:
    code = pv1.text(2).upper()
    if code in tables.ENCOUNTER_CLASS:
        mapped, display = tables.ENCOUNTER_CLASS[code]
        return {"system": _ACT_CODE, "code": mapped, "display": display}
    return {"system": _CLASS_SYSTEM, "code": code or "U"}


def _period(telling: Telling, pv1: Segment) -> Json:
    """From admission to discharge. A cancelled discharge (A13) has no end.

    An end before the start is a fault: both cannot be right.
    """
    start = telling.moment(pv1, 44)
    end = "" if telling.event == "A13" else telling.moment(pv1, 45)
    if not end and telling.event == "A03":
        end = telling.moment_of_event
    if not start and telling.event in {"A01", "A04"}:
        start = telling.moment_of_event
    if _backwards(start, end):
        telling.fault(Reason.BAD_VALUE, f"{pv1.place}-45", "discharged before admitted")
        end = ""
    return {key: said for key, said in (("start", start), ("end", end)) if said}


def _backwards(start: str, end: str) -> bool:
    first, last = PartialDate.parse(start), PartialDate.parse(end)
    return first is not None and last is not None and end < start[: len(end)] and last < first


def _participants(pv1: Segment) -> list[Json]:
    return [
        {"type": [{"coding": [{"system": _PARTICIPATION, "code": role}]}], "individual": said}
        for field, role in _ROLES
        for each in pv1.repetitions(field)
        if (said := staff(each))
    ]


def _locations(pv1: Segment) -> list[Json]:
    """The place they are at; before it the place they came from, and a temporary one."""
    return [
        {"location": where, "status": status}
        for field, status in ((6, "completed"), (3, "active"), (11, "active"), (42, "planned"))
        if (where := place_at(pv1, field))
    ]


def _hospitalization(pv1: Segment) -> Json:
    said = {
        "preAdmissionIdentifier": identifier(pv1.first(5)),
        "admitSource": concept_at(pv1, 14, f"{tables.HL7_TABLE}0023"),
        "dischargeDisposition": concept_at(pv1, 36, f"{tables.HL7_TABLE}0112"),
        "destination": {"display": where} if (where := pv1.text(37)) else {},
        "reAdmission": concept_at(pv1, 13, f"{tables.HL7_TABLE}0092"),
    }
    if courtesy := concept_at(pv1, 16, f"{tables.HL7_TABLE}0099"):
        said["specialCourtesy"] = courtesy
    return {key: value for key, value in said.items() if value}
