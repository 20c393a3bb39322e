"""A record's entries by kind, in one pass."""

from collections.abc import Mapping

from wholerecord.fold import Entry, Kind, Record

Kinds = Mapping[Kind, list[Entry]]


def by_kind(record: Record) -> Kinds:
    """The entries of every kind, in the record's order (newest first), none left out."""
    kinds: dict[Kind, list[Entry]] = {kind: [] for kind in Kind}
    for entry in record.entries:
        kinds[entry.kind].append(entry)
    return kinds
