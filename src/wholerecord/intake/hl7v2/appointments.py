"""SCH with its AIS, AIG, AIL and AIP as an Appointment.

Source: v2-to-FHIR segment maps SCH, AIS, AIG, AIL, AIP, NTE[Appointment]; message map SIU_S12. It
is known by the filler's number (SCH-2, else SCH-1) and its occurrence (SCH-3), so that a change of
time or a cancellation is a later version of it. Whom to telephone about it (SCH-12 to SCH-22) is
not who comes to it, and stays in the message.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import Json, Said, concept, place, staff
from wholerecord.intake.hl7v2.moments import instant
from wholerecord.intake.hl7v2.observation import notes_of, order_number, say_lines
from wholerecord.intake.hl7v2.orders import orders
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling
from wholerecord.intake.reading import Reason

#: What each event does; those not named leave a booked appointment booked.
_EVENTS = {
    "S15": "cancelled",
    "S16": "cancelled",
    "S17": "entered-in-error",
    "S26": "noshow",
}
#: Table 0278 Filler Status.
_STATUS = {
    "BLOCKED": "",
    "BOOKED": "booked",
    "CANCELLED": "cancelled",
    "CANCELED": "cancelled",
    "COMPLETE": "fulfilled",
    "DELETED": "entered-in-error",
    "DC": "cancelled",
    "DISCONTINUED": "cancelled",
    "NOSHOW": "noshow",
    "OVERBOOK": "booked",
    "PENDING": "pending",
    "STARTED": "checked-in",
    "WAITLIST": "waitlist",
}
#: Table 0278 of one participant (AIP-12 and its like), where it is not accepted.
_TAKES_PART = {
    **dict.fromkeys(("PENDING", "WAITLIST"), "tentative"),
    **dict.fromkeys(("CANCELLED", "CANCELED", "DC", "DELETED", "DISCONTINUED"), "declined"),
}
_MINUTES = {
    **dict.fromkeys(("", "M", "MIN", "MINS", "MINUTE", "MINUTES"), 1.0),
    **dict.fromkeys(("H", "HR", "HOUR", "HOURS"), 60.0),
    **dict.fromkeys(("S", "SEC", "SECONDS"), 1 / 60),
}
#: Where each resource segment says when it begins, and how long it takes, in what.
_WHEN = {"AIS": (4, 7, 8), "AIG": (8, 11, 12), "AIL": (6, 9, 10), "AIP": (6, 9, 10)}


def say_appointment(telling: Telling, before: Sequence[Segment], group: Sequence[Segment]) -> None:
    """File the appointment. SCH stands before the PID, and its resources after it."""
    sch = next((each for each in (*before, *group) if each.name == "SCH"), None)
    if sch is None:
        telling.fault(Reason.CUT_SHORT, "SCH", "no SCH segment says which appointment")
        return
    number = sch.text(2) or sch.text(1)
    resources = [each for each in group if each.name in _WHEN]
    start, end, minutes = _times(telling, sch, resources, [*before, *group])
    status = _status(telling.event, sch)
    reason = [said for n in (7, 6) if (said := concept(sch.first(n)))]
    telling.say(
        "Appointment",
        telling.unlike("Appointment", *telling.number, number or start, sch.text(3)),
        sch.place,
        {
            "identifier": [{"value": said} for n in (1, 2) if (said := sch.text(n))],
            "status": status,
            "cancelationReason": reason[-1] if status == "cancelled" and reason else {},
            "serviceType": _services(resources),
            "appointmentType": concept(sch.first(8), f"{tables.HL7_TABLE}0277"),
            "reasonCode": reason[:1],
            "start": start,
            "end": end,
            "minutesDuration": minutes,
            "comment": _comment(before, group),
            "participant": [
                {"actor": telling.subject, "status": "accepted"},
                *_participants(resources),
            ],
        },
    )
    for order in orders(group):
        say_lines(telling, order, order_number(telling, order))


def _status(event: str, sch: Segment) -> str:
    return _EVENTS.get(event) or _STATUS.get(sch.text(25).upper(), "") or "booked"


def _times(
    telling: Telling, sch: Segment, resources: Sequence[Segment], around: Sequence[Segment]
) -> tuple[str, str, int]:
    """Start and end as instants, and minutes; empty and 0 where they are not said."""
    said = [(each.text(7), each.text(8)) for each in around if each.name == "TQ1"]
    said.append((sch.text(11, 4), sch.text(11, 5)))  # what TQ1 is instead of since version 2.5
    said += ((each.text(_WHEN[each.name][0]), "") for each in resources)
    start, end = next((each for each in said if each[0]), ("", ""))
    if start and not instant(start):
        telling.fault(Reason.BAD_VALUE, sch.place, "the time it begins is not a time")
    lasts = [(sch.text(9), sch.text(10)), (sch.text(11, 3).lstrip("M"), "MIN")]
    lasts += (
        (each.text(_WHEN[each.name][1]), each.text(_WHEN[each.name][2])) for each in resources
    )
    minutes = next((m for number, unit in lasts if (m := _minutes(number, unit))), 0)
    begins, ends = instant(start), instant(end)
    if begins and not ends and minutes:
        ends = _later(begins, minutes)
    return begins, ends, minutes


def _later(begins: str, minutes: int) -> str:
    """An instant and so many minutes; "" beyond the year 9999."""
    try:
        return (datetime.fromisoformat(begins) + timedelta(minutes=minutes)).isoformat()
    except OverflowError:
        return ""


def _minutes(number: str, unit: str) -> int:
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        return 0
    return int(int(number) * _MINUTES.get(unit.upper(), 0))


def _services(resources: Sequence[Segment]) -> list[Said]:
    return [said for each in resources if each.name == "AIS" and (said := concept(each.first(3)))]


def _participants(resources: Sequence[Segment]) -> list[Json]:
    """Who and what takes part besides the patient; a resource taken away (action D) does not."""
    said: list[Json] = []
    for each in resources:
        if each.text(2).upper() == "D":
            continue
        match each.name:
            case "AIP":
                actor = staff(each.first(3))
            case "AIL":
                actor = place(each.first(3))
            case "AIG":
                actor = _thing(each)
            case _:
                actor = {}
        if actor:
            status = _TAKES_PART.get(each.text(_WHEN[each.name][2] + 2).upper(), "accepted")
            said.append({"actor": actor, "status": status})
    return said


def _thing(aig: Segment) -> Json:
    words = aig.text(3, 2) or aig.text(3) or aig.text(4, 2)
    return {"display": words} if words else {}


def _comment(before: Sequence[Segment], group: Sequence[Segment]) -> str:
    notes = notes_of([each for each in (*before, *group) if each.name == "NTE"])
    return str(notes[0]["text"]) if notes else ""
