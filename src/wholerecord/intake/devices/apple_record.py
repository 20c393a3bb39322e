"""One record of an Apple Health export, and what a series of them says.

Times are as the export writes them, with their zone: the day of a reading is the wearer's own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from wholerecord.intake.devices.apple_types import (
    ASLEEP,
    AWAKE,
    DURATION,
    FRACTIONS,
    QUANTITY,
    kind_of,
    spaced,
)
from wholerecord.intake.devices.by_day import MANY, Day
from wholerecord.intake.devices.declared import Declared
from wholerecord.intake.devices.kinds import ACTIVITY, Kind
from wholerecord.intake.devices.measured import Circumstances, single, summary, worded
from wholerecord.intake.markup import Element
from wholerecord.nhs import PartialDate
from wholerecord.remembered import recalls

_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d):?(\d\d)")
_DEVICE = re.compile(r"\b(name|manufacturer|model):([^,>]{1,60})")
#: More digits than any reading has: a number like `1e999999999` is not one.
_LONGEST = 30
_HUNDREDTH = Decimal("0.01")
_ENTERED = "HKWasUserEntered"


class BadRecord(ValueError):
    """A record has no number or time that can be read. Says the type and attribute alone."""


@dataclass(frozen=True, slots=True)
class Record:
    """A reading. `series` is what it is one of: type, day, source, device, unit."""

    kind: Kind
    series: tuple[str, ...]
    value: Decimal
    unit: str
    start: str
    end: str
    recorded: str
    device: str
    entered: bool
    place: str


def record_of(element: Element, place: str) -> Record:
    """The reading of a quantity.

    Raises:
        BadRecord: as it says.
    """
    identifier, unit = element.get("type", ""), element.get("unit", "")
    value = _number(element.get("value", ""), identifier, "value")
    if identifier in FRACTIONS and unit == "%":
        value = value.scaleb(2)
        value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    kind, ucum = kind_of(identifier, unit)
    return _record(element, place, kind, value, ucum)


def sleep_of(element: Element, place: str) -> Record | None:
    """The minutes of a stretch of sleep; None for lying awake.

    Raises:
        BadRecord: as it says.
    """
    if element.get("value") in AWAKE:
        return None
    fell, woke = (PartialDate.parse(_time(element, name)) for name in ("startDate", "endDate"))
    slept = int((woke.start - fell.start).total_seconds()) if fell and woke else -1
    if slept < 0:
        raise BadRecord("SleepAnalysis endDate: before its start")
    minutes = (Decimal(slept) / 60).quantize(_HUNDREDTH)
    return _record(element, place, ASLEEP, minutes, "min")


def workout_of(element: Element, patient: str, said: Declared) -> dict[str, Any]:
    """The Observation of a workout: what it was, and for how long.

    Raises:
        BadRecord: as it says.
    """
    activity = element.get("workoutActivityType", "").removeprefix("HKWorkoutActivityType")
    minutes = _number(element.get("duration", ""), "Workout", "duration")
    record = _record(element, "", DURATION, minutes, element.get("durationUnit", "min"))
    of = _circumstances(record, patient, said, f"workout|{activity}|{record.start}|{record.end}")
    return worded(ACTIVITY, spaced(activity) or "Other", [(DURATION, _quantity(record))], of)


def observations(
    records: Sequence[Record], patient: str, said: Declared
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, Observation) of a series on one day: of each reading, or of the day.

    Equal records are one: what stands in a correlation stands beside it too.
    """
    first = records[0]
    different = {(one.start, one.end, one.value): one for one in records}
    if not first.kind.summed and len(different) <= MANY:
        for one in different.values():
            own = "|".join((*one.series, one.start, one.end, str(one.value)))
            yield (
                one.place,
                single(one.kind, _quantity(one), _circumstances(one, patient, said, own)),
            )
        return
    day = Day()
    for one in different.values():
        day.add(one.value, one.start, one.end, one.recorded)
    own = "|".join(("day", *first.series, day.first))
    of = _circumstances(first, patient, said, own, day)
    yield f"{first.place} to {records[-1].place}", summary(first.kind, day, _quantity(first), of)


def _record(element: Element, place: str, kind: Kind, value: Decimal, unit: str) -> Record:
    start = _time(element, "startDate")
    end = _time(element, "endDate") if element.get("endDate") else start
    recorded = _time(element, "creationDate") if element.get("creationDate") else ""
    source, device = element.get("sourceName", "")[:120], _device(element.get("device", ""))
    entered = len(element) > 0 and any(
        one.get("key") == _ENTERED and one.get("value") == "1"
        for one in element.iterchildren("MetadataEntry")
    )
    what = element.get("type") or element.tag
    return Record(
        kind,
        (what, start[:10], source, device, unit, str(entered)),
        value,
        unit,
        start,
        end,
        recorded,
        device or source,
        entered,
        place,
    )


@recalls(most=256)
def _device(described: str) -> str:
    """Maker and model out of `<<HKDevice: …, manufacturer:Acme, model:W2, …>`."""
    said = dict(_DEVICE.findall(described[:2000]))
    called = (said.get("manufacturer", ""), said.get("model", "") or said.get("name", ""))
    return " ".join(part.strip() for part in called if part.strip())


def _circumstances(
    record: Record, patient: str, said: Declared, own: str, day: Day | None = None
) -> Circumstances:
    start, end = (day.first, day.last) if day else (record.start, record.end)
    source = record.series[2]
    notes = [f"source: {source}"] if source and source != record.device else []
    if record.entered:
        notes.append("entered by hand")
    return Circumstances(
        patient=patient,
        start=start,
        end=end if end > start else "",
        own_id=sha256(own.encode()).hexdigest()[:32],
        recorded=day.recorded if day else record.recorded,
        device=record.device,
        validated=None if record.entered else said.is_validated(record.device),
        said_of_value="by day" if day else "",
        notes=tuple(notes),
    )


def _quantity(record: Record) -> dict[str, Any]:
    return {
        "value": record.value,
        "unit": record.unit,
        "system": "http://unitsofmeasure.org",
        "code": record.unit,
    }


def _number(said: str, what: str, attribute: str) -> Decimal:
    try:
        number = Decimal(said) if len(said) <= _LONGEST else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        raise BadRecord(f"{_short(what)} {attribute}: not a number")
    return number


def _time(element: Element, attribute: str) -> str:
    """A FHIR dateTime."""
    made = _moment(element.get(attribute, ""))
    if made:
        return made
    what = element.get("type") or element.tag
    raise BadRecord(f"{_short(what)} {attribute}: not a date and time")


@recalls(most=1024)
def _moment(said: str) -> str:
    """`2026-03-02 08:00:00 +0000` as FHIR writes it; "" where it is none."""
    found = _TIME.fullmatch(said)
    made = f"{found[1]}T{found[2]}{found[3]}:{found[4]}" if found else ""
    return made if PartialDate.parse(made) else ""


def _short(what: str) -> str:
    return what.removeprefix(QUANTITY)[:60]
