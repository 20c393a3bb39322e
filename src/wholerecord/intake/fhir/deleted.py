"""A deletion as a statement: the source takes back what it said, and that is itself said.

Source: FHIR R4, http.html ("delete") and the status value sets, most of which have
`entered-in-error` for this.
"""
# ruff: noqa: SIM905 - a word list reads best as words

from typing import Any

from wholerecord.intake.fhir.reference import pointers
from wholerecord.intake.fhir.shape import Object, text

_VERIFIED = {
    "AllergyIntolerance": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
    "Condition": "http://terminology.hl7.org/CodeSystem/condition-ver-status",
}
_STATUSED = frozenset(
    """
    Appointment CarePlan CareTeam ClinicalImpression Communication CommunicationRequest Composition
    Consent Coverage DetectedIssue Device DeviceRequest DeviceUseStatement DiagnosticReport
    DocumentManifest DocumentReference Encounter EpisodeOfCare FamilyMemberHistory Flag
    ImagingStudy Immunization List Media MedicationAdministration MedicationDispense
    MedicationRequest MedicationStatement NutritionOrder Observation Procedure
    QuestionnaireResponse RequestGroup RiskAssessment ServiceRequest Specimen SupplyDelivery
    SupplyRequest Task
    """.split()
)


def deleted(url: str, kind: str, resource: Object) -> tuple[str, str, Object] | None:
    """(type, id, resource) that says the resource at `url` was an error.

    None where the address names no one resource or its type cannot say so. What the entry still
    says of the resource (whose it was) is kept.
    """
    found = pointers({"reference": url})
    if found and found[0].id:
        kind, own = found[0].kind, found[0].id
    else:
        own = text(resource.get("id"))
    if not own:
        return None
    body: dict[str, Any] = {**resource, "resourceType": kind, "id": own}
    if kind in _VERIFIED:
        coding = {"system": _VERIFIED[kind], "code": "entered-in-error"}
        body["verificationStatus"] = {"coding": [coding]}
        body.pop("clinicalStatus", None)  # R4 con-5, ait-2: an error has no clinical status
        return kind, own, body
    if kind in _STATUSED:
        body["status"] = "entered-in-error"
        if kind == "Observation":
            body.setdefault("code", {"text": "Deleted by its source"})
        return kind, own, body
    return None
