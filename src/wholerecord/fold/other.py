"""Everything else: listed as it was said, so that nothing is dropped."""

from wholerecord.fold.entry import singly
from wholerecord.fold.plain import plain_entry
from wholerecord.fold.record import Entry, Kind
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way


def gather(told: list[Told[Shape]], _around: Around) -> list[Group[Shape]]:
    """Each statement apart."""
    return singly(told)


def make(group: Group[Shape], _around: Around) -> Entry:
    """One statement."""
    return plain_entry(group, Kind.OTHER, group.told[0].said.kind)


WAY: Way[Shape] = Way(Kind.OTHER, gather, make)
