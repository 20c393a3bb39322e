"""A folded entry as a FHIR R4 resource: one function per kind, one table that chooses.

The resource's id is the entry's key; who said it, in which words, is in the extension `said-by`
(one per statement). What the record does not know is left out, never made up; where R4 demands an
element it is given as unknown.
"""

from collections.abc import Callable

from wholerecord.fhir.record import entry_care as care
from wholerecord.fhir.record import entry_findings as findings
from wholerecord.fhir.record.said_by import Json, said_by, without_empty
from wholerecord.fold import NOT_SO, Entry, Kind
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
        "extension": [*map(said_by, one.said_by), *findings.of_cancer(one)],
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


def about(kind: str, person: PersonId) -> Json:
    """Whose a resource of this type is, as it says so itself."""
    name = "patient" if kind in ("AllergyIntolerance", "Immunization") else "subject"
    return {name: {"reference": f"Patient/{person}"}}


_AS_FHIR: dict[Kind, Callable[[Entry], Json]] = {
    Kind.CONDITION: findings.condition,
    Kind.MEDICINE: care.medicine,
    Kind.ALLERGY: findings.allergy,
    Kind.RESULT: findings.measure,
    Kind.OBSERVATION: findings.measure,
    Kind.SOCIAL_HISTORY: findings.social_history,
    Kind.IMMUNISATION: care.immunisation,
    Kind.PROCEDURE: care.procedure,
    Kind.ENCOUNTER: care.encounter,
    Kind.DOCUMENT: care.document,
    Kind.CARE_PLAN: care.care_plan,
    Kind.SOCIAL_CARE: care.care_plan,
    Kind.ALERT: care.flag,
    Kind.ABOUT_ME: care.basic,
    Kind.TEAM: care.basic,
    Kind.OTHER: care.basic,
}
