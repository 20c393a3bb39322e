"""AllergyIntolerance: statuses become concepts, the encounter leaves its extension.

Source: FHIR R4, AllergyIntolerance, "R3 Diff"; GP Connect 1.6, AllergyIntolerance.
"""

from wholerecord.intake.fhir.shape import Object, objects, text
from wholerecord.intake.fhir.stu3.change import concept, extension, renamed

_CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
_ENCOUNTER = "/encounter-associatedEncounter"


def to_r4(stu3: Object) -> Object:
    """The R4 AllergyIntolerance."""
    resource = renamed(stu3, {"assertedDate": "recordedDate"})
    concept(resource, "clinicalStatus", _CLINICAL)
    concept(resource, "verificationStatus", _VERIFICATION)
    encounter = extension(resource, _ENCOUNTER).get("valueReference")
    if encounter and "encounter" not in resource:
        resource["encounter"] = encounter
        resource["extension"] = [
            said
            for said in objects(resource.get("extension"))
            if not text(said.get("url")).endswith(_ENCOUNTER)
        ]
        if not resource["extension"]:
            del resource["extension"]
    return resource
