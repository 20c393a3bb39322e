"""Devices: one entry for one device, the device and its use by a person together.

Statements are of one device when they share its unique device identifier, or a number of its
maker's or owner's; a use joins the device that it refers to. Source: FHIR R4 Device and
DeviceUseStatement.
"""

from wholerecord.fold.device_said import DeviceSaid, part_of
from wholerecord.fold.entry import made
from wholerecord.fold.plain import STATUSES
from wholerecord.fold.record import Entry, Kind, Plain
from wholerecord.fold.texts import first_text
from wholerecord.fold.told import Around, Group, Key, Told, Way, in_order, newest_first
from wholerecord.nhs import PartialDate


def gather(told: list[Told[DeviceSaid]], around: Around) -> list[Group[DeviceSaid]]:
    """Groups that are one device."""
    groups: list[Group[DeviceSaid]] = []
    by_number: dict[tuple[str, str], Group[DeviceSaid]] = {}
    where: dict[Key, Group[DeviceSaid]] = {}
    ordered = in_order(told)
    for one in (*_of(ordered, "Device"), *_of(ordered, "DeviceUseStatement")):
        numbers = sorted(one.body.numbers)
        used = _used(one, around)
        group = where.get(used) if used else None
        group = group or next((by_number[n] for n in numbers if n in by_number), None)
        if group is None:
            group = Group([one], "One statement.")
            groups.append(group)
        else:
            group.add(one, "The same device: same number, or the one whose use is told.")
        where[one.key] = group
        for number in numbers:
            by_number.setdefault(number, group)
    return groups


def _of(told: list[Told[DeviceSaid]], kind: str) -> list[Told[DeviceSaid]]:
    return [one for one in told if one.said.kind == kind]


def _used(one: Told[DeviceSaid], around: Around) -> Key | None:
    reference = part_of(one.body.device, "reference")
    found = around.find(one, reference) if isinstance(reference, str) else None
    return found.key if found else None


def make(group: Group[DeviceSaid], _around: Around) -> Entry:
    """One device."""
    each = newest_first(group.told)
    uses = [one for one in each if one.said.kind == "DeviceUseStatement"]
    best = (uses or each)[0]
    title = next((one.body.name for one in each if one.body.name), "")
    ends = first_text(*(part_of(one.body.timing_period, "end") for one in uses))
    return made(
        group,
        Kind.OTHER,
        title=f"Device: {title}" if title else "Device",
        code=next((one.said.codes[0] for one in each if one.said.codes), None),
        when=best.at,
        until=PartialDate.parse(ends),
        status=STATUSES.get(best.said.status, "unknown"),
        detail=Plain(lines=tuple(dict.fromkeys(line for one in each for line in one.body.lines))),
    )


WAY: Way[DeviceSaid] = Way(Kind.OTHER, gather, make)
