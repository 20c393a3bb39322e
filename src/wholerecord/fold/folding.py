"""The fold: from statements and rulings to the one record.

Laws, each a property test: a negative never hides a positive; the order of the statements does not
change the record; and the sum: every statement is in exactly one place.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from wholerecord.fold.allergies import Denials
from wholerecord.fold.measure_said import ObservationSaid, ReportSaid
from wholerecord.fold.negatives import counts, negative_of
from wholerecord.fold.policy import NAME
from wholerecord.fold.record import Entry, Kind, Negative, Record, Said, Unfolded
from wholerecord.fold.route import WAYS, way_of
from wholerecord.fold.ruled import in_force, marks, ruled
from wholerecord.fold.ruling import Ruling
from wholerecord.fold.shape import Shape
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
    patients = [told for told in done.current.values() if told.said.kind == "Patient"]
    counting = in_force(rulings)
    around = Around(done.current, done.earlier, _panels(done))
    by_way: dict[AnyWay, list[Told[Any]]] = {way: [] for way in WAYS}
    found: list[Negative] = []
    wrong = marks(counting)
    for told in done.current.values():
        if told.said.kind == "Patient":
            continue
        negative = negative_of(told)
        if negative is not None and counts(told, wrong):
            found.append(negative)
        else:
            by_way[way_of(told)].append(told)
    negatives = tuple(sorted(found, key=lambda one: _said_order(one.said)))
    entries = [
        way.make(group, around)
        for way, told in by_way.items()
        if told
        for group in ruled(way.gather(told, around), counting)
    ]
    if negatives:
        denials = Denials(negatives)
        entries = [denials.against(e) if e.kind is Kind.ALLERGY else e for e in entries]
    entries.sort(key=_newest_first)
    return Record(
        t=_seen(statements),
        who=who(_patients(statements, patients)),
        entries=tuple(entries),
        negatives=negatives,
        superseded=tuple(sorted(done.superseded, key=_address)),
        parked=tuple(sorted(done.parked, key=_address)),
        statements=len(statements),
        policy=NAME,
    )


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


def _panels(done: Versions) -> Mapping[Key, str]:
    """The report or panel that names each result, by the result's address."""
    found: dict[Key, str] = {}
    for told in done.current.values():
        body = told.body
        if isinstance(body, ObservationSaid):
            members = body.has_member
        elif isinstance(body, ReportSaid):
            members = body.result
        else:
            continue
        for member in members:
            key = address(told, member.reference)
            found[key] = min(found.get(key, told.said.words), told.said.words)
    return found


def _seen(statements: Sequence[Statement]) -> Mapping[PatientId, int]:
    seen: dict[PatientId, int] = {}
    for statement in statements:
        if statement.t > seen.get(statement.patient, -1):
            seen[statement.patient] = statement.t
    return dict(sorted(seen.items()))


def _newest_first(entry: Entry) -> tuple[float, str]:
    at = entry.when
    return (-at.start.timestamp() if at else float("inf"), entry.key)


def _said_order(said: Said) -> tuple[datetime, int, str, str, int, int]:
    at = said.recorded or said.when
    return (at.start if at else _NEVER, said.patient, said.kind, said.id, said.t, said.n)


def _address(one: Unfolded) -> tuple[int, int, int]:
    return (one.said.patient, one.said.t, one.said.n)
