"""When and where a patient was cared for, as far as it can contradict who they are said to be.

Source: FHIR R4, Encounter (`class` of HL7 v3 ActCode or HL7 v2 table 0004, `status`, `period`),
Immunization (`occurrence`), Procedure (`performed`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from wholerecord.record import Statement

#: In a bed: HL7 v3 ActCode, and HL7 v2 table 0004.
_INPATIENT = frozenset({"IMP", "ACUTE", "NONAC", "I"})
#: Did not happen, or has not yet.
_NOT = frozenset({"planned", "cancelled", "entered-in-error", "not-done", "preparation"})
_KINDS = frozenset({"Encounter", "Immunization", "Procedure"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A stay in a bed of one organisation or source; both ends are known."""

    place: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A patient's stays, and the last moment they were cared for in person."""

    stays: tuple[Stay, ...] = ()
    last: datetime | None = None


class _Coding(msgspec.Struct, frozen=True):
    code: str = ""


class _Period(msgspec.Struct, frozen=True):
    start: str = ""
    end: str = ""


class _Event(msgspec.Struct, frozen=True, rename="camel"):
    id: str = ""
    status: str = ""
    cls: _Coding = msgspec.field(default=_Coding(), name="class")
    period: _Period = _Period()
    occurrence_date_time: str = ""
    performed_date_time: str = ""


_EVENT = msgspec.json.Decoder(_Event)


def activity_of(said: Iterable[Statement]) -> Activity:
    """What one patient's statements say of when and where they were; the last version counts.

    A statement that is not as FHIR says tells nothing here: the fold parks it.
    """
    events: dict[tuple[str, str], tuple[str, _Event]] = {}
    for one in said:
        if one.kind in _KINDS and not one.replaced:
            event = _read(one.body)
            events[one.kind, event.id] = (one.source, event)
    happened = [(source, event) for source, event in events.values() if event.status not in _NOT]
    moments = [moment for _, event in happened if (moment := _when(event))]
    return Activity(
        stays=tuple(stay for source, event in happened if (stay := _stay(source, event))),
        last=max(moments, default=None),
    )


def _read(body: bytes) -> _Event:
    try:
        return _EVENT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Event(status="entered-in-error")


def _stay(source: str, event: _Event) -> Stay | None:
    begins, ends = _moment(event.period.start), _moment(event.period.end)
    if event.cls.code not in _INPATIENT or begins is None or ends is None or ends < begins:
        return None
    return Stay(place=source, begins=begins, ends=ends)


def _when(event: _Event) -> datetime | None:
    return _moment(event.period.start or event.occurrence_date_time or event.performed_date_time)


def _moment(text: str) -> datetime | None:
    """A moment or day; None for less than a day, which contradicts nothing."""
    if len(text) < 10:
        return None
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)
