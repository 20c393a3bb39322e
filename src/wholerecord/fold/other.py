"""Everything else: listed as it was said, so that nothing is dropped."""

from msgspec import structs

from wholerecord.fold.entry import singly
from wholerecord.fold.names import type_name
from wholerecord.fold.plain import plain_entry
from wholerecord.fold.record import Entry, Kind
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way

#: Types that are not care themselves: what was sent, in what, from where, of which tissue.
SUPPORTING = frozenset(
    {
        *("MessageHeader", "OperationOutcome", "Provenance", "AuditEvent"),
        *("Specimen", "Location", "List"),
    }
)


def gather(told: list[Told[Shape]], _around: Around) -> list[Group[Shape]]:
    """Each statement apart."""
    return singly(told)


def make(group: Group[Shape], _around: Around) -> Entry:
    """One statement; of those that support others, its type named first in words."""
    kind = group.told[0].said.kind
    entry = plain_entry(group, Kind.OTHER, type_name(kind))
    if kind in SUPPORTING and group.told[0].said.words:
        return structs.replace(entry, title=f"{type_name(kind)}: {entry.title}")
    return entry


WAY: Way[Shape] = Way(Kind.OTHER, gather, make)
