"""A blood pressure sent as two observations, shown as the one measurement it was.

Joined when one patient's systolic and diastolic have one moment, one status and one place of
measuring, and there is exactly one of each: two pairs at one moment cannot be told apart, so they
stay four. Source: FHIR R4 vital signs, where a blood pressure is one Observation of two components.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from wholerecord.fold.measure_said import ObservationSaid
from wholerecord.fold.record import Coding, Component, Measure
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Group, S, Told
from wholerecord.record import PatientId
from wholerecord.terms import CONCEPTS

PARTS = ("systolic", "diastolic")
TITLE = CONCEPTS["blood-pressure"].title
#: What FHIR R4 vital signs calls the two together.
CODE = Coding(system="http://loinc.org", code="85354-9", display=TITLE)

_Moment = tuple[PatientId, datetime, str, bool]


def pair_up(systolics: Iterable[Group[S]], diastolics: Iterable[Group[S]]) -> None:
    """Each lone systolic and diastolic of one moment as one group; the diastolic's is then empty.

    Changes the groups.
    """
    upper, lower = _by_moment(systolics), _by_moment(diastolics)
    joined: set[int] = set()
    for moment in sorted(upper.keys() & lower.keys()):
        each = (upper[moment], lower[moment])
        if any(len(one) != 1 or id(one[0]) in joined for one in each):
            continue
        systolic, diastolic = each[0][0], each[1][0]
        joined |= {id(systolic), id(diastolic)}
        systolic.told += diastolic.told
        systolic.why = "Systolic and diastolic of one patient at one moment: one blood pressure."
        diastolic.told = []


def _by_moment(groups: Iterable[Group[S]]) -> dict[_Moment, list[Group[S]]]:
    found: dict[_Moment, list[Group[S]]] = {}
    for group in groups:
        told = group.told
        if len(told) == 1:
            if (moment := _moment(told[0])) is not None:
                found.setdefault(moment, []).append(group)
        else:
            for moment in {at for one in told if (at := _moment(one)) is not None}:
                found.setdefault(moment, []).append(group)
    return found


def _moment(one: Told[Shape]) -> _Moment | None:
    """When and how it was measured, where that is enough to pair; None where it is not."""
    said, when = one.said, one.said.when
    if when is None or when.precision != "moment":
        return None
    if one.measure is None:  # then what else it says is looked at
        body = one.body
        if not isinstance(body, ObservationSaid) or body.value_quantity is None:
            return None
    return (said.patient, when.start, said.status, one.at_home)


def is_pair(told: Sequence[Told[Shape]]) -> bool:
    """Whether systolic and diastolic statements, and no other measurement, are in one group."""
    return {one.measurand.name for one in told if one.measurand is not None} == set(PARTS)


def together(parts: list[tuple[Measure, str, Coding | None]]) -> Measure:
    """One blood pressure of its parts, each with its title and code."""
    measures = [part for part, _, _ in parts]
    flags = [part.flag for part in measures if part.flag]
    return Measure(
        value="",
        flag=next((flag for flag in flags if flag != "N"), flags[0] if flags else ""),
        parts=tuple(
            Component(
                title=title,
                value=part.value,
                number=part.number,
                unit=part.unit,
                code=code,
                low=part.low,
                high=part.high,
                flag=part.flag,
            )
            for part, title, code in parts
        ),
        group=next((part.group for part in measures if part.group), ""),
        corrected_from=tuple(
            f"{title} {value}" for part, title, _ in parts for value in part.corrected_from
        ),
    )
