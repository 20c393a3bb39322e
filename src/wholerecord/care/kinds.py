"""A record's entries by kind, and measurements by test, each in one pass."""

from collections.abc import Iterable, Mapping

from wholerecord.fold import Entry, Kind, Measure, Record

Kinds = Mapping[Kind, list[Entry]]


def by_kind(record: Record) -> Kinds:
    """The entries of every kind, in the record's order (newest first), none left out."""
    kinds: dict[Kind, list[Entry]] = {kind: [] for kind in Kind}
    adds = {id(kind): each.append for kind, each in kinds.items()}  # an Enum's own hash is slow
    for entry in record.entries:
        adds[id(entry.kind)](entry)
    return kinds


def by_test(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries of each test together, newest first; tests by their newest entry.

    The order given (newest first) is the order kept.
    """
    tests: dict[object, list[Entry]] = {}
    same: dict[int, list[Entry]] = {}  # by the code itself: thousands of entries share one
    for entry in entries:
        if isinstance(entry.detail, Measure):
            code = entry.code
            if (test := same.get(id(code))) is None:
                named = (code.system, code.code) if code else entry.title
                test = tests.setdefault(named, [])
                if code is not None:
                    same[id(code)] = test
            test.append(entry)
    return list(tests.values())
