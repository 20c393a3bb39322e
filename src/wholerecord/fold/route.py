"""Which kind of entry a statement belongs to: by its type, then by how its source tagged it."""

from typing import Any

from wholerecord.fold import (
    about_me,
    alerts,
    allergies,
    care_plans,
    conditions,
    devices,
    documents,
    encounters,
    family,
    immunisations,
    measures,
    medicines,
    other,
    procedures,
    social_care,
    social_history,
    team,
)
from wholerecord.fold.alert_sort import DECISIONS
from wholerecord.fold.condition_said import ConditionSaid
from wholerecord.fold.measure_said import ReportSaid
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import AnyWay, Told

_BY_TYPE: dict[str, AnyWay] = {
    "Condition": conditions.WAY,
    "FamilyMemberHistory": family.WAY,
    "AllergyIntolerance": allergies.WAY,
    "MedicationRequest": medicines.WAY,
    "MedicationStatement": medicines.WAY,
    "MedicationDispense": medicines.WAY,
    "MedicationAdministration": medicines.WAY,
    "Medication": medicines.WAY,
    "Observation": measures.WAY,
    "DiagnosticReport": measures.WAY,
    "Immunization": immunisations.WAY,
    "Procedure": procedures.WAY,
    "Encounter": encounters.WAY,
    "DocumentReference": documents.WAY,
    "Composition": documents.WAY,
    "ImagingStudy": documents.WAY,
    "CarePlan": care_plans.WAY,
    "Goal": care_plans.WAY,
    "Flag": alerts.WAY,
    "Device": devices.WAY,
    "DeviceUseStatement": devices.WAY,
    **dict.fromkeys(team.TYPES, team.WAY),
}
_BY_TAG: dict[str, AnyWay] = {
    social_care.SOCIAL_CARE: social_care.WAY,
    about_me.ABOUT_ME: about_me.WAY,
    "alert": alerts.WAY,
    "child-protection": alerts.WAY,
    "safeguarding": alerts.WAY,
    "reasonable-adjustment": alerts.WAY,
}
_NO_ALLERGY = frozenset({"no-known-allergy", "no-known-drug-allergy"})
#: The order in which kinds are folded; it decides nothing but the order of work.
WAYS: tuple[AnyWay, ...] = tuple(
    dict.fromkeys((*_BY_TYPE.values(), *_BY_TAG.values(), social_history.WAY, other.WAY))
)


def way_of(told: Told[Any]) -> AnyWay:
    """How `told` is folded."""
    body: Shape = told.body
    tags = told.tags
    for tag in tags:
        if (way := _BY_TAG.get(tag.code)) is not None:
            return way
    what = told.measurand
    if what is not None:
        return social_history.WAY if what.topic else measures.WAY
    kind = told.said.kind
    if isinstance(body, ReportSaid):
        return documents.WAY if body.worded else measures.WAY
    if isinstance(body, ConditionSaid) and (found := allergies.concept_of(told)) is not None:
        is_allergy = found.kind == "allergy" or found.id in _NO_ALLERGY
        return allergies.WAY if is_allergy else conditions.WAY
    if kind == "Consent" and any(tag.code in DECISIONS for tag in tags):
        return alerts.WAY
    return type_way(kind)


def type_way(kind: str) -> AnyWay:
    """How statements of a FHIR type are folded, where nothing else about them says."""
    return _BY_TYPE.get(kind, other.WAY)
