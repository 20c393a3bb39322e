"""Messages written by hand for the readers' tests."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from wholerecord.intake import Fault, Kept, Reading, Unreadable
from wholerecord.record import MessageId, Saying

RECEIVED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NHS = "https://fhir.nhs.uk/Id/nhs-number"

Read = Callable[[Kept], Reading | Unreadable]


def kept(body: bytes, columns: bytes = b"") -> Kept:
    return Kept(
        message=MessageId(1), source="gp", name="", body=body, received=RECEIVED, columns=columns
    )


def said(read: Read, message: Any, columns: bytes = b"") -> Reading:
    """The reading of a message that can be read."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    reading = read(kept(body, columns))
    assert isinstance(reading, Reading), reading
    return reading


def refused(read: Read, message: Any, columns: bytes = b"") -> Fault:
    """Why a message cannot be read."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    unreadable = read(kept(body, columns))
    assert isinstance(unreadable, Unreadable), unreadable
    return unreadable.fault


def bundle(*resources: Any, type: str = "collection", **more: Any) -> dict[str, Any]:
    entries = [
        one if "resource" in one or "request" in one else {"resource": one} for one in resources
    ]
    return {"resourceType": "Bundle", "type": type, "entry": entries, **more}


def body(saying: Saying) -> Any:
    return json.loads(saying.body)


def of_kind(reading: Reading, kind: str) -> list[Any]:
    """Every body of one type, of all patients."""
    sayings = [one for patient in reading.patients for one in patient.sayings]
    return [body(one) for one in sayings if one.kind == kind]


def numbers(reading: Reading) -> list[str]:
    return [patient.about.number for patient in reading.patients]


def patient(id: str = "p1", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": id, **more}


def observation(subject: Any, id: str = "o1", **more: Any) -> dict[str, Any]:
    who = {"reference": subject} if isinstance(subject, str) else subject
    made = {"resourceType": "Observation", "id": id, "status": "final", "code": {"text": "Pulse"}}
    return {**made, "subject": who, **more}
