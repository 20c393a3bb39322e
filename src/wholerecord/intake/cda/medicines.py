"""Medicines as MedicationRequest (ordered) or MedicationStatement (taken); vaccines given or not.

Source: C-CDA R2.1 Medication Activity (V2) and Immunization Activity (V3); FHIR R4.
"""

from wholerecord.intake.cda import tables
from wholerecord.intake.cda.datatypes import Json, person, plain, quantity, words_of
from wholerecord.intake.cda.look import code, every, first, kind_of_value, said, templates, within
from wholerecord.intake.cda.moments import moment, span, when
from wholerecord.intake.cda.telling import Telling
from wholerecord.intake.markup import Element
from wholerecord.intake.reading import Reason

_SIG = "2.16.840.1.113883.10.20.22.4.147"
_REFUSAL = "2.16.840.1.113883.10.20.22.4.53"
_NONE = {"system": tables.SNOMED, "code": "787481004", "display": "No known medicines"}
_STATUS = {
    "active": "active",
    "completed": "completed",
    "aborted": "stopped",
    "cancelled": "stopped",
    "held": "on-hold",
    "suspended": "on-hold",
    "nullified": "entered-in-error",
}
#: SNOMED CT: drug or medicament, which a denial denies altogether.
_DRUG = frozenset({"410942007", "373873005"})


def say_medicines(telling: Telling, entry: Element) -> None:
    """File a medicine, or each of the act (admission, discharge) it stands in."""
    if entry.tag.endswith("substanceAdministration"):
        _say(telling, entry)
        return
    for _, each in within(entry, "substanceAdministration"):
        _say(telling, each)


def _say(telling: Telling, given: Element) -> None:
    medicine = _product(telling, given)
    if said(given, "negationInd") == "true":
        _say_denied(telling, given, medicine)
        return
    if not medicine:
        if not said(given, "nullFlavor"):
            telling.fault(Reason.BAD_VALUE, "a medicine that is not named")
        return
    start, end = _course(given)
    ordered = said(given, "moodCode").upper() in {"INT", "RQO"}
    author = first(given, "author")
    by = person(first(author, "assignedAuthor")) or telling.author
    at = moment(said(first(author, "time"), "value"))
    dosage = _dosage(telling, given)
    body: Json = {
        "status": _status(given, end, telling.written),
        "medicationCodeableConcept": medicine,
        "subject": telling.subject,
    }
    if ordered:
        validity = {"start": start, "end": end}
        within_dates = {key: value for key, value in validity.items() if value}
        telling.say(
            "MedicationRequest",
            given,
            {
                **body,
                "intent": "order",
                "authoredOn": at or start or telling.written,
                "requester": by,
                "dosageInstruction": [dosage] if dosage else [],
                "dispenseRequest": {"validityPeriod": within_dates} if within_dates else {},
            },
        )
        return
    telling.say(
        "MedicationStatement",
        given,
        {
            **body,
            **when("effective", start, end),
            "dateAsserted": at or telling.written,
            "informationSource": by,
            "dosage": [dosage] if dosage else [],
        },
    )


def _say_denied(telling: Telling, given: Element, medicine: Json) -> None:
    """A medicine that is not taken; with no product, that none is."""
    codes = {coding["code"] for coding in medicine.get("coding", ())}
    if not codes - _DRUG:
        medicine = {"coding": [_NONE], "text": "No known medicines"}
    status = "not-taken" if codes - _DRUG else "active"
    body: Json = {
        "status": status,
        "medicationCodeableConcept": medicine,
        "subject": telling.subject,
        "dateAsserted": telling.written,
        "informationSource": telling.author,
    }
    telling.say("MedicationStatement", given, body)


def _product(telling: Telling, given: Element) -> Json:
    material = first(given, "consumable", "manufacturedProduct", "manufacturedMaterial")
    if material is None:
        return {}
    found = telling.concept(first(material, "code"))
    if called := plain(first(material, "name")):
        found = {**found, "text": found.get("text") or called}
    if words_of(found) or found.get("coding"):
        return found
    words = telling.text(first(given, "text"))
    return {"text": words} if words else {}


