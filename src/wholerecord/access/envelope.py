"""A client's request as the message that is kept, and what a write needs to know of a resource."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from wholerecord.intake.fhir.deleted import deleted
from wholerecord.intake.fhir.shape import is_array, is_object
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


_REFERENCE = re.compile(rb'"reference"\s*:\s*"urn:')
#: Elements that hold an address and are no references.
_ADDRESSES = frozenset({"url", "uri", "valueUri", "valueUrl", "valueUuid", "valueOid"})
_LINK = re.compile(r"""(?P<before>\b(?:href|src)=["'])(?P<url>urn:[^"']{1,200})(?=["'])""")


def led_elsewhere(resource: bytes, led: Mapping[str, str]) -> bytes:
    """The resource with what a Bundle calls its resources (`urn:…`) led to where they are.

    In elements of type uri, url, oid and uuid, and in links of the narrative; references are led
    when the message is read. Source: FHIR R4, RESTful API, "Replacing hyperlinks".
    """
    if resource.count(b"urn:") <= len(_REFERENCE.findall(resource)):
        return resource
    value = read_json(resource)
    return canonical(changed) if (changed := _led(value, led)) != value else resource


def _led(value: Any, led: Mapping[str, str]) -> Any:
    if is_array(value):
        return [_led(one, led) for one in value]
    if not is_object(value):
        return value
    return {name: _led_at(name, one, led) for name, one in value.items()}


def _led_at(name: str, said: Any, led: Mapping[str, str]) -> Any:
    if not isinstance(said, str):
        return _led(said, led)
    if name in _ADDRESSES or name.endswith(("Uri", "Url")):
        return led.get(said, said)
    if name == "div":
        return _LINK.sub(lambda found: found["before"] + led.get(found["url"], found["url"]), said)
    return said


class _Identifier(msgspec.Struct):
    system: str = ""
    value: str = ""


class _Identified(msgspec.Struct):
    identifier: tuple[_Identifier, ...] | _Identifier = ()


class _Tag(msgspec.Struct):
    system: str = ""
    code: str = ""


class _Meta(msgspec.Struct):
    tag: tuple[_Tag, ...] = ()


class _Tagged(msgspec.Struct):
    meta: _Meta = msgspec.field(default_factory=_Meta)


_READ = msgspec.json.Decoder(_Identified)
_READ_TAGS = msgspec.json.Decoder(_Tagged)
#: The system of the tag by which the receipt of a message is known: it has no identifier to have.
MESSAGE = "https://wholerecord.example/Id/message"


def identifiers_of(body: bytes) -> set[str]:
    """Every identifier of a resource, `system|value`; of a message's receipt, the message's id."""
    if b'"resourceType":"MessageHeader"' in body and MESSAGE.encode() in body:
        tags = _READ_TAGS.decode(body).meta.tag
        return {f"{MESSAGE}|{one.code}" for one in tags if one.system == MESSAGE}
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
