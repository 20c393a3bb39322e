"""What a subscriber is sent: a Bundle whose first entry says how the subscription stands.

Source: Subscriptions R5 Backport IG 1.1.0, "Notification Bundles", the R4 form: type `history`,
its status as Parameters. What is in it is asked of the door when it is sent.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from wholerecord.access import Door
from wholerecord.access.read_said import Shown
from wholerecord.access.subscriptions import Happening, Subscription
from wholerecord.fhir.granting import is_read, scopes_of
from wholerecord.fhir.served import moment_said, served
from wholerecord.intake.fhir.shape import is_object
from wholerecord.record import LogicalId, read_json

_IG = "http://hl7.org/fhir/uv/subscriptions-backport/"
_PROFILE = f"{_IG}StructureDefinition/backport-subscription-notification-r4"
_STATUS = f"{_IG}StructureDefinition/backport-subscription-status-r4"
_METHODS = {"create": "POST", "update": "PUT", "delete": "DELETE"}


async def notification(
    one: Subscription, events: Sequence[Happening], door: Door, sort: str, content: str = ""
) -> bytes:
    """The Bundle: `sort` is handshake, heartbeat, event-notification or query-event.

    An event of something that may be seen no more has its number and nothing besides.
    """
    content = content or one.wish.content
    shown = [await _seen(one, each, door) if content != "empty" else None for each in events]
    entries: list[dict[str, Any]] = []
    for each, seen in zip(events, shown, strict=True):
        if seen is not None:
            entries.append(_entry(one, each, seen, whole=content == "full-resource"))
    status = status_of(one, events, sort, [seen is not None for seen in shown])
    first = {
        "fullUrl": f"urn:uuid:{_uuid(one.id)}",
        "resource": status,
        "request": {"method": "GET", "url": f"{one.wish.base}/Subscription/{one.id}/$status"},
        "response": {"status": "200"},
    }
    bundle = {
        "resourceType": "Bundle",
        "meta": {"profile": [_PROFILE]},
        "type": "history",
        "timestamp": moment_said(datetime.now(UTC)),
        "entry": [first, *entries],
    }
    return msgspec.json.encode(bundle)


def status_of(
    one: Subscription,
    events: Sequence[Happening] = (),
    sort: str = "query-status",
    focused: Sequence[bool] = (),
) -> dict[str, Any]:
    """How a subscription stands, as Parameters; with `focused` events and what they are about."""
    parameters: list[dict[str, Any]] = [
        {"name": "subscription", "valueReference": {"reference": f"Subscription/{one.id}"}},
        {"name": "topic", "valueCanonical": one.wish.topic},
        {"name": "status", "valueCode": one.standing.value},
        {"name": "type", "valueCode": sort},
        {"name": "events-since-subscription-start", "valueString": str(one.events)},
    ]
    if one.says:
        parameters.append({"name": "error", "valueCodeableConcept": {"text": one.says}})
    for each, has_focus in zip(events, focused or [False] * len(events), strict=True):
        part: list[dict[str, Any]] = [
            {"name": "event-number", "valueString": str(each.number)},
            {"name": "timestamp", "valueInstant": moment_said(each.at)},
        ]
        if has_focus:
            part.append({"name": "focus", "valueReference": {"reference": each.focus}})
        parameters.append({"name": "notification-event", "part": part})
    return {
        "resourceType": "Parameters",
        "id": _uuid(one.id),
        "meta": {"profile": [_STATUS]},
        "parameter": parameters,
    }


async def _seen(one: Subscription, event: Happening, door: Door) -> Shown | None:
    """What an event is about, where it may be seen now by whoever is told."""
    kind, _, own = event.focus.partition("/")
    logical = LogicalId.parse(own)
    if logical is None:
        return None
    shown = await door.said(kind, logical, purpose=one.wish.purpose)
    return shown if shown is not None and let_in(door, shown) else None


def let_in(door: Door, shown: Shown) -> bool:
    """Whether the app that asks, if one does, was let in to this very resource."""
    scopes = scopes_of(door.actor.limits)
    kind = shown.version.statement.kind
    if scopes is None or shown.version.gone:
        return is_read(scopes, kind, None)
    resource = read_json(served(shown))
    return is_object(resource) and is_read(scopes, kind, resource)


def _entry(one: Subscription, event: Happening, shown: Shown, *, whole: bool) -> dict[str, Any]:
    change = "delete" if shown.version.gone else event.change
    entry: dict[str, Any] = {
        "fullUrl": f"{one.wish.base}/{event.focus}",
        "request": {"method": _METHODS[change], "url": event.focus},
        "response": {"status": {"create": "201", "delete": "204"}.get(change, "200")},
    }
    if whole and change != "delete":
        entry["resource"] = msgspec.Raw(served(shown))
    return entry


def _uuid(id: str) -> str:
    return f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}"
