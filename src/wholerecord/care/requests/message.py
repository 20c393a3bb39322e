"""A request to a source as a FHIR R4 message, for channels that carry messages.

Source: FHIR R4, Messaging: a Bundle whose first entry is a MessageHeader. Its ids are worked out of
the request's number, so that it is the same message however often it is sent.
"""

from uuid import NAMESPACE_URL, uuid5

from wholerecord.access.correcting import Asked
from wholerecord.care.requests.task import SYSTEM, Json, as_task, reference

_EVENTS = "https://wholerecord.example/CodeSystem/event"


def as_message(asked: Asked) -> Json:
    """The Bundle, of a MessageHeader and the Task."""
    name = f"{SYSTEM}/{reference(asked)}"
    header, task = (f"{uuid5(NAMESPACE_URL, f'{name}/{part}')}" for part in ("header", "task"))
    at = asked.correction.at.isoformat()
    event = "correction-taken-back" if asked.retracts else "correction-asked"
    return {
        "resourceType": "Bundle",
        "type": "message",
        "identifier": {"system": SYSTEM, "value": reference(asked)},
        "timestamp": at,
        "entry": [
            {
                "fullUrl": f"urn:uuid:{header}",
                "resource": {
                    "resourceType": "MessageHeader",
                    "id": header,
                    "eventCoding": {"system": _EVENTS, "code": event},
                    "source": {"name": "Wholerecord", "endpoint": "https://wholerecord.example"},
                    "focus": [{"reference": f"urn:uuid:{task}"}],
                },
            },
            {"fullUrl": f"urn:uuid:{task}", "resource": as_task(asked) | {"id": task}},
        ],
    }
