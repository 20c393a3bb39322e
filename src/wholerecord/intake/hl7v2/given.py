"""RXA of a RAS as a MedicationAdministration.

Source: v2-to-FHIR segment map ORC[MedicationAdministration], and RXA[Immunization] for the fields
that mean the same; HL7 v2.5.1 section 4.14.7. An administration is known by its order, its counters
(RXA-1, RXA-2) and when it began; RXA-21 D takes it back.
"""

from wholerecord.intake.hl7v2.courses import Course, Given
from wholerecord.intake.hl7v2.datatypes import Json, concept, concepts, staff
from wholerecord.intake.hl7v2.dosage import quantity, way
from wholerecord.intake.hl7v2.observation import notes_of
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.reading import Reason

#: Table 0322 Completion Status.
COMPLETION = {"CP": "completed", "PA": "completed", "RE": "not-done", "NA": "not-done"}


def rxa_status(rxa: Segment) -> str:
    """`completed`, `not-done`, or `entered-in-error` for one that is taken back."""
    if rxa.text(21).upper() == "D":
        return "entered-in-error"
    return COMPLETION.get(rxa.text(20).upper(), "completed")


def say_administration(telling: Telling, course: Course, given: Given, number: str) -> None:
    """File one RXA of a medicine."""
    rxa = given.head
    code = concept(rxa.first(5))
    if not code:
        telling.fault(Reason.BAD_VALUE, f"{rxa.place}-5", "no medicine is named")
        return
    start, end = telling.moment(rxa, 3), telling.moment(rxa, 4)
    spans = bool(start and end and start != end)
    dose = quantity(rxa.text(6), rxa.first(7))
    taken: Json = way(given.routes or course.routes)
    if dose:
        taken["dose"] = dose
    if rate := quantity(rxa.text(12), rxa.first(14)):
        taken["rateQuantity"] = rate
    known_by = (number, rxa.text(1), rxa.text(2), rxa.text(3))
    telling.say(
        "MedicationAdministration",
        telling.unlike("MedicationAdministration", *known_by),
        rxa.place,
        {
            "status": rxa_status(rxa),
            "statusReason": concepts(rxa, 18),
            "medicationCodeableConcept": code,
            "subject": telling.subject,
            "context": telling.encounter,
            "effectiveDateTime": "" if spans else start,
            "effectivePeriod": {"start": start, "end": end} if spans else {},
            "performer": [{"actor": said} for each in rxa.repetitions(10) if (said := staff(each))],
            "reasonCode": concepts(rxa, 19),
            "request": _request(course, number),
            "note": rxa_notes(given),
            "dosage": taken,
        },
    )


def rxa_notes(given: Given) -> list[Json]:
    """RXA-9 in words, and the notes under it."""
    words = [each.text(2) or each.text(1) for each in given.head.repetitions(9)]
    return [{"text": text} for text in words if text] + notes_of(given.notes)


def _request(course: Course, number: str) -> Json:
    """The order it was given by, where the message says that order too."""
    if not (course.asked or course.encoded):
        return {}
    return {"reference": f"MedicationRequest/{fhir_id(number, '', '')}"}
