"""What a ServiceRequest asks for and an Appointment books, beside their labelled texts.

So that whoever counts can tell who waits: which statement hands care on (a referral), which visit
or booking carries it out, and how far it has come. Source: FHIR R4 ServiceRequest and Appointment
with their value sets request-status and appointmentstatus; Booking and Referral Standard (BaRS)
1.4, category `referral`; GP2GP RequestStatement.
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, cast

from wholerecord.fold.plain_said import PlainSaid
from wholerecord.fold.record import Plain
from wholerecord.fold.shape import Coded, Shape
from wholerecord.fold.texts import coded_in, references_in
from wholerecord.fold.told import Key, Told, address

#: SNOMED CT: patient referral; referral to service.
_REFERRALS = frozenset({"3457005", "306206005", "referral"})
_SAYS_SO = ("referral", "refer to ", "patient referral")
_PRIORITIES = frozenset({"routine", "urgent", "asap", "stat"})
#: How far a request or a booking has come, by its FHIR status; others say nothing of it.
_STAGES = MappingProxyType(
    {
        "ServiceRequest": {
            "active": "waiting",
            "on-hold": "waiting",
            "completed": "over",
            "revoked": "over",
        },
        "Appointment": {
            "booked": "booked",
            "arrived": "seen",
            "checked-in": "seen",
            "fulfilled": "seen",
            "cancelled": "over",
            "noshow": "over",
        },
    }
)


class Request(Plain, frozen=True, kw_only=True, gc=False):
    """What was asked for or booked. `referral`: it hands the care of somebody on.

    `stage` is waiting, booked, seen, over or "" where its source does not say. `priority` is
    FHIR's: routine, urgent, asap, stat or "". `orders` are the `Said.id_key`s of what it carries
    out; `numbers` its identifiers, as (system, value).
    """

    referral: bool = False
    stage: str = ""
    priority: str = ""
    orders: tuple[Key, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()


def request_or_plain(told: Told[Shape], lines: tuple[tuple[str, str], ...]) -> Plain:
    """The detail of an entry of labelled texts, whose newest statement is `told`."""
    kind, body = told.said.kind, told.body
    stages = _STAGES.get(kind)
    if stages is None or not isinstance(body, PlainSaid):
        return Plain(lines=lines)
    priority: Any = body.priority
    return Request(
        lines=lines,
        referral=kind == "ServiceRequest" and _is_referral(body),
        stage=stages.get(told.said.status, ""),
        priority=priority if isinstance(priority, str) and priority in _PRIORITIES else "",
        orders=tuple(address(told, named) for named in references_in(body.based_on)),
        numbers=tuple(_numbers(body.identifier)),
    )


def _is_referral(body: PlainSaid) -> bool:
    return any(map(_hands_on, (*coded_in(body.category), *coded_in(body.code))))


def _hands_on(said: Coded) -> bool:
    if any(coding.code.lower() in _REFERRALS for coding in said.coding):
        return True
    words = (said.text, *(coding.display for coding in said.coding))
    return any(each.strip().lower().startswith(_SAYS_SO) for each in words)


def _numbers(said: Any) -> Iterable[tuple[str, str]]:
    """The identifiers that say of which system they are."""
    for one in cast("list[Any]", said) if isinstance(said, list) else []:
        if isinstance(one, dict):
            number = cast("dict[str, Any]", one)
            system, value = number.get("system"), number.get("value")
            if isinstance(system, str) and isinstance(value, str) and system and value:
                yield system, value
