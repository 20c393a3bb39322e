"""What is found of a person, as FHIR has it: conditions, allergies, results, how they live."""

from typing import cast

from wholerecord.care.sheet.telling import habits_said
from wholerecord.fhir.record.entry_parts import (
    coded,
    codes,
    concept,
    in_error,
    text_of,
    time_of,
    value_of,
)
from wholerecord.fhir.record.said_by import Json, without_empty
from wholerecord.fold import Allergy, Condition, Entry, Kind, Measure, SocialHistory
from wholerecord.fold.cancer import Role
from wholerecord.fold.cancer_said import HISTOLOGY_EXTENSION


def condition(one: Entry) -> Json:
    """A condition: Condition, with the stages of a cancer."""
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
        "clinicalStatus": coded("condition-clinical", clinical),
        "verificationStatus": coded(
            "condition-ver-status",
            "entered-in-error" if wrong else verification.get(detail.certainty, "confirmed"),
        ),
        "category": [{"text": "family history"}] if detail.certainty == "family" else [],
        "severity": {"text": detail.severity} if detail.severity else {},
        "bodySite": [{"text": place} for place in places],
        "code": concept(one),
        "onsetDateTime": time_of(one),
        "abatementDateTime": one.until.text if one.until else "",
        "stage": [
            without_empty({"summary": {"text": stage.text}, "type": text_of(stage.type)})
            for stage in (cancer.stages if cancer else ())
        ],
        "note": [{"text": one.conflict}] if one.conflict else [],
    }


def of_cancer(one: Entry) -> list[Json]:
    """Histology as mCODE has it: an extension of the condition."""
    cancer = one.detail.cancer if isinstance(one.detail, Condition) else None
    said = cancer.histologies if cancer else ()
    return [
        {"url": HISTOLOGY_EXTENSION, "valueCodeableConcept": {"text": words}} for words in said[:1]
    ]


def allergy(one: Entry) -> Json:
    """An allergy or intolerance: AllergyIntolerance."""
    detail = cast(Allergy, one.detail)
    states = {"resolved": "resolved", "active": "active", "superseded": "inactive"}
    clinical = states.get(one.status)
    verification = "refuted" if one.status == "refuted" else "confirmed"
    return {
        "clinicalStatus": coded("allergyintolerance-clinical", clinical),
        "verificationStatus": coded("allergyintolerance-verification", verification),
        "type": detail.type,
        "category": [detail.category] if detail.category else [],
        "criticality": detail.criticality,
        "code": concept(one),
        "onsetDateTime": time_of(one),
        "reaction": [{"manifestation": [{"text": text}]} for text in detail.reactions],
        "note": [{"text": one.conflict}] if one.conflict else [],
    }


def measure(one: Entry) -> Json:
    """A result or an observation: Observation."""
    detail = cast(Measure, one.detail)
    statuses = {"preliminary", "final", "corrected"}
    status = one.status if one.status in statuses else "unknown"
    resource: Json = {
        "status": "entered-in-error" if in_error(one) else status,
        "category": [
            coded(
                "observation-category",
                "laboratory" if one.kind is Kind.RESULT else "vital-signs",
            )
        ],
        "code": concept(one),
        "effectiveDateTime": time_of(one),
        "interpretation": [{"text": detail.flag}] if detail.flag else [],
        "component": [
            without_empty(
                {
                    "code": codes(part.code, part.title),
                    **value_of(part.value, part.number, part.unit),
                }
            )
            for part in detail.parts
        ],
        **value_of(detail.value, detail.number, detail.unit),
    }
    if detail.low or detail.high:
        text = f"{detail.low} to {detail.high}".strip()
        resource["referenceRange"] = [{"text": text}]
    return resource


def social_history(one: Entry) -> Json:
    """The newest word as the value, every word in a note of its own, newest first."""
    detail = cast(SocialHistory, one.detail)
    newest = detail.habits[0]
    return {
        "status": one.status if one.status in ("preliminary", "final") else "unknown",
        "category": [coded("observation-category", "social-history")],
        "code": {**concept(one), "text": one.title},
        "effectiveDateTime": time_of(one),
        "note": [
            *({"text": text} for text in habits_said(detail)),
            *([{"text": one.conflict}] if one.conflict else []),
        ],
        **value_of(
            detail.value, newest.number if detail.value == newest.value else None, newest.unit
        ),
    }
