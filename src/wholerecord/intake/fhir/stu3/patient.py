"""Patient: languages leave the NHS extension; the registered practice is named by its ODS code.

Source: FHIR R4, Patient, "R3 Diff"; GP Connect 1.6, Patient. Extensions and their systems are
renamed by `systems`.
"""

from collections.abc import Mapping

from wholerecord.intake.fhir.shape import Object, an_object, objects, text
from wholerecord.intake.fhir.stu3.change import renamed

_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


def to_r4(stu3: Object) -> Object:
    """The R4 Patient."""
    resource = renamed(stu3, {})
    resource.pop("animal", None)
    spoken = [
        made
        for said in objects(resource.get("extension"))
        if text(said.get("url")).endswith("NHSCommunication-1") and (made := _communication(said))
    ]
    if spoken:
        resource["communication"] = [*objects(resource.get("communication")), *spoken]
    return resource


def with_practice(resource: Object, organisations: Mapping[str, Object]) -> Object:
    """`resource` naming its managing practice as general practitioner, by ODS code.

    `organisations` are those of the message, by `Organization/id`.
    """
    managing = an_object(resource.get("managingOrganization"))
    address = text(managing.get("reference"))
    for identifier in objects(organisations.get(address, {}).get("identifier")):
        if identifier.get("system") == _ODS and text(identifier.get("value")):
            practice = {
                "type": "Organization",
                "reference": address,
                "identifier": {"system": _ODS, "value": identifier["value"]},
            }
            said = objects(resource.get("generalPractitioner"))
            return {**resource, "generalPractitioner": [practice, *said]}
    return resource


def _communication(said: Object) -> Object:
    parts = {text(part.get("url")): part for part in objects(said.get("extension"))}
    language = an_object(parts.get("language")).get("valueCodeableConcept")
    if not isinstance(language, dict):
        return {}
    preferred = an_object(parts.get("preferred")).get("valueBoolean")
    return {"language": language, **({"preferred": preferred} if preferred is not None else {})}