def _course(given: Element) -> tuple[str, str]:
    """(start, end) of the course: the `effectiveTime` that is a span, or a moment."""
    for each in every(given, "effectiveTime"):
        if kind_of_value(each) in {"PIVL_TS", "EIVL_TS"}:
            continue
        start, end = span(each)
        if start or end:
            return start, end
    return "", ""


def _status(given: Element, end: str, written: str) -> str:
    """The status said; a course that had ended when the document was written is completed."""
    status = _STATUS.get(code(given, "statusCode"), "unknown")
    over = status == "active" and end and written and end[:10] < written[:10]
    return "completed" if over else status


def _dosage(telling: Telling, given: Element) -> Json:
    """The dose in the source's words where it wrote them, else in those of its parts."""
    dose = quantity(first(given, "doseQuantity"))
    route = telling.concept(first(given, "routeCode"))
    text = _sig(telling, given) or _in_words(given, words_of(route))
    found: Json = {"text": text} if text else {}
    if route:
        found["route"] = route
    if dose:
        found["doseAndRate"] = [{"doseQuantity": dose}]
    if first(given, "precondition") is not None:
        found["asNeededBoolean"] = True
    return found


def _sig(telling: Telling, given: Element) -> str:
    for _, each in within(given, "substanceAdministration", "act"):
        if _SIG in templates(each) or code(each, "code") == "76662-6":
            return telling.text(first(each, "text"))
    return ""


def _in_words(given: Element, route: str) -> str:
    dose, rate = first(given, "doseQuantity"), first(given, "rateQuantity")
    often = [f"every {value} {unit}" for value, unit in _periods(given)]
    parts = (_amount(dose), f"at {_amount(rate)}" if _amount(rate) else "", route.lower(), *often)
    return " ".join(part for part in parts if part) if _amount(dose) or often else ""


def _periods(given: Element) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for each in every(given, "effectiveTime"):
        period = first(each, "period")
        if value := said(period, "value"):
            found.append((value, said(period, "unit")))
    return found


def _amount(element: Element | None) -> str:
    value, unit = said(element, "value"), said(element, "unit")
    return f"{value} {unit}".strip() if value and unit != "1" else value


def say_immunisation(telling: Telling, given: Element) -> None:
    """File one immunisation: given, or offered and not given, with why."""
    vaccine = _product(telling, given)
    if not vaccine:
        if not said(given, "nullFlavor"):
            telling.fault(Reason.BAD_VALUE, "a vaccine that is not named")
        return
    refused = said(given, "negationInd") == "true"
    start, _ = _course(given)
    material = first(given, "consumable", "manufacturedProduct", "manufacturedMaterial")
    batch = plain(first(material, "lotNumberText"))
    dose = said(first(given, "repeatNumber"), "value")
    actor = person(first(given, "performer", "assignedEntity"))
    telling.say(
        "Immunization",
        given,
        {
            "status": "not-done" if refused else "completed",
            "statusReason": _reason(telling, given) if refused else {},
            "vaccineCode": vaccine,
            "patient": telling.subject,
            "occurrenceDateTime": start,
            "occurrenceString": "" if start else "not said",
            "recorded": moment(said(first(given, "author", "time"), "value")),
            "lotNumber": batch,
            "route": telling.concept(first(given, "routeCode")),
            "site": telling.concept(first(given, "approachSiteCode")),
            "performer": [{"actor": actor}] if actor else [],
            "protocolApplied": [{"doseNumberPositiveInt": int(dose)}]
            if dose.isascii() and dose.isdigit() and 0 < len(dose) < 3 and int(dose)
            else [],
        },
    )


def _reason(telling: Telling, given: Element) -> Json:
    for _, each in within(given, "observation"):
        if _REFUSAL in templates(each):
            return telling.concept(first(each, "code")) or telling.concept(first(each, "value"))
    return {}
