"""Which statements speak of one measurement.

They share code, time and a result's or specimen's number; or code, moment and value; or, where one
says only the day, code, day and that number; or code, day and value, said by another source, or by
one at the same moment twice, and by one measurement of the day alone. Values are compared exactly,
converted where their units differ. Never because a value is equal on another day. Demonstration
rules until a clinical safety officer signs them; source: `policy.json`.
"""

from collections.abc import Sequence
from datetime import date

from wholerecord.fold.measurand import Measurand
from wholerecord.fold.measure_said import (
    ObservationSaid,
    ReportSaid,
    SpecimenSaid,
    Valued,
    value_of,
)
from wholerecord.fold.quantities import SINGLY_CHARGED, amount
from wholerecord.fold.told import Around, Group, Told, in_order

Said = ObservationSaid | ReportSaid
ONE_STATEMENT = "One statement."
_BY_NUMBER = "Same code, day and report or specimen number."
_BY_VALUE = "Same code, day, value and unit, from another source; measured once that day."


def together_at(same: list[Told[Said]], around: Around) -> list[Group[Said]]:
    """Of statements with one code and time, those that are one measurement. Linear."""
    groups: list[Group[Said]] = []
    by_mark: dict[tuple[str, str], Group[Said]] = {}
    by_value: dict[object, Group[Said]] = {}
    by_breath: dict[object, Group[Said]] = {}
    marked = [(one, _marks(one, around)) for one in in_order(same)]
    for one, marks in sorted(marked, key=_unnumbered):  # a number first: a copy may have any value
        value = _compared(one)
        group = next((by_mark[mark] for mark in sorted(marks) if mark in by_mark), None)
        if group is not None:
            group.add(one, "Same code, time and report or specimen number.")
        elif (group := by_value.get(value)) is not None and _may_join(group, one):
            group.add(one, "Same code, time, value and unit.")
        elif (group := by_breath.get((value, *_breath(one)))) is not None:
            group.add(one, "Same code, day, value and unit, written down at one moment.")
        else:
            group = Group([one], ONE_STATEMENT)
            groups.append(group)
        by_value.setdefault(value, group)
        if breath := _breath(one):
            by_breath.setdefault((value, *breath), group)
        for mark in marks:
            by_mark.setdefault(mark, group)
    return groups


def _unnumbered(marked: tuple[Told[Said], frozenset[tuple[str, str]]]) -> bool:
    return not marked[1]


def _may_join(group: Group[Said], one: Told[Said]) -> bool:
    """Where only the day is said, one source can have measured the same value twice."""
    if one.said.when is not None and one.said.when.precision == "moment":
        return True
    return group.is_new_to(one)


def _breath(one: Told[Said]) -> tuple[object, ...]:
    """A source and the moment it wrote this down: a value written twice then is said once."""
    written = one.said.recorded
    return (one.said.source, written.start) if written and written.precision == "moment" else ()


def _compared(one: Told[Said]) -> tuple[object, ...]:
    """What must be equal for two statements without a shared number: precision, value, unit."""
    body, what, when = one.body, one.measurand, one.said.when
    precision = when.precision if when else ""
    if not isinstance(body, ObservationSaid):
        return (precision, one.said.id)
    parts = tuple((part.code.words, meant(part)) for part in body.component)
    return (precision, meant(body, what), parts)


def meant(said: Valued, what: Measurand | None = None) -> object:
    """What is equal for two values that mean the same, each as a value of `what`."""
    quantity = said.value_quantity
    if quantity is None:
        return value_of(said)
    return amount(quantity, singly_charged=what is not None and what.name in SINGLY_CHARGED)


def _marks(told: Told[Said], around: Around) -> frozenset[tuple[str, str]]:
    """The identifiers of the result and of its specimen."""
    body = told.body
    found = {(one.system, one.value) for one in body.identifier if one.value}
    if isinstance(body, ObservationSaid) and body.specimen is not None:
        identifier = body.specimen.identifier
        if identifier is not None and identifier.value:
            found.add((identifier.system, identifier.value))
        specimen = around.find(told, body.specimen.reference)
        if specimen is not None and isinstance(specimen.body, SpecimenSaid):
            numbers = (*specimen.body.identifier, specimen.body.accession_identifier)
            found |= {(one.system, one.value) for one in numbers if one and one.value}
    return frozenset(found)


def by_day(groups: list[Group[Said]], around: Around) -> list[Group[Said]]:
    """`groups` with each copy that says only the day joined to the measurement it is a copy of.

    All are of one name.
    """
    copies: dict[date, list[Group[Said]]] = {}
    for group in groups:
        if (when := group.told[0].said.when) is not None and when.precision == "day":
            copies.setdefault(when.day, []).append(group)
    if not copies:
        return groups
    measured: dict[date, list[Group[Said]]] = {}
    for group in groups:
        when = group.told[0].said.when
        if when is not None and when.precision == "moment" and when.day in copies:
            measured.setdefault(when.day, []).append(group)
    for at, those in measured.items():
        _take_copies(those, copies[at], around)
    return [group for group in groups if group.told]


def _take_copies(
    measured: Sequence[Group[Said]], copies: Sequence[Group[Said]], around: Around
) -> None:
    """Each copy goes to the one measurement of its number, else the only one of its value."""
    by_mark = {mark: one for one in measured for mark in _all_marks(one, around)}
    by_value: dict[object, list[Group[Said]]] = {}
    for one in measured:
        for value in {_compared(each)[1:] for each in one.told}:
            by_value.setdefault(value, []).append(one)
    for copy in copies:
        marks = sorted(_all_marks(copy, around))
        found = next((by_mark[mark] for mark in marks if mark in by_mark), None)
        why = _BY_NUMBER
        if found is None:
            alike = by_value.get(_compared(copy.told[0])[1:], [])
            new = len(alike) == 1 and all(alike[0].is_new_to(one) for one in copy.told)
            found, why = (alike[0], _BY_VALUE) if new else (None, "")
        if found is not None:
            for one in copy.told:
                found.add(one, why)
            copy.told = []


def _all_marks(group: Group[Said], around: Around) -> set[tuple[str, str]]:
    return {mark for one in group.told for mark in _marks(one, around)}
