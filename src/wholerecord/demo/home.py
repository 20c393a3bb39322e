"""Devices people have at home: JSON from the maker's cloud, one device's readings at a time."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from wholerecord.demo.coding import Json
from wholerecord.demo.delivery import Delivery
from wholerecord.demo.happening import DeviceReadings, Result, Told
from wholerecord.demo.human import Known
from wholerecord.demo.r4.voice import moment, written
from wholerecord.demo.tables import value
from wholerecord.record import Source

SOURCE = Source(
    name="hearth-home-devices",
    controller="8HK90",
    title="Hearth home monitoring",
    setting="home",
    expected=timedelta(days=3),
)

#: What the maker's app writes, where it is not UCUM.
_UNITS = {"heart-rate": "bpm"}


def deliveries(told: Iterable[Told]) -> Iterator[Delivery]:
    """One message for each sending, at the time of its last reading."""
    in_order = sorted(told, key=lambda one: (one.what.at, one.what.id))
    for n, one in enumerate(in_order, start=1):
        if isinstance(one.what, DeviceReadings):
            yield Delivery(
                source=SOURCE.name,
                door="post",
                name=f"home readings {n}",
                body=written(_message(one.who, one.what)),
                sent=one.what.at + timedelta(minutes=4),
            )


def _message(who: Known, what: DeviceReadings) -> Json:
    return {
        "device": {
            "make": "Hearth",
            "model": what.device.capitalize(),
            "serial": f"H{who.number.upper()}{len(what.device):02d}",
            "validated": True,
        },
        "person": {
            "id": who.number,
            "nhs_number": who.said_nhs_number,
            "family": who.said_family,
            "given": who.said_given[0],
            "born": who.said_born.isoformat(),
        },
        "readings": [
            _reading(result, f"{what.id}-{place}")
            for place, result in enumerate(what.results, start=1)
        ],
    }


def _reading(result: Result, own_id: str) -> Json:
    said: Json = {"type": result.measure, "id": own_id}
    if result.at:
        said["at"] = moment(result.at)
    if result.parts:
        return said | {part: int(number) for part, number in result.parts}
    unit = _UNITS.get(result.measure) or value("measures")[result.measure]["unit"]
    return said | {"value": Decimal(result.value), "unit": unit}
