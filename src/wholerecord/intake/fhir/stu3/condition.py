"""Condition: statuses become concepts. `unknown` is no R4 verification and stays as words.

Source: FHIR R4, Condition, "R3 Diff"; GP Connect 1.6, ProblemHeader.
"""

from wholerecord.intake.fhir.shape import Object
from wholerecord.intake.fhir.stu3.change import concept, listed, renamed

_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def to_r4(stu3: Object) -> Object:
    """The R4 Condition."""
    resource = renamed(stu3, {"assertedDate": "recordedDate", "context": "encounter"})
    concept(resource, "clinicalStatus", _CLINICAL)
    if resource.get("verificationStatus") == "unknown":
        resource["verificationStatus"] = {"text": "unknown"}
    concept(resource, "verificationStatus", _VERIFICATION)
    listed(resource, "category", "bodySite", "stage", "evidence")
    return resource
