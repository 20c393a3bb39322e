"""The team: who is involved, professionals and family, each once per identifier.

Source: FHIR R4 CareTeam, Practitioner, PractitionerRole, Organization, RelatedPerson.
"""

from typing import Any, cast

from wholerecord.fold.plain import plain_entry
from wholerecord.fold.plain_said import PlainSaid
from wholerecord.fold.record import Entry, Kind
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way

TYPES = frozenset({"CareTeam", "Practitioner", "PractitionerRole", "Organization", "RelatedPerson"})


def gather(told: list[Told[Shape]], _around: Around) -> list[Group[Shape]]:
    """Statements of one type that share an identifier with a system are of one member."""
    groups: list[Group[Shape]] = []
    by_number: dict[tuple[str, str, str], Group[Shape]] = {}
    for one in sorted(told, key=lambda one: one.order):
        numbers = _numbers(one)
        group = next((by_number[number] for number in numbers if number in by_number), None)
        if group is None:
            group = Group([one], "One statement.")
            groups.append(group)
        else:
            group.told.append(one)
            group.why = "Same identifier."
        for number in numbers:
            by_number.setdefault(number, group)
    return groups


def _numbers(one: Told[Shape]) -> list[tuple[str, str, str]]:
    said: Any = one.body.identifier if isinstance(one.body, PlainSaid) else None
    found: list[tuple[str, str, str]] = []
    for identifier in cast("list[Any]", said) if isinstance(said, list) else []:
        number = cast("dict[str, Any]", identifier) if isinstance(identifier, dict) else {}
        system, value = number.get("system"), number.get("value")
        if isinstance(system, str) and isinstance(value, str):
            found.append((one.said.kind, system, value))
    return found


def make(group: Group[Shape], _around: Around) -> Entry:
    """One member of the team."""
    return plain_entry(group, Kind.TEAM, group.told[0].said.kind)


WAY: Way[Shape] = Way(Kind.TEAM, gather, make)
