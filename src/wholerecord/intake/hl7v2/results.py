"""OBR, OBX and NTE as a DiagnosticReport and its Observations.

Source: v2-to-FHIR segment maps OBR[DiagnosticReport], OBX[Observation], NTE[Observation]. A result
is known by its order (OBR-3, else OBR-2, else ORC), its test (OBR-4), its code (OBX-3) and sub-id
(OBX-4), so that a correction is a later version of the same Observation and a retraction (OBX-11 D
or W) marks it as an error. Text that goes on over several OBX of one code is one value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.attachment import attachment
from wholerecord.intake.hl7v2.datatypes import Json, coding_system, concept, concepts, staff
from wholerecord.intake.hl7v2.message import Segment
from wholerecord.intake.hl7v2.moments import instant, moment
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.hl7v2.value import range_of, value_of

_TEXT = frozenset({"ST", "TX", "FT"})
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_ABSENT_WHEN = {"X": "error", "N": "not-asked", "I": "temp-unknown"}


@dataclass(slots=True)
class Order:
    """One OBR with what stands under it. `obr` is None for OBX that stand under none."""

    obr: Segment | None
    orc: Segment | None
    lines: list["Line"] = field(default_factory=list["Line"])
    notes: list[Segment] = field(default_factory=list[Segment])
    specimens: list[Segment] = field(default_factory=list[Segment])


@dataclass(slots=True)
class Line:
    """One value: its OBX, further OBX that go on with its text, and its notes."""

    obx: Segment
    more: list[Segment] = field(default_factory=list[Segment])
    notes: list[Segment] = field(default_factory=list[Segment])


def orders(group: Sequence[Segment]) -> list[Order]:
    """The orders of one patient's segments, in order. Every OBX is in exactly one."""
    said: list[Order] = []
    orc: Segment | None = None
    for segment in group:
        match segment.name:
            case "ORC":
                orc = segment
            case "OBR":
                said.append(Order(segment, orc))
                orc = None
            case "OBX":
                if not said:
                    said.append(Order(None, orc))
                _add(said[-1], segment)
            case "NTE" if said:
                order = said[-1]
                (order.lines[-1].notes if order.lines else order.notes).append(segment)
            case "SPM" if said:
                said[-1].specimens.append(segment)
            case _:
                pass
    return said


def _add(order: Order, obx: Segment) -> None:
    """A new line, or the next part of the text of the line before."""
    last = order.lines[-1] if order.lines else None
    if last and not last.notes and _goes_on(last.obx, obx):
        last.more.append(obx)
    else:
        order.lines.append(Line(obx))


def _goes_on(first: Segment, then: Segment) -> bool:
    return (
        then.text(2).upper() in _TEXT
        and all(first.raw(n) == then.raw(n) for n in (2, 3, 4, 6, 8, 11, 14))
        and bool(then.raw(3))
    )


def say_order(telling: Telling, order: Order) -> None:
    """File the Observations of an order, and the report that lists them."""
    number = _number(telling, order)
    said = [_say_line(telling, order, number, line) for line in order.lines]
    if order.obr is not None:
        _say_report(telling, order, order.obr, number, [each for each in said if each])


def _number(telling: Telling, order: Order) -> tuple[str, str]:
    """(number, test) of the order. Without a number, when it was taken; without that, the message.

    The namespace of the number is left out: corrections of one order are seen with and without.
    """
    obr, orc = order.obr, order.orc
    test = (obr.text(4) or obr.text(4, 2)) if obr else ""
    candidates = ((obr, 3), (orc, 3), (obr, 2), (orc, 2))
    for segment, n in candidates:
        if segment and (number := segment.text(n)):
            return number, test
    taken = obr.text(7) if obr else ""
    key = telling.number[0], telling.number[1], taken or f"in {telling.control}"
    return fhir_id(*key), test


def _say_line(telling: Telling, order: Order, number: tuple[str, str], line: Line) -> str:
    """File one Observation and return its id; "" for a document, which the report carries."""
    obx = line.obx
    if obx.text(2).upper() in {"ED", "RP"} and order.obr is not None:
        return ""
    code = concept(obx.first(3)) or concept(order.obr.first(4) if order.obr else obx.first(3))
    known_by = telling.unlike("Observation", *number, obx.text(3) or obx.text(3, 2), obx.text(4))
    telling.say(
        "Observation",
        known_by,
        obx.place,
        {
            "status": _status(order, obx),
            "category": _category(order),
            "code": code or {"text": "not named"},
            "subject": telling.subject,
            "encounter": telling.encounter,
            "effectiveDateTime": telling.moment(obx, 14) or _taken(telling, order),
            "issued": _issued(order, obx),
            "performer": _performers(obx),
            "interpretation": _interpretation(obx),
            "referenceRange": range_of(obx),
            "method": concept(obx.first(17)),
            "bodySite": concept(obx.first(20)),
            "note": _notes(line.notes),
            **_value(line),
        },
    )
    return known_by


