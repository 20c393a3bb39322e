"""A folded entry as a FHIR R4 resource: one function per kind, one table that chooses.

The resource's id is the entry's key; who said it, in which words, is in the extension `said-by`
(one per statement). What the record does not know is left out, never made up; where R4 demands an
element it is given as unknown.
"""

from collections.abc import Callable, Mapping
from typing import cast

from wholerecord.care.sheet.telling import habits_said, known_until
from wholerecord.fhir.record.said_by import HL7, Json, said_by, without_empty
from wholerecord.fold import (
    NOT_SO,
    Allergy,
    CarePlan,
    Coding,
    Condition,
    Document,
    Encounter,
    Entry,
    Immunisation,
    Kind,
    Measure,
    Medicine,
    Plain,
    Procedure,
    SocialHistory,
)
from wholerecord.fold.cancer import Role
from wholerecord.fold.cancer_said import HISTOLOGY_EXTENSION
from wholerecord.record import PersonId

#: The FHIR type each kind is served as.
TYPES: dict[Kind, str] = {
    Kind.CONDITION: "Condition",
    Kind.MEDICINE: "MedicationStatement",
    Kind.ALLERGY: "AllergyIntolerance",
    Kind.RESULT: "Observation",
    Kind.OBSERVATION: "Observation",
    Kind.SOCIAL_HISTORY: "Observation",
    Kind.IMMUNISATION: "Immunization",
    Kind.PROCEDURE: "Procedure",
    Kind.ENCOUNTER: "Encounter",
    Kind.DOCUMENT: "DocumentReference",
    Kind.CARE_PLAN: "CarePlan",
    Kind.SOCIAL_CARE: "CarePlan",
    Kind.ALERT: "Flag",
    Kind.ABOUT_ME: "Basic",
    Kind.TEAM: "Basic",
    Kind.OTHER: "Basic",
}


#: HL7 v3 ObservationValue: said by software alone, and attested by nobody.
BY_SOFTWARE = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "AIAST",
}


def entry(person: PersonId, one: Entry) -> Json:
    """One entry as a FHIR resource about `Patient/{person}`."""
    resource: Json = {
        "resourceType": TYPES[one.kind],
        "id": one.key,
        "extension": [*map(said_by, one.said_by), *_of_cancer(one)],
        **_AS_FHIR[one.kind](one),
    }
    resource |= about(TYPES[one.kind], person)
    meta: Json = {}
    if one.said_by:
        meta["lastUpdated"] = max(said.received for said in one.said_by).isoformat()
    if one.labels:
        meta["tag"] = [{"code": label} for label in sorted(one.labels)]
    if one.unverified:
        meta["security"] = [BY_SOFTWARE]
    resource["meta"] = meta
    if TYPES[one.kind] in _NOTED and (said := _ruled(one)):
        resource["note"] = [*resource.get("note", ()), *({"text": text} for text in said)]
    return without_empty(resource)


#: Types with a note.
_NOTED = frozenset(
    {
        "AllergyIntolerance",
        "CarePlan",
        "Condition",
        "Immunization",
        "MedicationStatement",
        "Observation",
        "Procedure",
    }
)


def _ruled(one: Entry) -> tuple[str, ...]:
    """What a ruling says of it that its own elements cannot: why it does not count, what side."""
    why = one.why if one.status in NOT_SO and one.rulings else ""
    return tuple(text for text in (why, one.corrected) if text)


def _in_error(one: Entry) -> bool:
    """Whether a professional ruled it wrong. Of these kinds no source can say that it is not so."""
    return one.status == "refuted"


def about(kind: str, person: PersonId) -> Json:
    """Whose a resource of this type is, as it says so itself."""
    name = "patient" if kind in ("AllergyIntolerance", "Immunization") else "subject"
    return {name: {"reference": f"Patient/{person}"}}


