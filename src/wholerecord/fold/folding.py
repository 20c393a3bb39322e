"""The fold: from statements and rulings to the one record.

Laws, each a property test: a negative never hides a positive; the order of the statements does not
change the record; and the sum: every statement is in exactly one place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from typing import Any

from wholerecord.fold.allergies import Denials
from wholerecord.fold.doubts import Known, doubted
from wholerecord.fold.measure_said import ObservationSaid, ReportSaid
from wholerecord.fold.negatives import counts, negative_of
from wholerecord.fold.policy import folded_by
from wholerecord.fold.record import Entry, Kind, Negative, Record, Said, Unfolded
from wholerecord.fold.route import WAYS, way_of
from wholerecord.fold.ruled import in_force, marks, ruled
from wholerecord.fold.ruling import Ruling
from wholerecord.fold.shape import Reference, Shape
from wholerecord.fold.software import (
    ProvenanceSaid,
    attestations,
    drafted_by,
    marked,
    marked_negative,
)
from wholerecord.fold.told import AnyWay, Around, Key, Told, address
from wholerecord.fold.versions import Versions, versions
from wholerecord.fold.who import who
from wholerecord.record import PatientId, Statement

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def fold(statements: Sequence[Statement], rulings: Sequence[Ruling] = ()) -> Record:
    """The one record of the statements, under the rulings. Pure; never raises.

    Any order of `statements` gives an equal record. Every statement is in exactly one of an entry's
    `said_by`, `negatives`, `who.said_by`, `superseded` and `parked`.
    """
    done = versions(statements)
    counting = in_force(rulings)
    sorted_out = _sort_out(done, marks(counting))
    around = Around(done.current, done.earlier, sorted_out.panels)
    negatives = tuple(sorted(sorted_out.negatives, key=lambda one: _said_order(one.said)))
    known: Known = {}
    entries = [
        doubted(way.make(group, around), known)
        for way, told in sorted_out.by_way.items()
        if told
        for group in ruled(way.gather(told, around), counting)
    ]
    if drafts := sorted_out.drafts:
        attested = attestations(counting)
        entries = [marked(entry, drafts, attested) for entry in entries]
        negatives = tuple(marked_negative(one, drafts, attested) for one in negatives)
    if negatives:
        denials = Denials(negatives)
        entries = [denials.against(e) if e.kind is Kind.ALLERGY else e for e in entries]
    entries.sort(key=_newest_first)
    return Record(
        t=_seen(statements),
        who=who(_patients(statements, sorted_out.patients)),
        entries=tuple(entries),
        negatives=negatives,
        superseded=tuple(sorted(done.superseded, key=_address)),
        parked=tuple(sorted(done.parked, key=_address)),
        statements=len(statements),
        labels=frozenset[str]().union(
            *(one.labels for one in (*entries, *negatives, *done.superseded, *done.parked))
        ),
        policy=folded_by(),
    )


@dataclass(frozen=True, slots=True)
class _SortedOut:
    """Current statements by what is made of them; the report or panel that names each result.

    `drafts` are the statements that software made.
    """

    by_way: dict[AnyWay, list[Told[Any]]]
    negatives: list[Negative]
    patients: list[Told[Shape]]
    panels: dict[Key, str]
    drafts: set[Key]


def _sort_out(done: Versions, wrong: Mapping[Key, Ruling]) -> _SortedOut:
    """All in one walk: a long record does not fit in a processor's cache, so each walk costs."""
    out = _SortedOut({way: [] for way in WAYS}, [], [], {}, set())
    for told in done.current.values():
        body = told.body
        if body.meta.security or isinstance(body, ProvenanceSaid):
            out.drafts.update(drafted_by(told))
        if told.said.kind == "Patient":
            out.patients.append(told)
            continue
        if isinstance(body, ObservationSaid):
            if body.has_member:
                _name_members(out.panels, told, body.has_member)
        elif isinstance(body, ReportSaid):
            _name_members(out.panels, told, body.result)
        negative = negative_of(told)
        if negative is not None and counts(told, wrong):
            out.negatives.append(negative)
        else:
            out.by_way[way_of(told)].append(told)
    return out


def _name_members(panels: dict[Key, str], told: Told[Shape], members: Iterable[Reference]) -> None:
    words = told.said.words
    for member in members:
        key = address(told, member.reference)
        panels[key] = min(panels.get(key, words), words)


def _patients(
    statements: Sequence[Statement], told: Sequence[Told[Shape]]
) -> list[tuple[Said, bytes]]:
    """Each patient's current `Patient` statement with its body."""
    said = {(one.said.patient, one.said.t, one.said.n): one.said for one in told}
    return [
        (said[statement.patient, statement.t, statement.n], statement.body)
        for statement in statements
        if statement.kind == "Patient" and (statement.patient, statement.t, statement.n) in said
    ]


def _seen(statements: Sequence[Statement]) -> Mapping[PatientId, int]:
    seen: dict[PatientId, int] = {}
    for statement in statements:
        if statement.t > seen.get(statement.patient, -1):
            seen[statement.patient] = statement.t
    return dict(sorted(seen.items()))


def _newest_first(entry: Entry) -> tuple[float, int, str, str, str]:
    """By time, then by kind and one of its statements: numbers first, which sort fastest."""
    at, said = entry.when, entry.said_by[0]
    time = -at.start.timestamp() if at else inf
    return (time, said.patient, said.kind, said.id, entry.kind._value_)


def _said_order(said: Said) -> tuple[datetime, int, str, str, int, int]:
    at = said.recorded or said.when
    return (at.start if at else _NEVER, said.patient, said.kind, said.id, said.t, said.n)


def _address(one: Unfolded) -> tuple[int, int, int]:
    return (one.said.patient, one.said.t, one.said.n)
