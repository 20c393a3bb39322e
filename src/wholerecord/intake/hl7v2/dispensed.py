"""RXD as a MedicationDispense.

Source: HL7 v2.5.1 section 4.14.5; there is no v2-to-FHIR map of it. A dispense is known by its
order and its counter (RXD-1), else when it was dispensed.
"""

from wholerecord.intake.hl7v2 import ordered
from wholerecord.intake.hl7v2.courses import Course, Given
from wholerecord.intake.hl7v2.datatypes import Json, concept, staff
from wholerecord.intake.hl7v2.dosage import dosage, quantity, way
from wholerecord.intake.hl7v2.observation import notes_of
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.reading import Reason

#: What the order's state means for what was dispensed of it.
_STATUS = {"revoked": "cancelled", "on-hold": "on-hold", "entered-in-error": "entered-in-error"}


def say_dispense(telling: Telling, course: Course, given: Given, number: str) -> None:
    """File one RXD."""
    rxd = given.head
    code = concept(rxd.first(2))
    if not code:
        telling.fault(Reason.BAD_VALUE, f"{rxd.place}-2", "no medicine is named")
        return
    known_by = (number, rxd.text(1) or rxd.text(3))
    telling.say(
        "MedicationDispense",
        telling.unlike("MedicationDispense", *known_by),
        rxd.place,
        {
            "identifier": [{"value": said}] if (said := rxd.text(7)) else [],
            "status": _STATUS.get(ordered.order_status(course.orc), "completed"),
            "medicationCodeableConcept": code,
            "subject": telling.subject,
            "context": telling.encounter,
            "performer": [{"actor": said} for each in rxd.repetitions(10) if (said := staff(each))],
            "authorizingPrescription": _prescription(course, number),
            "quantity": quantity(rxd.text(4), rxd.first(5)),
            "whenHandedOver": telling.moment(rxd, 3),
            "note": _notes(rxd, given),
            "dosageInstruction": _dosage(course, given),
        },
    )


def _prescription(course: Course, number: str) -> list[Json]:
    if not (course.asked or course.encoded):
        return []
    return [{"reference": f"MedicationRequest/{fhir_id(number, '', '')}"}]


def _notes(rxd: Segment, given: Given) -> list[Json]:
    words = [each.text(1) for each in rxd.repetitions(9)]
    return [{"text": text} for text in words if text] + notes_of(given.notes)


def _dosage(course: Course, given: Given) -> list[Json]:
    """As the order says; without the order, the special instructions (RXD-15) and the route."""
    head = course.encoded or course.asked
    if head is not None:
        return dosage(course, head)
    said: Json = way(given.routes)
    if words := "; ".join(
        text for each in given.head.repetitions(15) if (text := each.text(2) or each.text(1))
    ):
        said["text"] = words
    return [said] if said else []
