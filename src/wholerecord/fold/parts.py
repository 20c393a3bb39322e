"""A fold in its parts, and the record they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import inf
from typing import Any

from wholerecord.fold.allergies import Denials
from wholerecord.fold.policy import Policy, folded_by
from wholerecord.fold.record import Entry, Kind, Negative, Record, Said, Unfolded, Who
from wholerecord.fold.ruling import Ruling
from wholerecord.fold.software import attestations, marked, marked_negative
from wholerecord.fold.told import AnyWay, Key, Told
from wholerecord.fold.versions import Versions
from wholerecord.record import PatientId, Statement

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Parts:
    """A fold before it is a record. `entries` are as their kinds made them, newest first.

    `rulings` are those in force, oldest first. `drafts` are the statements that software made.
    """

    statements: Sequence[Statement]
    t: Mapping[PatientId, int]
    policy: Policy
    rulings: Sequence[Ruling]
    done: Versions
    entries: Sequence[Entry]
    negatives: Sequence[Negative]
    who: Who | None
    panels: dict[Key, str]
    drafts: set[Key]
    by_way: dict[AnyWay, list[Told[Any]]]


def record_of(parts: Parts) -> Record:
    """The record that the parts are of."""
    entries, done = parts.entries, parts.done
    negatives = tuple(sorted(parts.negatives, key=lambda one: _said_order(one.said)))
    if drafts := parts.drafts:
        attested = attestations(parts.rulings)
        entries = [marked(entry, drafts, attested) for entry in entries]
        negatives = tuple(marked_negative(one, drafts, attested) for one in negatives)
    if negatives:
        denials = Denials(negatives)
        entries = [denials.against(e) if e.kind is Kind.ALLERGY else e for e in entries]
    return Record(
        t=parts.t,
        who=parts.who,
        entries=tuple(entries),
        negatives=negatives,
        superseded=tuple(sorted(done.superseded, key=_address)),
        parked=tuple(sorted(done.parked, key=_address)),
        statements=len(parts.statements),
        labels=frozenset[str]().union(
            *[
                labels
                for one in (*entries, *negatives, *done.superseded, *done.parked)
                if (labels := one.labels)
            ]
        ),
        policy=folded_by(parts.policy),
    )


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """The entries as `newest_entry_first` orders them.

    By time alone first: numbers sort several times as fast as tuples, and few have one time.
    """
    times = [_time(entry) for entry in entries]
    order = sorted(range(len(times)), key=times.__getitem__)
    ordered = [entries[n] for n in order]
    start = 0
    for end, (n, after) in enumerate(pairwise((*order, -1)), 1):
        if after < 0 or times[n] != times[after]:
            if end - start > 1:
                ordered[start:end] = sorted(ordered[start:end], key=newest_entry_first)
            start = end
    return ordered


def _time(entry: Entry) -> float:
    at = entry.when
    return -at.start.timestamp() if at else inf


def newest_entry_first(entry: Entry) -> tuple[float, int, str, str, str]:
    """By time, then by kind and one of its statements: numbers first, which sort fastest."""
    said = entry.said_by[0]
    return (_time(entry), said.patient, said.kind, said.id, entry.kind._value_)


def _said_order(said: Said) -> tuple[datetime, int, str, str, int, int]:
    at = said.recorded or said.when
    return (at.start if at else _NEVER, said.patient, said.kind, said.id, said.t, said.n)


def _address(one: Unfolded) -> tuple[int, int, int]:
    return (one.said.patient, one.said.t, one.said.n)