def _status(order: Order, obx: Segment) -> str:
    """OBX-11, else what the report's OBR-25 says; never final because nothing was said."""
    said = tables.OBSERVATION_STATUS.get(obx.text(11).upper())
    if said:
        return said
    report = order.obr.text(25).upper() if order.obr else ""
    return {"F": "final", "C": "corrected", "P": "preliminary"}.get(report, "unknown")


def _value(line: Line) -> Json:
    value = value_of(line.obx)
    if line.more:
        texts = (each.whole(5) for each in (line.obx, *line.more))
        return {"valueString": "\n".join(texts).strip()}
    absent = _ABSENT_WHEN.get(line.obx.text(11).upper())
    if value or not absent:
        return value
    return {"dataAbsentReason": {"coding": [{"system": _ABSENT, "code": absent}]}}


def _taken(telling: Telling, order: Order) -> str:
    if order.obr is None:
        return ""
    if said := telling.moment(order.obr, 7):
        return said
    return next((at for each in order.specimens if (at := moment(each.text(17)))), "")


def _issued(order: Order, obx: Segment) -> str:
    return instant(obx.text(19)) or (instant(order.obr.text(22)) if order.obr else "")


def _category(order: Order) -> list[Json]:
    section = order.obr.text(24).upper() if order.obr else ""
    code = tables.OBSERVATION_CATEGORY.get(section)
    return [{"coding": [{"system": _CATEGORY, "code": code}]}] if code else []


def _interpretation(obx: Segment) -> list[Json]:
    said: list[Json] = []
    for each in obx.repetitions(8):
        code = each.text(1)
        if code in tables.INTERPRETATION:
            said.append({"coding": [{"system": _INTERPRETATION, "code": code}]})
        elif other := concept(each):
            said.append(other)
    return said


def _performers(obx: Segment) -> list[Json]:
    said = [one for each in obx.repetitions(16) if (one := staff(each))]
    if laboratory := obx.text(23) or obx.text(15, 2) or obx.text(15):
        said.append({"display": laboratory})
    return said


def _notes(notes: Sequence[Segment]) -> list[Json]:
    text = "\n".join(words for each in notes if (words := each.whole(3)))
    return [{"text": text}] if text else []


def _say_report(
    telling: Telling, order: Order, obr: Segment, number: tuple[str, str], ids: list[str]
) -> None:
    notes = _notes(order.notes)
    end = telling.moment(obr, 8)
    start = telling.moment(obr, 7)
    when: Json = {"effectivePeriod": {"start": start, "end": end}} if start and end else {}
    section = obr.text(24)
    telling.say(
        "DiagnosticReport",
        telling.unlike("DiagnosticReport", *number),
        obr.place,
        {
            "identifier": _numbers(obr, order.orc),
            "status": _report_status(order, obr),
            "category": concepts(obr, 24, f"{tables.HL7_TABLE}0074") if section else [],
            "code": concept(obr.first(4)) or {"text": "not named"},
            "subject": telling.subject,
            "encounter": telling.encounter,
            "effectiveDateTime": "" if when else start,
            "issued": instant(obr.text(22)),
            "performer": [said for each in obr.repetitions(32) if (said := staff(each))],
            "specimen": [said for each in order.specimens if (said := _specimen(each))],
            "result": [{"reference": f"Observation/{each}"} for each in ids],
            "conclusion": notes[0]["text"] if notes else "",
            "presentedForm": [
                said
                for line in order.lines
                if line.obx.text(2).upper() in {"ED", "RP"}
                and line.obx.text(11).upper() not in {"D", "W"}
                and (said := attachment(line.obx))
            ],
            **when,
        },
    )


def _report_status(order: Order, obr: Segment) -> str:
    """OBR-25, else what every result agrees on; a report of retracted results is an error too."""
    said = [_status(order, line.obx) for line in order.lines]
    if said and all(status == "entered-in-error" for status in said):
        return "entered-in-error"
    if stated := tables.REPORT_STATUS.get(obr.text(25).upper()):
        return stated
    return said[0] if len(set(said)) == 1 else "unknown"


def _numbers(obr: Segment, orc: Segment | None) -> list[Json]:
    """Placer and filler order numbers."""
    said: list[Json] = []
    for n, kind in ((2, "PLAC"), (3, "FILL")):
        value = obr.text(n) or (orc.text(n) if orc else "")
        if value:
            coding = {"system": coding_system("HL70203"), "code": kind}
            said.append({"type": {"coding": [coding]}, "value": value})
    return said


def _specimen(spm: Segment) -> Json:
    said = concept(spm.first(4))
    words = said.get("text") or next((c.get("display", "") for c in said.get("coding", ())), "")
    return {"display": words} if words else {}
