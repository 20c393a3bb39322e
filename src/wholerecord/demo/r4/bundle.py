"""Bundles as the region's FHIR sources write them: each source in a habit of its own."""

from hashlib import sha256

from wholerecord.demo.batch import Batch
from wholerecord.demo.coding import Json
from wholerecord.demo.r4.patient import patient
from wholerecord.demo.r4.resource import resources
from wholerecord.demo.r4.voice import Voice, moment, written


def transaction(batch: Batch, voice: Voice) -> bytes:
    """A transaction that PUTs each resource; references are relative."""
    subject = {"reference": f"Patient/{batch.who.number}"}
    entries = [
        {
            "fullUrl": f"{voice.base}/{resource['resourceType']}/{resource['id']}",
            "resource": resource,
            "request": {
                "method": "PUT",
                "url": f"{resource['resourceType']}/{resource['id']}",
            },
        }
        for resource in _resources(batch, subject, voice)
    ]
    return _bundle("transaction", entries, batch, voice)


def collection(batch: Batch, voice: Voice) -> bytes:
    """A collection; references are the absolute addresses of the sender."""
    subject = {"reference": f"{voice.base}/Patient/{batch.who.number}"}
    entries = [
        {
            "fullUrl": f"{voice.base}/{resource['resourceType']}/{resource['id']}",
            "resource": resource,
        }
        for resource in _resources(batch, subject, voice)
    ]
    return _bundle("collection", entries, batch, voice)


def message(batch: Batch, voice: Voice, event: str) -> bytes:
    """A message: a MessageHeader first, references by the entries' own UUIDs."""
    who = _uuid(f"{voice.source} Patient {batch.who.number}")
    subject = {"reference": f"urn:uuid:{who}"}
    listed = _resources(batch, subject, voice)
    header: Json = {
        "resourceType": "MessageHeader",
        "id": _uuid(f"{voice.source} {batch.who.number} {moment(batch.sent)}"),
        "eventCoding": {"system": f"{voice.base}/CodeSystem/message-event", "code": event},
        "source": {"name": voice.title, "endpoint": voice.base},
        "focus": [subject],
    }
    entries = [
        {
            "fullUrl": f"urn:uuid:{_own_uuid(one, voice)}",
            "resource": one,
        }
        for one in (header, *listed)
    ]
    return _bundle("message", entries, batch, voice)


def _resources(batch: Batch, subject: Json, voice: Voice) -> list[Json]:
    said = [patient(batch.who, voice, moment(batch.sent))]
    for what in batch.happenings:
        said += resources(what, subject, voice)
    return said


def _bundle(kind: str, entries: list[Json], batch: Batch, voice: Voice) -> bytes:
    return written(
        {
            "resourceType": "Bundle",
            "id": _uuid(f"{voice.source} {kind} {batch.who.number} {moment(batch.sent)}"),
            "meta": {"lastUpdated": moment(batch.sent)},
            "type": kind,
            "timestamp": moment(batch.sent),
            "entry": entries,
        }
    )


def _uuid(of: str) -> str:
    """A UUID-shaped name that is the same for the same thing (RFC 9562, version 8)."""
    digest = sha256(of.encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"


def _own_uuid(resource: Json, voice: Voice) -> str:
    return _uuid(f"{voice.source} {resource['resourceType']} {resource['id']}")
