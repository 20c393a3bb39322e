"""A reading from a home device as a FHIR R4 Observation.

Source: FHIR R4 vital signs. `method` says that the patient measured it, and whether the device is
one that has been validated: a clinician weighs the two differently.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wholerecord.intake.devices.by_day import Day, components
from wholerecord.intake.devices.kinds import DIASTOLIC, PRESSURE, SYSTOLIC, Kind
from wholerecord.intake.fhir.ids import id_by_content, id_from
from wholerecord.intake.fhir.shape import an_object, text
from wholerecord.nhs import PartialDate

METHOD = "https://wholerecord.example/CodeSystem/method"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_UCUM = "http://unitsofmeasure.org"

#: Digits before and after the point that no measurement needs.
_DIGITS = 30

Quantity = dict[str, Any]


class BadReading(ValueError):
    """A reading has no number, unit or time that can be read. Says the element, never the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is the same for any kind of reading: whose, when, by what, and what else was said."""

    patient: str
    start: str
    end: str = ""
    own_id: str = ""
    recorded: str = ""
    device: str = ""
    validated: bool | None = None
    said_of_value: str = ""
    notes: tuple[str, ...] = ()


def quantity(kind: Kind, value: Any, unit: str, element: str) -> Quantity:
    """The FHIR Quantity of a number and a unit.

    Raises:
        BadReading: not a number, or not a unit of this kind.
    """
    value = number(value, element)
    said = unit or kind.only_unit
    if not said:
        raise BadReading(f"{element}: needs a unit")
    if said not in kind.units:
        raise BadReading(f"{element}: a unit that is not read for it")
    return {"value": value, "unit": said, "system": _UCUM, "code": kind.units[said]}


def number(value: Any, element: str) -> int | Decimal:
    """A number that could be a measurement's.

    Raises:
        BadReading: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not _sane(value):
        raise BadReading(f"{element}: not a number")
    return value


def _sane(value: int | Decimal) -> bool:
    """Whether it has no more digits, and is no larger or smaller, than anything measured."""
    if isinstance(value, int):
        return abs(value) < 10**_DIGITS
    _, digits, exponent = value.as_tuple()
    return len(digits) <= _DIGITS and isinstance(exponent, int) and abs(exponent) <= _DIGITS


def of_body(kind: Kind, element: str, said: Any, unit: str = "") -> Quantity:
    """The same of a bare number, or of an object with `value` and `unit`.

    Raises:
        BadReading: as `quantity`.
    """
    held = an_object(said)
    if held:
        return quantity(kind, held.get("value"), text(held.get("unit")), element)
    return quantity(kind, said, unit, element)


def moment(said: Any, element: str) -> str:
    """A FHIR dateTime to the minute, as said.

    Raises:
        BadReading: it is not one.
    """
    if isinstance(said, str):
        read = PartialDate.parse(said)
        if read and read.precision == "moment":
            return said
    raise BadReading(f"{element}: not a date and time")


def single(kind: Kind, value: Quantity, of: Circumstances) -> dict[str, Any]:
    """The Observation of one value."""
    return _observation(kind, of, value["code"], {"valueQuantity": value})


def pressure(systolic: Quantity, diastolic: Quantity, of: Circumstances) -> dict[str, Any]:
    """The Observation of a blood pressure, with its two components."""
    parts = [
        {"code": _code(part, value["code"]), "valueQuantity": value}
        for part, value in ((SYSTOLIC, systolic), (DIASTOLIC, diastolic))
    ]
    return _observation(PRESSURE, of, "", {"component": parts})


def worded(
    kind: Kind, words: str, parts: Sequence[tuple[Kind, Quantity]], of: Circumstances
) -> dict[str, Any]:
    """The Observation of something said in words, with what was measured of it beside."""
    beside = [{"code": _code(part, value["code"]), "valueQuantity": value} for part, value in parts]
    return _observation(kind, of, "", {"valueString": words, "component": beside})


def summary(kind: Kind, day: Day, value: Quantity, of: Circumstances) -> dict[str, Any]:
    """The Observation of a day's readings; `value` is any of them, for its unit."""
    unit = {name: said for name, said in value.items() if name != "value"}
    parts = components(day, unit, summed=kind.summed)
    return _observation(kind, of, value["code"], {"component": parts})


def _observation(kind: Kind, of: Circumstances, unit: str, value: dict[str, Any]) -> dict[str, Any]:
    when = (
        {"effectivePeriod": {"start": of.start, "end": of.end}}
        if of.end
        else {"effectiveDateTime": of.start}
    )
    made: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": _CATEGORY, "code": kind.group}]}],
        "code": _code(kind, unit, of.said_of_value),
        "subject": {"reference": f"Patient/{of.patient}"},
        "performer": [{"reference": f"Patient/{of.patient}"}],
        **when,
        **value,
        "method": method(of.validated),
        "note": [{"text": note} for note in of.notes],
        "device": {"display": of.device} if of.device else {},
        "meta": {"lastUpdated": of.recorded} if of.recorded else {},
    }
    said = {name: part for name, part in made.items() if part}
    return {**said, "id": id_from(of.own_id) if of.own_id else id_by_content(said)}


def _code(kind: Kind, unit: str, said_of_value: str = "") -> dict[str, Any]:
    code = kind.by_unit.get(unit, kind.code)
    every = ((code, kind.display), *kind.also)
    words = f"{kind.display} ({said_of_value})" if said_of_value else kind.display
    return {
        "coding": [{"system": kind.system, "code": one, "display": shown} for one, shown in every],
        "text": words,
    }


def method(validated: bool | None) -> dict[str, Any]:  # noqa: FBT001 - one of three, not a switch
    """The method of a reading the patient took; None where nobody says if the device is good."""
    said = {True: ", on a validated device", False: ", on a device that is not validated"}
    measured_on = said[validated] if validated is not None else ""
    return {
        "coding": [{"system": METHOD, "code": "patient-measured"}],
        "text": f"patient measured{measured_on}",
    }
