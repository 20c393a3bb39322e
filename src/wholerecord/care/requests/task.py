"""A request to a source as a FHIR R4 Task, which its identifier names however often it comes.

Source: FHIR R4, Task; CodeSystem task-code: `change`, and `abort` to take a request back.
"""

from typing import Any

from wholerecord.access.correcting import Asked
from wholerecord.care.requests.words import sentence

Json = dict[str, Any]
#: Names requests, ours, in identifiers.
SYSTEM = "https://wholerecord.example/Id/correction"
_CODES = "http://hl7.org/fhir/CodeSystem/task-code"
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"


def reference(asked: Asked) -> str:
    """What the message is called: a request by its number, and what takes it back by another."""
    return f"{asked.correction.n}{'-taken-back' if asked.retracts else ''}"


def as_task(asked: Asked) -> Json:
    """The Task. A request that takes another back is about that Task, else about the resource."""
    one = asked.correction
    first, *others = one.about
    task: Json = {
        "resourceType": "Task",
        "identifier": [{"system": SYSTEM, "value": reference(asked)}],
        "status": "requested",
        "intent": "proposal",
        "code": {"coding": [{"system": _CODES, "code": "abort" if asked.retracts else "change"}]},
        "description": sentence(asked),
        "focus": {"type": "Task", "identifier": {"system": SYSTEM, "value": f"{one.n}"}}
        if asked.retracts
        else {"type": first.kind, "reference": f"{first.kind}/{first.id}"},
        "for": {"type": "Patient", "identifier": _patient(asked)},
        "authoredOn": one.at.isoformat(),
        "requester": {"display": "Wholerecord"},
        "owner": {
            "type": "Organization",
            "identifier": {"system": _ODS, "value": asked.organisation},
            "display": asked.title,
        },
        "restriction": {"period": {"end": one.due.isoformat()}},
    }
    inputs: list[Json] = [
        {
            "type": {"text": "also about"},
            "valueReference": {"type": about.kind, "reference": f"{about.kind}/{about.id}"},
        }
        for about in others
    ]
    if one.side:
        inputs.append({"type": {"text": "side"}, "valueString": one.side})
    return task | ({"input": inputs} if inputs and not asked.retracts else {})


def _patient(asked: Asked) -> Json:
    """Whom it is about, as the source itself calls them."""
    if asked.nhs_number:
        return {"system": _NHS_NUMBER, "value": asked.nhs_number}
    return {"value": asked.correction.number}
