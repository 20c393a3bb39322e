"""What of a record an actor may see: the place where everything leaves by."""

from wholerecord.access.opening import Verdict
from wholerecord.fold import Entry, Record
from wholerecord.record import PatientId

#: What all versions of a statement share: patient, type and id.
StatementKey = tuple[PatientId, str, str]


def narrow(
    record: Record, verdict: Verdict, hidden: frozenset[StatementKey] = frozenset()
) -> tuple[Record, int]:
    """The record without what the verdict withholds, and how many entries that took out.

    Entries with a `hidden` statement are taken out too. Only entries are taken out; the record's
    sum (`statements`) stays, so that what is withheld can be counted. An entry's `said_by` is
    never trimmed: it is shown whole or not at all.
    """
    if not hidden and not verdict.kinds and verdict.withheld.isdisjoint(record.labels):
        return record, 0  # without a walk over the thousands of entries of a long record
    shown = tuple(
        entry
        for entry in record.entries
        if _may_be_seen(entry, verdict) and hidden.isdisjoint(_keys(entry))
    )
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
            labels=frozenset[str]().union(*(entry.labels for entry in shown)),
            policy=record.policy,
        ),
        withheld,
    )


def _may_be_seen(entry: Entry, verdict: Verdict) -> bool:
    if verdict.kinds and entry.kind.value not in verdict.kinds:
        return False
    return verdict.withheld.isdisjoint(entry.labels)


def withheld_keys(record: Record, verdict: Verdict) -> frozenset[StatementKey]:
    """The statements of every entry that the verdict withholds by its label."""
    return frozenset(
        key
        for entry in record.entries
        if not verdict.withheld.isdisjoint(entry.labels)
        for key in _keys(entry)
    )


def _keys(entry: Entry) -> list[StatementKey]:
    return [said.id_key for said in entry.said_by]