def _condition(one: Entry) -> Json:
    detail = cast(Condition, one.detail)
    verification = {
        "suspected": "provisional",
        "refuted": "refuted",
        "unconfirmed": "unconfirmed",
    }
    cancer = detail.cancer
    states = {
        "resolved": "resolved",
        "active": "active",
        "remission": "remission",
        "superseded": "inactive",
    }
    clinical = states.get(one.status)
    wrong = one.status == "refuted" and detail.certainty != "refuted"
    if cancer and cancer.role is Role.RECURRENCE and clinical == "active":
        clinical = "recurrence"
    places = (*([detail.side] if detail.side else []), *(cancer.places if cancer else ()))
    return {
        "clinicalStatus": _coded("condition-clinical", clinical),
        "verificationStatus": _coded(
            "condition-ver-status",
            "entered-in-error" if wrong else verification.get(detail.certainty, "confirmed"),
        ),
        "category": [{"text": "family history"}] if detail.certainty == "family" else [],
        "severity": {"text": detail.severity} if detail.severity else {},
        "bodySite": [{"text": place} for place in places],
        "code": _concept(one),
        "onsetDateTime": _time(one),
        "abatementDateTime": one.until.text if one.until else "",
        "stage": [
            without_empty({"summary": {"text": stage.text}, "type": _text(stage.type)})
            for stage in (cancer.stages if cancer else ())
        ],
        "note": [{"text": one.conflict}] if one.conflict else [],
    }


def _of_cancer(one: Entry) -> list[Json]:
    """Histology as mCODE has it: an extension of the condition."""
    cancer = one.detail.cancer if isinstance(one.detail, Condition) else None
    said = cancer.histologies if cancer else ()
    return [
        {"url": HISTOLOGY_EXTENSION, "valueCodeableConcept": {"text": words}} for words in said[:1]
    ]


def _text(words: str) -> Json:
    return {"text": words} if words else {}


def _medicine(one: Entry) -> Json:
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
        "medicationCodeableConcept": _concept(one),
        "dosage": [
            without_empty({"text": dose, "route": {"text": detail.route} if detail.route else {}})
            for dose in detail.doses
        ],
        "effectivePeriod": _period(one),
        "note": [{"text": f"{until[:1].upper()}{until[1:]}."}] if until else [],
    }


def _allergy(one: Entry) -> Json:
    detail = cast(Allergy, one.detail)
    states = {"resolved": "resolved", "active": "active", "superseded": "inactive"}
    clinical = states.get(one.status)
    verification = "refuted" if one.status == "refuted" else "confirmed"
    return {
        "clinicalStatus": _coded("allergyintolerance-clinical", clinical),
        "verificationStatus": _coded("allergyintolerance-verification", verification),
        "type": detail.type,
        "category": [detail.category] if detail.category else [],
        "criticality": detail.criticality,
        "code": _concept(one),
        "onsetDateTime": _time(one),
        "reaction": [{"manifestation": [{"text": text}]} for text in detail.reactions],
        "note": [{"text": one.conflict}] if one.conflict else [],
    }


def _measure(one: Entry) -> Json:
    detail = cast(Measure, one.detail)
    statuses = {"preliminary", "final", "corrected"}
    status = one.status if one.status in statuses else "unknown"
    resource: Json = {
        "status": "entered-in-error" if _in_error(one) else status,
        "category": [
            _coded(
                "observation-category",
                "laboratory" if one.kind is Kind.RESULT else "vital-signs",
            )
        ],
        "code": _concept(one),
        "effectiveDateTime": _time(one),
        "interpretation": [{"text": detail.flag}] if detail.flag else [],
        "component": [
            without_empty(
                {
                    "code": _codes(part.code, part.title),
                    **_value(part.value, part.number, part.unit),
                }
            )
            for part in detail.parts
        ],
        **_value(detail.value, detail.number, detail.unit),
    }
    if detail.low or detail.high:
        text = f"{detail.low} to {detail.high}".strip()
        resource["referenceRange"] = [{"text": text}]
    return resource


def _social_history(one: Entry) -> Json:
    """The newest word as the value, every word in a note of its own, newest first."""
    detail = cast(SocialHistory, one.detail)
    newest = detail.habits[0]
    return {
        "status": one.status if one.status in ("preliminary", "final") else "unknown",
        "category": [_coded("observation-category", "social-history")],
        "code": {**_concept(one), "text": one.title},
        "effectiveDateTime": _time(one),
        "note": [
            *({"text": text} for text in habits_said(detail)),
            *([{"text": one.conflict}] if one.conflict else []),
        ],
        **_value(
            detail.value, newest.number if detail.value == newest.value else None, newest.unit
        ),
    }


