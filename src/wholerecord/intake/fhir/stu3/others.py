"""The types that changed little: procedures, appointments, encounters, lists, plans.

Source: FHIR R4, "R3 Diff" of each type.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from wholerecord.intake.fhir.shape import Object, codings, objects, text
from wholerecord.intake.fhir.stu3.change import agent, listed, renamed

#: Types of which R4 only renamed elements.
RENAMED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Appointment": {
            "reason": "reasonCode",
            "indication": "reasonReference",
            "incomingReferral": "basedOn",
        },
        "CarePlan": {"context": "encounter"},
        "CareTeam": {"context": "encounter"},
        "ClinicalImpression": {"context": "encounter"},
        "Communication": {"context": "encounter"},
        "CommunicationRequest": {"context": "encounter"},
        "Device": {"udi": "udiCarrier"},
        "Encounter": {"reason": "reasonCode", "incomingReferral": "basedOn"},
        "EpisodeOfCare": {},
        "QuestionnaireResponse": {"context": "encounter", "parent": "partOf"},
        "RequestGroup": {"context": "encounter"},
        "RiskAssessment": {"context": "encounter"},
        "Task": {"context": "encounter"},
    }
)
#: Elements that became repeating.
LISTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "CarePlan": ("category",),
        "Communication": ("reasonCode", "reasonReference", "topic"),
        "Device": ("udiCarrier",),
        "Encounter": ("type", "reasonCode", "basedOn"),
        "Appointment": ("specialty", "reasonCode"),
        "RiskAssessment": ("reasonCode", "reasonReference"),
    }
)
_PROCEDURE_STATUS = {"suspended": "on-hold", "aborted": "stopped"}


def procedure(stu3: Object) -> Object:
    """The R4 Procedure. Not done is a status."""
    resource = renamed(stu3, {"context": "encounter", "notDoneReason": "statusReason"})
    if resource.pop("notDone", None) is True:
        resource["status"] = "not-done"
    status = text(resource.get("status"))
    if status in _PROCEDURE_STATUS:
        resource["status"] = _PROCEDURE_STATUS[status]
    if "performer" in resource:
        resource["performer"] = [
            renamed(one, {"role": "function"}) for one in objects(resource["performer"])
        ]
    return resource


def device_request(stu3: Object) -> Object:
    """The R4 DeviceRequest."""
    resource = renamed(stu3, {"context": "encounter"})
    agent(resource)
    if isinstance(resource.get("intent"), dict):
        code = next((text(c.get("code")) for c in codings(resource["intent"])), "")
        resource["intent"] = code or "order"
    return resource


def a_list(stu3: Object) -> Object:
    """The R4 List, the same but for an id: GP Connect's have none, and come anew in every message.

    What the list is of makes its id, so that today's list of problems replaces yesterday's.
    """
    resource = dict(stu3)
    if not resource.get("id"):
        kinds = sorted(text(coding.get("code")) for coding in codings(resource.get("code")))
        about = "\0".join((*kinds, text(resource.get("title"))))
        if about:
            resource["id"] = hashlib.sha256(about.encode()).hexdigest()[:32]
    return resource


def plain(kind: str, stu3: Object) -> Object:
    """The R4 resource of a type that changed in names or not at all."""
    resource = renamed(stu3, RENAMED.get(kind, {}))
    listed(resource, *LISTED.get(kind, ()))
    return resource
