"""What one statement says of a device, read as far as it can be.

Source: FHIR R4 Device and DeviceUseStatement; UDI carriers as their makers print them.
"""

from typing import Any, cast

from wholerecord.fold.shape import NOT_SAID, Heard, Shape
from wholerecord.fold.texts import coded_in, first_text, first_words, texts_in

_LABELS = {
    "type": "Type",
    "manufacturer": "Maker",
    "model_number": "Model",
    "serial_number": "Serial number",
    "lot_number": "Batch",
    "udi_carrier": "Unique device identifier",
    "expiration_date": "Expires",
    "body_site": "Where",
    "reason_code": "Why",
    "safety": "Safety",
    "note": "Notes",
}


class DeviceSaid(Shape, frozen=True):
    """FHIR Device or DeviceUseStatement."""

    identifier: Any = None
    status: Any = None
    type: Any = None
    device_name: Any = None
    manufacturer: Any = None
    model_number: Any = None
    serial_number: Any = None
    lot_number: Any = None
    udi_carrier: Any = None
    expiration_date: Any = None
    safety: Any = None
    device: Any = None
    body_site: Any = None
    reason_code: Any = None
    recorded_on: Any = None
    timing_date_time: Any = None
    timing_period: Any = None
    note: Any = None

    def heard(self) -> Heard:
        starts = part_of(self.timing_period, "start")
        return self.says(
            next(iter(coded_in(self.type)), NOT_SAID),
            self.name,
            happened=first_text(self.timing_date_time, starts),
            written=first_text(self.recorded_on),
            state=first_text(self.status),
        )

    @property
    def name(self) -> str:
        """What it is called: its own name, else its type, else maker and model; "" if none."""
        own = first_text(*(part_of(one, "name") for one in _each(self.device_name)))
        made_by = " ".join((*texts_in(self.manufacturer), *texts_in(self.model_number)))
        return (
            own or first_words(self.type) or made_by or first_text(part_of(self.device, "display"))
        )

    @property
    def numbers(self) -> set[tuple[str, str]]:
        """What tells one device from all others, each with the system that gave it."""
        found: set[tuple[str, str]] = set()
        for one in _each(self.udi_carrier):
            if carrier := first_text(part_of(one, "carrierHRF"), part_of(one, "deviceIdentifier")):
                found.add(("udi", carrier))
        for one in _each(self.identifier):
            system, value = part_of(one, "system"), part_of(one, "value")
            if isinstance(system, str) and isinstance(value, str) and value:
                found.add((system, value))
        maker, serial = first_text(self.manufacturer), first_text(self.serial_number)
        if maker and serial:
            found.add((f"made by {maker.lower()}", serial.lower()))
        return found

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Everything it says that is read, labelled."""
        return tuple(
            (label, said)
            for field, label in _LABELS.items()
            if (said := "; ".join(dict.fromkeys(_words(field, getattr(self, field)))))
        )


def _words(field: str, said: Any) -> list[str]:
    if field == "udi_carrier":
        return [
            first_text(part_of(one, "carrierHRF"), part_of(one, "deviceIdentifier"))
            for one in _each(said)
        ]
    return list(texts_in(said))


def _each(said: Any) -> list[Any]:
    return cast("list[Any]", said) if isinstance(said, list) else []


def part_of(said: Any, name: str) -> Any:
    """A field of an object, None where there is none."""
    return cast("dict[str, Any]", said).get(name) if isinstance(said, dict) else None
