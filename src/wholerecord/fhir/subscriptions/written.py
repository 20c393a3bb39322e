"""A subscription as the R4 resource Subscription, in and out.

Source: Subscriptions R5 Backport IG 1.1.0, profile `backport-subscription`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from wholerecord.access import Actor
from wholerecord.access.subscriptions import ChannelType, Subscription, Wish
from wholerecord.consent import Purpose, Role
from wholerecord.fhir.given import moment_of
from wholerecord.fhir.problem import problem
from wholerecord.fhir.served import moment_said
from wholerecord.fhir.subscriptions.filters import filtering
from wholerecord.fhir.subscriptions.topics import topics
from wholerecord.intake.fhir.shape import Object, an_object, objects, text, texts

_IG = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
PROFILE = f"{_IG}backport-subscription"
_CONTENT = ("empty", "id-only", "full-resource")
_MEDIA = ("application/fhir+json", "application/json")
#: How long a subscription lasts at most, by who asks: an app's a year; staff's no longer than a
#: shift, for the door is asked by who they were then.
_LASTS: Mapping[Role, timedelta] = MappingProxyType(
    {
        Role.SYSTEM: timedelta(days=366),
        Role.PATIENT: timedelta(days=90),
        Role.CARER: timedelta(days=90),
    }
)
_SHIFT = timedelta(hours=12)
#: Bounds of what may be asked for: seconds, seconds, events; letters of a header.
_HEARTBEAT, _TIMEOUT, _MOST, _HEADER = (10, 86_400), (1, 60), (1, 1_000), 4_000
#: Headers that say where a request goes or where it ends.
_OURS = frozenset(
    {"host", "content-length", "content-type", "transfer-encoding", "connection", "te", "trailer"}
    | {"upgrade", "expect", "proxy-authorization", "accept-encoding"}
)


def wish_of(
    written: Object, actor: Actor, purpose: Purpose, base: str, may_go_to: Callable[[str], bool]
) -> tuple[Wish, datetime]:
    """What a Subscription asks for, and when it ends.

    Raises:
        Problem: 422, it is not one that can be kept, and where.
    """
    topic = topics().get(text(written.get("criteria")))
    if topic is None:
        raise problem(422, "not-supported", "There is no such topic.", "Subscription.criteria")
    beside = an_object(written.get("_criteria"))
    filters = tuple(_extensions(beside, "backport-filter-criteria", "valueString"))
    filtering(topic, filters, base)
    channel = an_object(written.get("channel"))
    way, endpoint = _way(channel, may_go_to)
    if text(channel.get("payload")) not in (*_MEDIA, ""):
        says = "The payload is application/fhir+json."
        raise problem(422, "not-supported", says, "Subscription.channel.payload")
    content = _extensions(an_object(channel.get("_payload")), "backport-payload-content")
    if content[-1:] and content[-1] not in _CONTENT:
        says = f"The content is {', '.join(_CONTENT)}."
        raise problem(422, "value", says, "Subscription.channel.payload.extension")
    wish = Wish(
        actor=actor,
        purpose=purpose,
        topic=topic.url,
        endpoint=endpoint,
        content=(content or ["id-only"])[-1],
        base=base,
        filters=filters,
        headers=_headers(channel),
        heartbeat=_number(channel, "backport-heartbeat-period", 0, _HEARTBEAT),
        timeout=_number(channel, "backport-timeout", 10, _TIMEOUT),
        most=_number(channel, "backport-max-count", 100, _MOST),
        reason=text(written.get("reason"))[:200],
        channel=way,
    )
    return wish, _until(written, actor)


def _way(channel: Object, may_go_to: Callable[[str], bool]) -> tuple[ChannelType, str]:
    """By which way, and to where: "" for a websocket, to which who is told comes themselves."""
    said, endpoint = text(channel.get("type")), text(channel.get("endpoint"))
    if said == ChannelType.WEBSOCKET.value:
        for name in ("endpoint", "header"):
            if channel.get(name):
                says = "A websocket has none: ask for a token to bind with, and connect."
                raise problem(422, "business-rule", says, f"Subscription.channel.{name}")
        return ChannelType.WEBSOCKET, ""
    if said != ChannelType.REST_HOOK.value:
        says = "The channel is rest-hook or websocket."
        raise problem(422, "not-supported", says, "Subscription.channel.type")
    if not may_go_to(endpoint):
        says = "This site sends nothing there: its operator lists who may receive."
        raise problem(422, "business-rule", says, "Subscription.channel.endpoint")
    return ChannelType.REST_HOOK, endpoint


def _until(written: Object, actor: Actor) -> datetime:
    now = datetime.now(UTC)
    latest = now + _LASTS.get(actor.role, _SHIFT)
    said = written.get("end")
    wanted = moment_of(text(said), "Subscription.end") if said is not None else None
    if wanted is not None and wanted <= now:
        raise problem(422, "value", "It would end before it begins.", "Subscription.end")
    return min(wanted, latest) if wanted else latest


def _headers(channel: Object) -> tuple[str, ...]:
    found = tuple(texts(channel.get("header") or []))
    for one in found:
        name, colon, value = one.partition(":")
        plain = one.isascii() and one.isprintable() and len(one) <= _HEADER
        token = name.replace("-", "").replace("_", "")
        if not colon or not plain or not token.isalnum() or not value.strip() or len(found) > 10:
            says = "A header is Name: value, ten at most."
            raise problem(422, "value", says, "Subscription.channel.header")
        if name.lower() in _OURS:
            says = "This header is not the subscriber's to set."
            raise problem(422, "value", says, "Subscription.channel.header")
    return found


def _extensions(value: Object, name: str, kind: str = "valueCode") -> list[str]:
    found = (one for one in objects(value.get("extension")) if one.get("url") == _IG + name)
    return [text(one.get(kind)) for one in found]


def _number(channel: Object, name: str, default: int, bounds: tuple[int, int]) -> int:
    for one in objects(channel.get("extension")):
        if one.get("url") == _IG + name:
            said = one.get("valueUnsignedInt", one.get("valuePositiveInt"))
            if not isinstance(said, int) or said < 0:
                place = "Subscription.channel.extension"
                raise problem(422, "value", f"{name} is a whole number.", place)
            return min(max(said, bounds[0]), bounds[1]) if said else default
    return default


def resource_of(one: Subscription) -> dict[str, Any]:
    """The Subscription as it is kept; of its headers, whose values are secret, the names."""
    wish = one.wish
    beside = [
        {"url": f"{_IG}backport-timeout", "valueUnsignedInt": wish.timeout},
        {"url": f"{_IG}backport-max-count", "valuePositiveInt": wish.most},
    ]
    if wish.heartbeat:
        said = {"url": f"{_IG}backport-heartbeat-period", "valueUnsignedInt": wish.heartbeat}
        beside.append(said)
    payload = {"url": f"{_IG}backport-payload-content", "valueCode": wish.content}
    channel: dict[str, Any] = {
        "extension": beside,
        "type": wish.channel.value,
        "payload": _MEDIA[0],
        "_payload": {"extension": [payload]},
    }
    if wish.endpoint:
        channel["endpoint"] = wish.endpoint
    if wish.headers:
        channel["header"] = [f"{each.partition(':')[0]}: (kept)" for each in wish.headers]
    written: dict[str, Any] = {
        "resourceType": "Subscription",
        "id": one.id,
        "meta": {"profile": [PROFILE], "lastUpdated": moment_said(one.begun)},
        "status": one.standing.value,
        "end": moment_said(one.until),
        "reason": wish.reason or "to be told",
        "criteria": wish.topic,
        "channel": channel,
    }
    if wish.filters:
        each = [
            {"url": f"{_IG}backport-filter-criteria", "valueString": said} for said in wish.filters
        ]
        written["_criteria"] = {"extension": each}
    if one.says:
        written["error"] = one.says
    return written
