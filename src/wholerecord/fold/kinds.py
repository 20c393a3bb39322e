"""A record's entries by kind, in one pass."""

from collections.abc import Mapping, Sequence

from wholerecord.fold.once import Once
from wholerecord.fold.record import Entry, Kind, Record

Kinds = Mapping[Kind, Sequence[Entry]]


def _by_kind(record: Record) -> Kinds:
    kinds: dict[Kind, list[Entry]] = {kind: [] for kind in Kind}
    adds = {id(kind): each.append for kind, each in kinds.items()}  # an Enum's own hash is slow
    for entry in record.entries:
        adds[id(entry.kind)](entry)
    return kinds


#: The entries of every kind, in the record's order (newest first), none left out.
by_kind = Once(_by_kind).of
