"""Search by nearness: `Location?near=53.8|-1.55|10|km`. Source: FHIR R4, Location, "near"."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from math import asin, cos, radians, sin, sqrt
from typing import Any, NamedTuple

from wholerecord.fhir.search.around import Around, Unreadable
from wholerecord.fhir.search.path import Element
from wholerecord.terms.units import convert

_EARTH_KM = 6371.0
_DEFAULT_KM = 50.0


class Asked(NamedTuple):
    """A place in degrees, and how near in kilometres."""

    latitude: float
    longitude: float
    km: float


def read(written: str, _modifier: str, _around: Around) -> Asked:
    """What a value asks for: latitude|longitude, then perhaps |distance|unit.

    Raises:
        Unreadable: it is no place.
    """
    parts = written.split("|")
    try:
        latitude, longitude = (float(part) for part in parts[:2])
        km = _km(parts[2:])
    except (ValueError, InvalidOperation):
        raise Unreadable("give latitude|longitude, then perhaps |distance|unit") from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180 and 0 <= km < 1e6):
        raise Unreadable("not a latitude, a longitude and a distance")
    return Asked(latitude, longitude, km)


def _km(parts: list[str]) -> float:
    if not parts or not parts[0]:
        return _DEFAULT_KM
    unit = parts[1] if len(parts) > 1 and parts[1] else "km"
    converted = convert(Decimal(parts[0]), unit, "km")
    if converted is None:
        raise ValueError(unit)
    return float(converted.value)


def held(element: Element) -> Iterator[tuple[float, float]]:
    """The latitude and longitude of a position, in degrees."""
    said: list[Any] = [element.value.get(name) for name in ("latitude", "longitude")]
    if all(isinstance(one, (int, float, Decimal)) for one in said):
        yield float(said[0]), float(said[1])


def fits(asked: Asked, place: tuple[float, float]) -> bool:
    """Whether a place is as near as is asked for, over the ground (haversine)."""
    north, east = map(radians, place)
    latitude, longitude = radians(asked.latitude), radians(asked.longitude)
    half = (
        sin((north - latitude) / 2) ** 2
        + cos(north) * cos(latitude) * sin((east - longitude) / 2) ** 2
    )
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half))) <= asked.km
