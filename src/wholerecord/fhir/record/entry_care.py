"""What is done for a person, as FHIR has it: medicines, doses, visits, letters, plans, alerts."""

from collections.abc import Mapping
from typing import cast

from wholerecord.care.sheet.telling import known_until
from wholerecord.fhir.record.entry_parts import (
    concept,
    in_error,
    period_of,
    time_of,
)
from wholerecord.fhir.record.said_by import Json, without_empty
from wholerecord.fold import (
    NOT_SO,
    CarePlan,
    Document,
    Encounter,
    Entry,
    Immunisation,
    Medicine,
    Plain,
    Procedure,
)

_OF_FLAG: Mapping[str, str] = dict.fromkeys(("resolved", "stopped", "superseded"), "inactive")


def medicine(one: Entry) -> Json:
    """A line of therapy: MedicationStatement, with what is not known of it as a note."""
    detail = cast(Medicine, one.detail)
    status = {
        "active": "active",
        "stopped": "stopped",
        "resolved": "completed",
        "refuted": "entered-in-error",
    }
    until = known_until(detail)
    return {
        "status": status.get(one.status, "unknown"),
        "medicationCodeableConcept": concept(one),
        "dosage": [
            without_empty({"text": dose, "route": {"text": detail.route} if detail.route else {}})
            for dose in detail.doses
        ],
        "effectivePeriod": period_of(one),
        "note": [{"text": f"{until[:1].upper()}{until[1:]}."}] if until else [],
    }


def immunisation(one: Entry) -> Json:
    """A dose given or not: Immunization."""
    detail = cast(Immunisation, one.detail)
    occurrence = time_of(one)
    return {
        "status": "entered-in-error"
        if in_error(one)
        else "completed"
        if detail.given
        else "not-done",
        "statusReason": {"text": detail.why_not} if detail.why_not else {},
        "vaccineCode": concept(one),
        "lotNumber": detail.batch,
        **({"occurrenceDateTime": occurrence} if occurrence else {"occurrenceString": "unknown"}),
    }


def procedure(one: Entry) -> Json:
    """Something that was done: Procedure."""
    status = {
        "final": "completed",
        "resolved": "completed",
        "planned": "preparation",
        "refuted": "entered-in-error",
    }
    side = one.detail.side if isinstance(one.detail, Procedure) else ""
    return {
        "status": status.get(one.status, "unknown"),
        "code": concept(one),
        "performedDateTime": time_of(one),
        "bodySite": [{"text": side}] if side else [],
    }


def encounter(one: Entry) -> Json:
    """A visit or a stay: Encounter."""
    detail = cast(Encounter, one.detail)
    status = {
        "active": "in-progress",
        "planned": "planned",
        "resolved": "finished",
        "refuted": "entered-in-error",
    }
    return {
        "status": status.get(one.status, "finished" if one.until else "unknown"),
        "class": {"display": detail.setting or "unknown"},
        "type": [concept(one)],
        "period": period_of(one),
        "reasonCode": [{"text": detail.reason}] if detail.reason else [],
        "location": [{"location": {"display": detail.where}}] if detail.where else [],
    }


def document(one: Entry) -> Json:
    """A letter or a scan: DocumentReference."""
    detail = cast(Document, one.detail)
    return {
        "status": _standing(one),
        "type": concept(one),
        "description": detail.type,
        "author": [{"display": detail.author}] if detail.author else [],
        "content": [
            {
                "attachment": without_empty(
                    {"contentType": detail.media, "title": one.title, "creation": time_of(one)}
                )
            }
        ],
    }


def _standing(one: Entry) -> str:
    """Whether a document is current; its source, too, can say that another took its place."""
    if one.status not in NOT_SO:
        return "current"
    ruled = one.status == "refuted" and one.rulings
    return "entered-in-error" if ruled else "superseded"


def care_plan(one: Entry) -> Json:
    """A plan, or a service of social care: CarePlan."""
    status = {
        "active": "active",
        "resolved": "completed",
        "stopped": "revoked",
        "refuted": "entered-in-error",
    }
    activities: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    if isinstance(one.detail, CarePlan):
        activities, goals = one.detail.activities, one.detail.goals
    elif isinstance(one.detail, Plain):
        activities = tuple(f"{label}: {text}" for label, text in one.detail.lines)
    return {
        "status": status.get(one.status, "unknown"),
        "intent": "plan",
        "title": one.title,
        "period": period_of(one),
        "goal": [{"display": goal} for goal in goals],
        "activity": [{"detail": {"status": "unknown", "description": text}} for text in activities],
    }


def flag(one: Entry) -> Json:
    """An alert: Flag."""
    return {
        "status": "entered-in-error" if in_error(one) else _OF_FLAG.get(one.status, "active"),
        "code": concept(one),
        "period": period_of(one),
    }


def basic(one: Entry) -> Json:
    """What R4 has no type for: Basic."""
    return {"code": concept(one)}