def _value(text: str, number: object, unit: str) -> Json:
    if number is not None:
        return {"valueQuantity": without_empty({"value": number, "unit": unit})}
    return {"valueString": text} if text else {}


def _immunisation(one: Entry) -> Json:
    detail = cast(Immunisation, one.detail)
    occurrence = _time(one)
    return {
        "status": "entered-in-error"
        if _in_error(one)
        else "completed"
        if detail.given
        else "not-done",
        "statusReason": {"text": detail.why_not} if detail.why_not else {},
        "vaccineCode": _concept(one),
        "lotNumber": detail.batch,
        **({"occurrenceDateTime": occurrence} if occurrence else {"occurrenceString": "unknown"}),
    }


def _procedure(one: Entry) -> Json:
    status = {
        "final": "completed",
        "resolved": "completed",
        "planned": "preparation",
        "refuted": "entered-in-error",
    }
    side = one.detail.side if isinstance(one.detail, Procedure) else ""
    return {
        "status": status.get(one.status, "unknown"),
        "code": _concept(one),
        "performedDateTime": _time(one),
        "bodySite": [{"text": side}] if side else [],
    }


def _encounter(one: Entry) -> Json:
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
        "type": [_concept(one)],
        "period": _period(one),
        "reasonCode": [{"text": detail.reason}] if detail.reason else [],
        "location": [{"location": {"display": detail.where}}] if detail.where else [],
    }


def _document(one: Entry) -> Json:
    detail = cast(Document, one.detail)
    return {
        "status": _standing(one),
        "type": _concept(one),
        "description": detail.type,
        "author": [{"display": detail.author}] if detail.author else [],
        "content": [
            {
                "attachment": without_empty(
                    {"contentType": detail.media, "title": one.title, "creation": _time(one)}
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


def _care_plan(one: Entry) -> Json:
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
        "period": _period(one),
        "goal": [{"display": goal} for goal in goals],
        "activity": [{"detail": {"status": "unknown", "description": text}} for text in activities],
    }


_OF_FLAG: Mapping[str, str] = dict.fromkeys(("resolved", "stopped", "superseded"), "inactive")


def _flag(one: Entry) -> Json:
    return {
        "status": "entered-in-error" if _in_error(one) else _OF_FLAG.get(one.status, "active"),
        "code": _concept(one),
        "period": _period(one),
    }


def _basic(one: Entry) -> Json:
    return {"code": _concept(one)}


_AS_FHIR: dict[Kind, Callable[[Entry], Json]] = {
    Kind.CONDITION: _condition,
    Kind.MEDICINE: _medicine,
    Kind.ALLERGY: _allergy,
    Kind.RESULT: _measure,
    Kind.OBSERVATION: _measure,
    Kind.SOCIAL_HISTORY: _social_history,
    Kind.IMMUNISATION: _immunisation,
    Kind.PROCEDURE: _procedure,
    Kind.ENCOUNTER: _encounter,
    Kind.DOCUMENT: _document,
    Kind.CARE_PLAN: _care_plan,
    Kind.SOCIAL_CARE: _care_plan,
    Kind.ALERT: _flag,
    Kind.ABOUT_ME: _basic,
    Kind.TEAM: _basic,
    Kind.OTHER: _basic,
}


def _concept(one: Entry) -> Json:
    return _codes(one.code, one.title)


def _codes(code: Coding | None, text: str) -> Json:
    coding = (
        [without_empty({"system": code.system, "code": code.code, "display": code.display})]
        if code
        else []
    )
    return without_empty({"coding": coding, "text": text})


def _coded(system: str, code: str | None) -> Json:
    return {"coding": [{"system": f"{HL7}/{system}", "code": code}]} if code else {}


def _time(one: Entry) -> str:
    return one.when.text if one.when else ""


def _period(one: Entry) -> Json:
    return without_empty({"start": _time(one), "end": one.until.text if one.until else ""})
