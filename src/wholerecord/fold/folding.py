"""The fold: from statements and rulings to the one record.

Laws, each a property test: a negative never hides a positive; the order of the statements does not
change the record; and the sum: every statement is in exactly one place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wholerecord.fold.doubts import Known, doubted
from wholerecord.fold.measure_said import ObservationSaid, ReportSaid
from wholerecord.fold.negatives import counts, negative_of
from wholerecord.fold.parts import Parts, newest_first, record_of
from wholerecord.fold.policy import POLICY, Policy
from wholerecord.fold.record import Entry, Negative, Record, Said
from wholerecord.fold.route import WAYS, way_of
from wholerecord.fold.ruled import in_force, marks, ruled
from wholerecord.fold.ruling import Ruling
from wholerecord.fold.shape import Reference, Shape
from wholerecord.fold.sided import sides
from wholerecord.fold.software import ProvenanceSaid, drafted_by
from wholerecord.fold.told import AnyWay, Around, Key, Told, address
from wholerecord.fold.versions import Versions, versions
from wholerecord.fold.who import who
from wholerecord.record import Statement


def fold(
    statements: Sequence[Statement], rulings: Sequence[Ruling] = (), policy: Policy = POLICY
) -> Record:
    """The one record of the statements, under the rulings and by the policy. Pure; never raises.

    Any order of `statements` gives an equal record. Every statement is in exactly one of an entry's
    `said_by`, `negatives`, `who.said_by`, `superseded` and `parked`.
    """
    return record_of(parts_of(statements, rulings, policy))


def parts_of(
    statements: Sequence[Statement], rulings: Sequence[Ruling] = (), policy: Policy = POLICY
) -> Parts:
    """The fold of the statements under the rulings, in its parts."""
    done = versions(statements)
    counting = in_force(rulings)
    sorted_out = _sort_out(done, marks(counting))
    around = Around(done.current, done.earlier, sorted_out.panels, policy, sides=sides(counting))
    known: Known = {}
    entries: list[Entry] = []
    for way, told in sorted_out.by_way.items():
        groups = ruled(way.gather(told, around), counting, around) if told else ()
        entries += [doubted(way.make(group, around), known, policy) for group in groups]
    return Parts(
        statements=statements,
        t=dict(sorted(done.seen.items())),
        policy=policy,
        rulings=counting,
        done=done,
        entries=newest_first(entries),
        negatives=sorted_out.negatives,
        who=who(_bodies_of(statements, sorted_out.patients)),
        panels=sorted_out.panels,
        drafts=sorted_out.drafts,
        by_way=sorted_out.by_way,
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
    measured: dict[int, Callable[[Told[Any]], None]] = {}
    for told in done.current.values():
        if told.measure is not None:  # says a number and little else: its tags are all that decides
            add = measured.get(id(told.measurand))
            if add is None:
                add = measured[id(told.measurand)] = out.by_way[way_of(told)].append
            add(told)
            continue
        body = told.body
        if body.meta.security or isinstance(body, ProvenanceSaid):
            out.drafts.update(drafted_by(told))
        if told.said.kind == "Patient":
            out.patients.append(told)
            continue
        if members := members_of(body):
            _name_members(out.panels, told, members)
        negative = negative_of(told)
        if negative is not None and counts(told, wrong):
            out.negatives.append(negative)
        else:
            out.by_way[way_of(told)].append(told)
    return out


def members_of(body: Shape) -> Sequence[Reference]:
    """The results that a report, or an observation that is a panel, names as its own."""
    if isinstance(body, ObservationSaid):
        return body.has_member
    return body.result if isinstance(body, ReportSaid) else ()


def _name_members(panels: dict[Key, str], told: Told[Shape], members: Iterable[Reference]) -> None:
    words = told.said.words
    for member in members:
        key = address(told, member.reference)
        panels[key] = min(panels.get(key, words), words)


def _bodies_of(
    statements: Sequence[Statement], told: Sequence[Told[Shape]]
) -> list[tuple[Said, bytes]]:
    """Each patient's current `Patient` statement with its body."""
    said = {(one.said.patient, one.said.t, one.said.n): one.said for one in told}
    return [
        (said[statement.patient, statement.t, statement.n], statement.body)
        for statement in statements
        if statement.kind == "Patient" and (statement.patient, statement.t, statement.n) in said
    ]
