"""What of a record an actor may see: the place where everything leaves by."""

from wholerecord.access.opening import Verdict
from wholerecord.fold import Entry, Record


def narrow(record: Record, verdict: Verdict) -> tuple[Record, int]:
    """The record without what the verdict withholds, and how many entries that took out.

    Only entries are taken out; the record's sum (`statements`) stays, so that what is withheld
    can be counted. An entry's `said_by` is never trimmed: it is shown whole or not at all.
    """
    shown = tuple(entry for entry in record.entries if _may_be_seen(entry, verdict))
    withheld = len(record.entries) - len(shown)
    if not withheld and not verdict.kinds:
        return record, 0
    kinds = verdict.kinds
    return (
        Record(
            t=record.t,
            who=record.who,
            entries=shown,
            negatives=tuple(n for n in record.negatives if not kinds or n.kind.value in kinds),
            superseded=() if kinds or verdict.withheld else record.superseded,
            parked=() if kinds or verdict.withheld else record.parked,
            statements=record.statements,
            policy=record.policy,
        ),
        withheld,
    )


def _may_be_seen(entry: Entry, verdict: Verdict) -> bool:
    if verdict.kinds and entry.kind.value not in verdict.kinds:
        return False
    return verdict.withheld.isdisjoint(entry.labels)
