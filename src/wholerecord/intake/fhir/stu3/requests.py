"""ProcedureRequest and ReferralRequest, both of which R4 made ServiceRequest.

Source: FHIR R4, ServiceRequest, "R3 Diff"; GP Connect 1.6, Referral (the coded entry of a referral
stands in `reasonCode`).
"""

from wholerecord.intake.fhir.shape import Object, objects
from wholerecord.intake.fhir.stu3.change import agent, listed, noted, renamed

#: SNOMED CT: says of a ServiceRequest what its STU3 type said.
_REFERRAL = {
    "coding": [
        {"system": "http://snomed.info/sct", "code": "3457005", "display": "Patient referral"}
    ]
}


def procedure(stu3: Object) -> Object:
    """The ServiceRequest of a ProcedureRequest."""
    resource = renamed(stu3, {"context": "encounter"})
    resource["resourceType"] = "ServiceRequest"
    agent(resource)
    listed(resource, "performer", "category")
    return resource


def referral(stu3: Object) -> Object:
    """The ServiceRequest of a ReferralRequest."""
    names = {
        "context": "encounter",
        "recipient": "performer",
        "specialty": "performerType",
        "groupIdentifier": "requisition",
        "supportingInfo": "supportingInfo",
    }
    resource = renamed(stu3, names)
    resource["resourceType"] = "ServiceRequest"
    agent(resource)
    listed(resource, "performer")
    resource["category"] = [_REFERRAL, *objects(resource.pop("type", None))]
    noted(resource, resource.pop("description", None))
    asked = objects(resource.pop("serviceRequested", None)) or objects(resource.get("reasonCode"))
    if asked:
        resource["code"] = asked[0]
        if asked[1:]:
            resource["orderDetail"] = asked[1:]
    return resource
