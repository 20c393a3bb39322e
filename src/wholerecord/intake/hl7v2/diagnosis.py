"""DG1 as a Condition, and PR1 as a Procedure.

Source: v2-to-FHIR segment maps DG1[Condition], PR1[Procedure]. Each is known by its own number
(DG1-20, PR1-19), else by the visit (else the patient) with what it is of and its day.
"""

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import Json, Said, coding_system, concept_at, staff
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling
from wholerecord.intake.reading import Reason

_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"


def say_diagnosis(telling: Telling, dg1: Segment) -> None:
    """File one DG1. DG1-21 D takes the diagnosis back."""
    code = _coded(dg1)
    if not code:
        telling.fault(Reason.BAD_VALUE, f"{dg1.place}-3", "the diagnosis is not named")
        return
    deleted = dg1.text(21).upper() == "D"
    certainty = tables.DIAGNOSIS_CERTAINTY.get(dg1.text(6).upper(), "")
    certainty = "entered-in-error" if deleted else certainty
    telling.say(
        "Condition",
        _id(telling, "Condition", dg1, 20),
        dg1.place,
        {
            "subject": telling.subject,
            "encounter": telling.encounter,
            "code": code,
            "category": [{"coding": [{"system": _CATEGORY, "code": "encounter-diagnosis"}]}],
            "verificationStatus": _status(certainty),
            "onsetDateTime": telling.moment(dg1, 5),
            "recordedDate": telling.moment(dg1, 19),
            "asserter": staff(dg1.first(16)),
        },
    )


def say_procedure(telling: Telling, pr1: Segment) -> None:
    """File one PR1. PR1-20 D takes the procedure back."""
    code = _coded(pr1)
    if not code:
        telling.fault(Reason.BAD_VALUE, f"{pr1.place}-3", "the procedure is not named")
        return
    telling.say(
        "Procedure",
        _id(telling, "Procedure", pr1, 19),
        pr1.place,
        {
            "subject": telling.subject,
            "encounter": telling.encounter,
            "status": "entered-in-error" if pr1.text(20).upper() == "D" else "completed",
            "code": code,
            "performedDateTime": telling.moment(pr1, 5),
            "performer": [
                {"actor": said}
                for field in (11, 8, 12)
                for each in pr1.repetitions(field)
                if (said := staff(each))
            ],
            "reasonCode": [said] if (said := concept_at(pr1, 15)) else [],
        },
    )


def _coded(segment: Segment) -> Said:
    """Field 3, with the system of field 2 and the words of field 4 where it has none itself."""
    said = concept_at(segment, 3, coding_system(segment.text(2)))
    words = segment.text(4)
    return {**said, "text": words} if words else said


def _id(telling: Telling, kind: str, segment: Segment, own: int) -> str:
    if number := segment.text(own):
        return telling.unlike(kind, segment.text(own, 2), number, "", "", "")
    within = telling.visit or (*telling.number, "")
    what = segment.text(3) or segment.text(4) or segment.text(3, 2)
    return telling.unlike(kind, *within, what, segment.text(5)[:8])


def _status(code: str) -> Json:
    return {"coding": [{"system": _VERIFICATION, "code": code}]} if code else {}
