"""What of a record an actor may see: the place where everything leaves by.

What is withheld by its label was taken out before the fold (`withhold`); here goes what the view's
kinds leave out, and where a restricted person lives.
"""

from msgspec.structs import replace

from wholerecord.access.marks import marks_of
from wholerecord.access.opening import Verdict
from wholerecord.access.whereabouts import who_unplaced
from wholerecord.fold import Entry, Negative, Record


def narrow(record: Record, verdict: Verdict, *, restricted: bool) -> tuple[Record, int]:
    """The record without the kinds the verdict leaves out, and how many entries that took out.

    An entry's `said_by` is never trimmed: it is shown whole or not at all. Of a `restricted` person
    nothing says where they live.
    """
    kinds = verdict.kinds
    if restricted and record.who:
        record = replace(record, who=who_unplaced(record.who))
    shown = (
        tuple(entry for entry in record.entries if may_be_seen(entry, verdict))
        if kinds
        else record.entries
    )
    withheld = len(record.entries) - len(shown)
    if withheld:
        record = replace(record, entries=shown)
    if kinds:
        record = replace(
            record,
            negatives=tuple(one for one in record.negatives if one.kind.value in kinds),
            superseded=(),
            parked=(),
        )
    return record, withheld


def may_be_seen(one: Entry | Negative, verdict: Verdict) -> bool:
    """Whether the verdict shows it: of a kind for its role, with nothing withheld."""
    if verdict.kinds and one.kind.value not in verdict.kinds:
        return False
    return not marks_of(verdict.withheld).withholds(one)
