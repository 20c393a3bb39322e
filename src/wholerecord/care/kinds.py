"""A record's entries by kind, and measurements by test, each in one pass."""

from collections.abc import Iterable, Mapping

from wholerecord.fold import Entry, Kind, Measure, Record

Kinds = Mapping[Kind, list[Entry]]


def by_kind(record: Record) -> Kinds:
    """The entries of every kind, in the record's order (newest first), none left out."""
    kinds: dict[Kind, list[Entry]] = {kind: [] for kind in Kind}
    last, add = Kind.OTHER, kinds[Kind.OTHER].append
    for entry in record.entries:
        if entry.kind is not last:  # long runs are of one kind: a person's ten thousand readings
            last, add = entry.kind, kinds[entry.kind].append
        add(entry)
    return kinds


def by_test(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries of each test together, newest first; tests by their newest entry.

    The order given (newest first) is the order kept.
    """
    tests: dict[object, list[Entry]] = {}
    for entry in entries:
        if isinstance(entry.detail, Measure):
            code = entry.code
            test = (code.system, code.code) if code else entry.title
            tests.setdefault(test, []).append(entry)
    return list(tests.values())
