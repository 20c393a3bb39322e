"""A record's measurements by test, in one pass."""

from collections.abc import Iterable, Mapping, Sequence

from wholerecord.fold import Entry, Kind, Measure, Once, Record, by_kind


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


def _tests(record: Record) -> Mapping[Kind, Sequence[Sequence[Entry]]]:
    kinds = by_kind(record)
    return {kind: by_test(kinds[kind]) for kind in (Kind.RESULT, Kind.OBSERVATION)}


#: The results and the observations of a record by test, as `by_test` gives them.
tests_of = Once(_tests).of
