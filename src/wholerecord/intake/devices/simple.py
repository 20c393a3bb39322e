"""Our own JSON for readings from home, for a maker of devices or apps to send.

    {"device": {"make": "Acme", "model": "BP 2", "serial": "123", "validated": true},
     "person": {"id": "p-77", "nhs_number": "9990000018"},
     "readings": [
       {"type": "blood-pressure", "systolic": 142, "diastolic": 88, "pulse": 72,
        "at": "2026-03-02T08:00:00Z", "id": "r-1", "note": "after resting"},
       {"type": "body-weight", "value": 71.40, "unit": "kg", "at": "2026-03-02T08:05:00Z"}]}

`person` needs one of `id` (the sender's own number for them) and `nhs_number`; it may add `family`,
`given` and `born`. `type` is one of `kinds`. `at` is a date and time with a zone.
"""

from collections.abc import Iterator
from typing import Any

from wholerecord.intake.devices.declared import Declared
from wholerecord.intake.devices.kinds import KINDS, PRESSURE, Kind, kind_called
from wholerecord.intake.devices.measured import (
    BadReading,
    Circumstances,
    moment,
    of_body,
    pressure,
    quantity,
    single,
)
from wholerecord.intake.devices.person import Person
from wholerecord.intake.fhir.shape import Object, an_object, is_array, is_object, text
from wholerecord.intake.reading import Fault, Reason

_SAID_ELSEWHERE = frozenset(
    {"type", "at", "id", "unit", "value", "systolic", "diastolic", "pulse", "note"}
)


def is_simple(message: Object) -> bool:
    """Whether a JSON object is one of these messages."""
    return "readings" in message and ("person" in message or "device" in message)


def readings_of(
    message: Object, person: Person, said: Declared
) -> Iterator[tuple[str, Object] | Fault]:
    """Each reading's Observations with their place, or the fault of that reading."""
    readings = message.get("readings")
    if not is_array(readings):
        yield Fault(reason=Reason.BAD_VALUE, place="readings", detail="expected an array")
        return
    device = an_object(message.get("device"))
    if not isinstance(device.get("validated"), bool):
        called = " ".join(filter(None, (text(device.get("make")), text(device.get("model")))))
        device = {**device, "validated": said.is_validated(called)}
    for n, reading in enumerate(readings):
        place = f"readings[{n}]"
        if not is_object(reading):
            yield Fault(reason=Reason.BAD_VALUE, place=place, detail="expected an object")
            continue
        try:
            made = _read(reading, device, person)
        except BadReading as error:
            yield Fault(reason=Reason.BAD_VALUE, place=place, detail=str(error))
            continue
        if made is None:
            name = text(reading.get("type"))[:40] or "without a type"
            yield Fault(reason=Reason.NOT_READ_YET, place=place, detail=f"reading {name}")
            continue
        for one in made:
            yield place, one


def device_of(message: Object) -> Object:
    """The Device resource of a message, empty when it names none."""
    device = an_object(message.get("device"))
    make, model, serial = (text(device.get(part)) for part in ("make", "model", "serial"))
    if not (make or model or serial):
        return {}
    validated = device.get("validated")
    said = {True: "validated", False: "not validated"}
    made: Object = {
        "resourceType": "Device",
        "status": "active",
        "manufacturer": make,
        "modelNumber": model,
        "serialNumber": serial,
        "note": [{"text": said[validated]}] if isinstance(validated, bool) else [],
    }
    return {name: part for name, part in made.items() if part}


def _read(reading: Object, device: Object, person: Person) -> list[Object] | None:
    """The Observations of one reading; None for a type that is not known."""
    name = text(reading.get("type"))
    kind = kind_called(name)
    if kind is None and name != "blood-pressure":
        return None
    of = _circumstances(reading, device, person)
    unit = text(reading.get("unit"))
    if kind is None:
        made = [
            pressure(
                quantity(PRESSURE, reading.get("systolic"), unit, "systolic"),
                quantity(PRESSURE, reading.get("diastolic"), unit, "diastolic"),
                of,
            )
        ]
        if "pulse" in reading:
            made.append(_pulse(KINDS["heart-rate"], reading["pulse"], reading, device, person))
        return made
    return [single(kind, of_body(kind, "value", reading.get("value"), unit), of)]


def _pulse(kind: Kind, value: Any, reading: Object, device: Object, person: Person) -> Object:
    """The pulse a blood pressure monitor counts: an Observation beside the pressure."""
    own = text(reading.get("id"))
    of = _circumstances({**reading, "id": f"{own}-pulse" if own else ""}, device, person)
    return single(kind, quantity(kind, value, "", "pulse"), of)


def _circumstances(reading: Object, device: Object, person: Person) -> Circumstances:
    notes = [text(reading.get("note"))]
    for name, said in reading.items():
        if name not in _SAID_ELSEWHERE and isinstance(said, str):
            notes.append(f"{name.replace('_', ' ')}: {said}")
    validated = device.get("validated")
    called = (text(device.get("make")), text(device.get("model")))
    return Circumstances(
        patient=person.id,
        start=moment(reading.get("at"), "at"),
        own_id=text(reading.get("id")),
        device=" ".join(part for part in called if part),
        validated=validated if isinstance(validated, bool) else None,
        notes=tuple(note for note in notes if note),
    )
