"""RXO and RXE as a MedicationRequest, and what of it was given and dispensed.

Source: v2-to-FHIR segment maps RXO, RXR, TQ1[MedicationRequest]; HL7 v2.5.1 sections 4.14.1 (RXO)
and 4.14.4 (RXE), for which there is no map. The encoded order (RXE) is what the pharmacy will give,
so it is said where both stand. It is known by the placer's number, else the filler's, else by the
prescription's (RXE-15).
"""

from collections.abc import Sequence
from decimal import Decimal

from wholerecord.intake.hl7v2 import ordered
from wholerecord.intake.hl7v2.courses import Course, courses
from wholerecord.intake.hl7v2.datatypes import Json, concept, concepts
from wholerecord.intake.hl7v2.dispensed import say_dispense
from wholerecord.intake.hl7v2.dosage import NUMBER, dosage, quantity
from wholerecord.intake.hl7v2.given import say_administration
from wholerecord.intake.hl7v2.observation import notes_of, say_lines
from wholerecord.intake.hl7v2.orders import Order
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling
from wholerecord.intake.reading import Reason


def say_medicines(telling: Telling, group: Sequence[Segment]) -> None:
    """File every pharmacy order of a patient's segments."""
    for course in courses(group):
        number = _number(telling, course)
        if course.asked or course.encoded:
            _say_request(telling, course, number)
        for given in course.given:
            if given.head.name == "RXD":
                say_dispense(telling, course, given, number)
            else:
                say_administration(telling, course, given, number)
        lines = [*course.lines, *(line for given in course.given for line in given.lines)]
        say_lines(telling, Order(None, course.orc, lines), (number, ""))


def _number(telling: Telling, course: Course) -> str:
    """The order's number; without any, the message's, so that it is never another order's."""
    if number := ordered.order_id(course.orc):
        return number
    if course.encoded is not None and (number := course.encoded.text(15)):
        return number
    for given in course.given:
        if given.head.name == "RXD" and (number := given.head.text(7)):
            return number
    return f"in {telling.control}"


def _say_request(telling: Telling, course: Course, number: str) -> None:
    orc, rxe, rxo = course.orc, course.encoded, course.asked
    head = rxe or rxo
    if head is None:
        return
    code = concept(head.first(2 if rxe else 1)) or (concept(rxo.first(1)) if rxo else {})
    if not code:
        telling.fault(Reason.BAD_VALUE, f"{head.place}-{2 if rxe else 1}", "no medicine is named")
        return
    known_by = telling.unlike("MedicationRequest", number, "")
    doctors = [orc.first(12)] if orc else []
    doctors += [rxe.first(13)] if rxe else []
    doctors += [rxo.first(14)] if rxo else []
    telling.say(
        "MedicationRequest",
        known_by,
        head.place,
        {
            "identifier": ordered.order_identifiers(orc) + _prescription(rxe),
            "status": _status(orc),
            "statusReason": ordered.reason_why(orc),
            "intent": "order",
            "priority": ordered.priority(*(each.text(9) for each in course.timings)),
            "medicationCodeableConcept": code,
            "subject": telling.subject,
            "encounter": telling.encounter,
            "authoredOn": ordered.ordered_when(orc) or (telling.moment(rxe, 32) if rxe else ""),
            "requester": ordered.ordered_by(*doctors),
            "reasonCode": (concepts(rxe, 27) if rxe else []) or (concepts(rxo, 20) if rxo else []),
            "note": notes_of(course.notes) + _made_of(course),
            "dosageInstruction": dosage(course, head),
            "dispenseRequest": _to_dispense(head),
        },
    )


def _status(orc: Segment | None) -> str:
    """The words FHIR has for a medicine's order: what is revoked is stopped or cancelled."""
    said = ordered.order_status(orc)
    if said != "revoked":
        return said
    control = orc.text(1).upper() if orc else ""
    return "cancelled" if control in {"CA", "CR", "OC", "UA"} else "stopped"


def _prescription(rxe: Segment | None) -> list[Json]:
    number = rxe.text(15) if rxe else ""
    return [{"value": number}] if number else []


def _made_of(course: Course) -> list[Json]:
    """The components of what is made up (RXC), in words: amount and name."""
    said: list[Json] = []
    for rxc in course.parts:
        what = concept(rxc.first(2))
        name = what.get("text") or next((c["code"] for c in what.get("coding", ())), "")
        amount = " ".join(part for part in (rxc.text(3), rxc.text(4)) if part)
        if name:
            said.append({"text": f"Made of: {name} {amount}".strip()})
    return said


def _to_dispense(head: Segment) -> Json:
    """How much to dispense and how often again: RXE-10 to 12, RXO-11 to 13."""
    at = 10 if head.name == "RXE" else 11
    said: Json = {}
    if amount := quantity(head.text(at), head.first(at + 1)):
        said["quantity"] = amount
    again = head.text(at + 2)
    if NUMBER.fullmatch(again) and Decimal(again) == int(Decimal(again)) and len(again) < 4:
        said["numberOfRepeatsAllowed"] = int(Decimal(again))
    return said
