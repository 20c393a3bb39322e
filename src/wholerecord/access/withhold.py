"""Which statements an actor may not see: they are taken out before the fold, not after it.

What is only left out of the list afterwards still shapes what stays: the reason of an encounter, a
conflict, an earlier value, who ruled on what. A record folded without the withheld statements is
the record as if they had never been said.
"""

from collections.abc import Iterable, Iterator, Sequence

from wholerecord.access.marks import Marks, marks_of
from wholerecord.access.opening import Verdict
from wholerecord.fold import Record, Ruling, Said
from wholerecord.record import MessageId, PatientId, Statement

#: What all versions of a statement share: patient, type and id.
StatementKey = tuple[PatientId, str, str]
#: One version of it: patient, `t` and `n`.
Address = tuple[PatientId, int, int]


def withheld_keys(record: Record, verdict: Verdict) -> frozenset[StatementKey]:
    """The statements of which the verdict withholds every version.

    Of an entry, all that say it: what one source seals is not told in the words of another. Of a
    statement that its source took back, every version, when any is labelled. Of a source that is
    withheld, all it said, and nothing of what others say of the same; so of an author, and of a
    time what is dated in it of things that began at another.
    """
    if not verdict.withheld:
        return frozenset()
    marks = marks_of(verdict.withheld)
    current = {said.id_key for said in _current(record)}
    gone = (one.said for one in record.superseded if marks.withholds(one))
    return frozenset(
        (
            *(said.id_key for said in _marked(record, marks)),
            *(said.id_key for said in gone if said.id_key not in current),
            *_of_sources(record, marks),
        )
    )


def _marked(record: Record, marks: Marks) -> Iterator[Said]:
    """The statements of entries, and those that there is none, that are withheld."""
    alone = marks.by_statement
    for entry in record.entries:
        if marks.withholds(entry):
            yield from entry.said_by
        elif alone:
            yield from (said for said in entry.said_by if marks.takes_alone(entry, said))
    for one in record.negatives:
        if marks.withholds(one) or (alone and marks.takes_alone(one, one.said)):
            yield one.said


def _of_sources(record: Record, marks: Marks) -> Iterator[StatementKey]:
    if marks.sources:
        yield from (said.id_key for said in all_said(record) if said.source in marks.sources)


def withheld_addresses(
    record: Record, verdict: Verdict, keys: frozenset[StatementKey]
) -> frozenset[Address]:
    """Every version of `keys`, and each other version that is labelled itself."""
    if not (keys or verdict.withheld):
        return frozenset()
    marks = marks_of(verdict.withheld)
    unfolded = (*record.superseded, *record.parked)
    return frozenset(
        (
            *(address(said) for said in all_said(record) if said.id_key in keys),
            *(address(one.said) for one in unfolded if marks.withholds(one)),
        )
    )


def without(statements: Sequence[Statement], withheld: frozenset[Address]) -> Sequence[Statement]:
    """The statements but those withheld."""
    return [one for one in statements if (one.patient, one.t, one.n) not in withheld]


def told_of(
    rulings: Iterable[Ruling], record: Record, withheld: frozenset[Address]
) -> list[Ruling]:
    """The rulings that are about nothing withheld of `record`: the others would tell of it."""
    left = {said.id_key for said in all_said(record) if address(said) not in withheld}
    gone = {said.id_key for said in all_said(record)} - left
    return [
        ruling
        for ruling in rulings
        if not any((each.patient, each.kind, each.id) in gone for each in ruling.about)
    ]


def all_said(record: Record) -> Iterator[Said]:
    """Every statement of the record, once."""
    yield from _current(record)
    for one in (*record.superseded, *record.parked):
        yield one.said


def places_in(record: Record, message: MessageId) -> frozenset[str]:
    """Where in a message something in the record was said; empty: it says nothing here."""
    return frozenset(said.place for said in all_said(record) if said.message == message)


def address(said: Said) -> Address:
    """The version of a statement that was said."""
    return (said.patient, said.t, said.n)


def _current(record: Record) -> Iterator[Said]:
    for entry in record.entries:
        yield from entry.said_by
    for negative in record.negatives:
        yield negative.said
    if record.who:
        for said, _ in record.who.said_by:
            yield said
