"""A client's request as the message that is kept, and what a write needs to know of a resource."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from wholerecord.intake.fhir.deleted import deleted
from wholerecord.record import canonical, read_json
from wholerecord.record.resources import RETRACTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change: the id it was given, and the resource as it was said; b"": it changes nothing."""

    method: str
    location: str
    full_url: str
    resource: bytes


def envelope(entries: Sequence[Entry], at: datetime, base: str = "") -> bytes:
    """The message `intake.fhir.written` reads: every resource in it byte for byte.

    `base` is the address of the server that the client wrote to.
    """
    return msgspec.json.encode(
        {
            "resourceType": "Bundle",
            "type": "history",
            "link": [{"relation": "self", "url": base}] if base else [],
            "timestamp": at.isoformat(timespec="microseconds"),
            "entry": [_entry(entry) for entry in entries],
        }
    )


def _entry(entry: Entry) -> dict[str, Any]:
    said: dict[str, Any] = {
        "request": {"method": entry.method, "url": entry.location},
        "response": {"location": entry.location},
    }
    if entry.full_url:
        said["fullUrl"] = entry.full_url
    if entry.resource:
        said["resource"] = msgspec.Raw(entry.resource)
    return said


class _Identifier(msgspec.Struct):
    system: str = ""
    value: str = ""


class _Identified(msgspec.Struct):
    identifier: tuple[_Identifier, ...] | _Identifier = ()


_READ = msgspec.json.Decoder(_Identified)


def identifiers_of(body: bytes) -> set[str]:
    """Every identifier of a resource, `system|value`."""
    if b'"identifier"' not in body:
        return set()
    try:
        said = _READ.decode(body).identifier
    except msgspec.ValidationError:
        return set()
    each = (said,) if isinstance(said, _Identifier) else said
    return {f"{one.system}|{one.value}" for one in each if one.value}


def retraction(kind: str, body: bytes) -> bytes:
    """A last version that takes the resource back, in the words of its type where it has some."""
    resource: dict[str, Any] = read_json(body)
    said = deleted(f"{kind}/{resource['id']}", kind, resource)
    gone = {**(said[2] if said else resource)}
    meta: dict[str, Any] = dict(gone.get("meta") or {})
    meta["tag"] = [*meta.get("tag", []), RETRACTED]
    meta.pop("lastUpdated", None)
    return canonical({**gone, "meta": meta})
