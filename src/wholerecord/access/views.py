"""What of a record each view is for. A look shows what it was written down as, and no more."""

from msgspec.structs import replace

from wholerecord.access.whereabouts import who_in_outline
from wholerecord.consent import View
from wholerecord.fold import Entry, Record

#: Views of who somebody is. RULING is what those who join and unlink look at.
OF_WHO = frozenset({View.FIND, View.DEMOGRAPHICS, View.RULING, View.RECORD, View.PROVENANCE})


def for_view(record: Record, view: View, part: str) -> Record:
    """What of `record` the view is for.

    RECORD: all of it. PROVENANCE: the entries of the kind of the one with the key `part`, which it
    may be joined with. DEMOGRAPHICS and RULING: who the person is. FIND: the same, with the
    postcode alone of where they live. Any other: nothing, for what it shows has its own function.
    """
    if view is View.RECORD:
        return record
    if view is View.PROVENANCE:
        return replace(record, entries=_alike(record, part), superseded=(), parked=())
    who = record.who if view in OF_WHO else None
    if who and view is View.FIND:
        who = who_in_outline(who)
    return replace(record, who=who, entries=(), negatives=(), superseded=(), parked=())


def _alike(record: Record, key: str) -> tuple[Entry, ...]:
    kind = next((entry.kind for entry in record.entries if entry.key == key), None)
    return record.of(kind) if kind else ()
