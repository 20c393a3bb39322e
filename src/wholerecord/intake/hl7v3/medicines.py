"""Supplies as MedicationRequests: what is authorised is a plan, what is prescribed an order.

Source: GP2GP MedicationStatement, ehrSupplyAuthorise, ehrSupplyPrescribe and ehrSupplyDiscontinue;
FHIR R4 MedicationRequest; GP Connect 1.6 (a plan and its issues).
"""

import re
from typing import Any

from wholerecord.intake.hl7v3.coded import concept
from wholerecord.intake.hl7v3.extract import Extract
from wholerecord.intake.hl7v3.look import Json, child, children, first, recorded, span, text, value
from wholerecord.intake.hl7v3.observed import quantity
from wholerecord.intake.markup import Element, local

_COURSE = "http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy"
_DURATION = re.compile(r"Expected Supply Duration: (\d{1,4}) day", re.IGNORECASE)
_STATUS = {"ACTIVE": "active", "COMPLETE": "completed", "COMPLETED": "completed"}


def say_supply(extract: Extract, n: int) -> None:
    """File one authorisation or one issue."""
    one = extract.said[n]
    supply, statement = one.element, one.around.element if one.around is not None else None
    plan = local(supply) == "ehrSupplyAuthorise"
    stopped = extract.ended.get(one.root) if plan else None
    notes = [words for words in (_said(supply), _said(stopped)) if words]
    dosage = "; ".join(_dosages(statement))
    material = ("consumable", "manufacturedProduct", "manufacturedMaterial", "code")
    extract.say(
        n,
        {
            "status": "stopped" if stopped is not None else _status(supply),
            "statusReason": _why(stopped),
            "intent": "plan" if plan else "order",
            "medicationCodeableConcept": concept(child(statement, *material))
            or {"text": "not named"},
            "subject": extract.telling.subject,
            "encounter": extract.encounter(one),
            "authoredOn": recorded(supply) or recorded(statement) if statement is not None else "",
            "requester": first(extract.by(one)),
            "basedOn": _based_on(extract, supply, "inFulfillmentOf"),
            "priorPrescription": first(_based_on(extract, supply, "predecessor")),
            "courseOfTherapyType": _course(supply) if plan else {},
            "dosageInstruction": [{"text": dosage}] if dosage else [],
            "dispenseRequest": _dispensed(supply, statement),
            "note": [{"text": words} for words in notes],
        },
    )


def discontinued(folder: Element) -> dict[str, Element]:
    """What each discontinuation ends: id of the authorisation -> the ehrSupplyDiscontinue."""
    ended: dict[str, Element] = {}
    for stop in folder.iter("{*}ehrSupplyDiscontinue"):
        for prior in children(stop, "reversalOf"):
            ended[value(child(prior, "priorMedicationRef", "id"), "root").upper()] = stop
    return ended


def _status(supply: Element) -> str:
    return _STATUS.get(value(child(supply, "statusCode"), "code").upper(), "unknown")


def _why(stop: Element | None) -> Json:
    """Why it was stopped: what the discontinuation's code says."""
    return concept(child(stop, "code")) if stop is not None else {}


def _said(at: Element | None) -> str:
    return "\n".join(
        words
        for one in children(at, "pertinentInformation")
        if (words := text(child(one, "pertinentSupplyAnnotation", "text")))
    )


def _dosages(statement: Element | None) -> list[str]:
    return [
        words
        for one in children(statement, "pertinentInformation")
        if (words := text(child(one, "pertinentMedicationDosage", "text")))
    ]


def _based_on(extract: Extract, supply: Element, name: str) -> list[Json]:
    found = (
        extract.reference(value(child(one, "priorMedicationRef", "id"), "root").upper())
        for one in children(supply, name)
    )
    return [one for one in found if one]


def _repeats(supply: Element) -> int:
    said = value(child(supply, "repeatNumber"))
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0


def _course(supply: Element) -> Json:
    """An authorisation for no repeat is an acute one."""
    code = "continuous" if _repeats(supply) else "acute"
    return {"coding": [{"system": _COURSE, "code": code}]}


def _dispensed(supply: Element, statement: Element | None) -> Json:
    said: dict[str, Any] = {}
    period = span(supply) or (span(statement) if statement is not None else {})
    if period:
        said["validityPeriod"] = period
    if repeats := _repeats(supply):
        said["numberOfRepeatsAllowed"] = repeats
    if amount := quantity(child(supply, "quantity")):
        said["quantity"] = amount
    if found := _DURATION.search(_said(supply)):
        days = {"value": int(found[1]), "unit": "day"}
        said["expectedSupplyDuration"] = {
            **days,
            "system": "http://unitsofmeasure.org",
            "code": "d",
        }
    return said
