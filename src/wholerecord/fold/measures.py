"""Results and observations: one entry for one measurement, corrected before final before earlier.

Two statements are one measurement when they share code, time and a result's or specimen's number;
or code, moment, value and unit; or, from two sources that say only the day, code, day, value and
unit. Never because the value is equal on another day. Demonstration rules until a clinical safety
officer signs them.
"""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.fold.entry import and_list, made
from wholerecord.fold.measure_said import ObservationSaid, ReportSaid, SpecimenSaid, value_of
from wholerecord.fold.record import Coding, Entry, Kind, Measure
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way
from wholerecord.terms import concept

Said = ObservationSaid | ReportSaid

#: Which of two statements of one result stands. Source: FHIR R4 observation-status.
_RANK = {"corrected": 4, "amended": 4, "final": 3, "preliminary": 2, "registered": 1}
_STATUS = {
    "final": "final",
    "corrected": "corrected",
    "amended": "corrected",
    "preliminary": "preliminary",
    "registered": "planned",
    "cancelled": "stopped",
}
_SURE_HOME = ("home", "patient-generated", "self-measured")
_ONE_STATEMENT = "One statement."


def code_name(coding: tuple[Coding, ...], words: str) -> str:
    """What was measured, to compare: the concept, else the first code, else the words."""
    for one in coding:
        found = concept(one.system, one.code)
        if found is not None:
            return found.id
    if coding and coding[0].code:
        return f"{coding[0].system}|{coding[0].code}"
    return words.lower()


def gather(told: list[Told[Said]], around: Around) -> list[Group[Said]]:
    """Groups that speak of one measurement."""
    alike: dict[tuple[str, datetime], list[Told[Said]]] = {}
    groups: list[Group[Said]] = []
    reports: list[Told[Said]] = []
    for one in told:
        body, said = one.body, one.said
        if isinstance(body, ReportSaid) or (body.has_member and not body.valued):
            reports.append(one)
        elif said.when is None:
            groups.append(Group([one], "One statement, with no time."))
        else:
            alike.setdefault((code_name(said.codes, said.words), said.when.start), []).append(one)
    for same in alike.values():
        if len(same) == 1:
            groups.append(Group(same, _ONE_STATEMENT))
        else:
            groups += _together(same, around)
    return groups + _panels(reports, groups, around)


def _together(same: list[Told[Said]], around: Around) -> list[Group[Said]]:
    """Of statements with one code and time, those that are one measurement. Linear."""
    groups: list[Group[Said]] = []
    by_mark: dict[tuple[str, str], Group[Said]] = {}
    by_value: dict[object, Group[Said]] = {}
    for one in sorted(same, key=lambda one: one.order):
        marks, value = _marks(one, around), _compared(one)
        group = next((by_mark[mark] for mark in sorted(marks) if mark in by_mark), None)
        if group is not None:
            group.add(one, "Same code, time and report or specimen number.")
        elif (group := by_value.get(value)) is not None and _may_join(group, one):
            group.add(one, "Same code, time, value and unit.")
        else:
            group = Group([one], _ONE_STATEMENT)
            groups.append(group)
        by_value.setdefault(value, group)
        for mark in marks:
            by_mark.setdefault(mark, group)
    return groups


def _may_join(group: Group[Said], one: Told[Said]) -> bool:
    """Where only the day is said, one source can have measured the same value twice."""
    if one.said.when is not None and one.said.when.precision == "moment":
        return True
    return group.is_new_to(one)


def _compared(one: Told[Said]) -> object:
    """What must be equal for two statements without a shared number: precision, value, unit."""
    body, when = one.body, one.said.when
    precision = when.precision if when else ""
    if not isinstance(body, ObservationSaid):
        return (precision, one.said.id)
    quantity = body.value_quantity
    parts = tuple((part.code.words, value_of(part)) for part in body.component)
    unit = (quantity.unit or quantity.code).lower() if quantity else ""
    number = (quantity.comparator, quantity.value) if quantity else value_of(body)
    return (precision, number, unit, parts)


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


def _panels(
    reports: list[Told[Said]], groups: list[Group[Said]], around: Around
) -> list[Group[Said]]:
    """Each report that only names its results joins the first of them; without one it stands alone.

    Changes `groups`: a report is a statement in the entry of its first result.
    """
    where = {one.said.id_key: group for group in groups for one in group.told} if reports else {}
    alone: list[Group[Said]] = []
    for report in sorted(reports, key=lambda one: one.order):
        body = report.body
        members = body.result if isinstance(body, ReportSaid) else body.has_member
        found = (around.find(report, member.reference) for member in members)
        known = [where[one.said.id_key] for one in found if one and one.said.id_key in where]
        if known:
            known[0].told.append(report)
        else:
            alone.append(Group([report], "A report; none of its results has arrived."))
    return alone


def make(group: Group[Said], around: Around) -> Entry:
    """One measurement."""
    each = group.told
    best = each[0]
    if len(each) > 1:
        each = [one for one in each if isinstance(one.body, ObservationSaid)]
        best = max(each, key=_standing, default=best)
    body = best.body
    if not isinstance(body, ObservationSaid):
        return _empty_report(group)
    earlier: list[Told[Shape]] = []
    if around.earlier:
        earlier = [one for told in each for one in around.earlier.get(told.said.id_key, ())]
    said = best.said
    title = said.words or "Unnamed measurement"
    for coding in said.codes:
        if (found := concept(coding.system, coding.code)) is not None:
            title = found.title
            break
    if _at_home(body):
        title += " (measured at home)"
    return made(
        group,
        kind_of(body),
        title=title,
        code=said.codes[0] if said.codes else None,
        when=said.when or said.recorded,
        status=_STATUS.get(body.status, "unknown"),
        detail=_measure(best, body, each, earlier, around),
        conflict=_disagreement(each) if len(each) > 1 else "",
    )


def _standing(one: Told[Said]) -> tuple[int, tuple[object, ...]]:
    return (_RANK.get(one.said.status, 0), one.newest)


def _measure(
    best: Told[Said],
    body: ObservationSaid,
    each: Sequence[Told[Said]],
    earlier: Sequence[Told[Shape]],
    around: Around,
) -> Measure:
    quantity = body.value_quantity
    value, unit = value_of(body), (quantity.unit or quantity.code) if quantity else ""
    parts = tuple(part.component for part in body.component) if body.component else ()
    before: tuple[str, ...] = ()
    if earlier or len(each) > 1:
        now = f"{value} {unit}".strip()
        others = [*earlier, *(one for one in each if one is not best)]
        told = (_said_value(one.body) for one in sorted(others, key=lambda one: one.newest))
        before = tuple(dict.fromkeys(one for one in told if one and one != now))
    if not value and not parts and body.data_absent_reason:
        value = body.data_absent_reason.words
    span = body.reference_range[0] if body.reference_range else None
    flag = (
        body.interpretation[0].coding[0].code
        if (body.interpretation and body.interpretation[0].coding)
        else ""
    )
    return Measure(
        value=value,
        number=quantity.value if quantity and not quantity.comparator else None,
        unit=unit,
        low=str(span.low.value) if span and span.low else "",
        high=str(span.high.value) if span and span.high else "",
        flag=flag,
        parts=parts,
        group=around.panels.get(best.said.id_key, "") if around.panels else "",
        specimen=body.specimen.display if body.specimen else "",
        corrected_from=before,
    )


def _said_value(body: Shape) -> str:
    if not isinstance(body, ObservationSaid):
        return ""
    quantity = body.value_quantity
    unit = (quantity.unit or quantity.code) if quantity else ""
    return f"{value_of(body)} {unit}".strip()


def _disagreement(each: Sequence[Told[Said]]) -> str:
    """In words, where two final statements of one result differ."""
    top = max(_RANK.get(one.said.status, 0) for one in each)
    standing = [one for one in each if _RANK.get(one.said.status, 0) == top]
    values = {_said_value(one.body): one.said.source for one in standing}
    if len(values) < 2:
        return ""
    return (
        "Sources give different values: " + and_list(f"{v} ({s})" for v, s in values.items()) + "."
    )


def _empty_report(group: Group[Said]) -> Entry:
    said = group.told[0].said
    return made(
        group,
        Kind.RESULT,
        title=said.words or "Report",
        code=said.codes[0] if said.codes else None,
        when=said.when or said.recorded,
        status=_STATUS.get(said.status, "unknown"),
        detail=Measure(value="", group=said.words),
    )


def kind_of(body: ObservationSaid) -> Kind:
    """RESULT for laboratory, pathology and imaging; OBSERVATION for what is seen or asked."""
    for one in body.category:
        for coding in one.coding:
            if coding.code in {"laboratory", "LAB", "imaging", "procedure"}:
                return Kind.RESULT
            if coding.code in {"vital-signs", "social-history", "exam", "survey", "activity"}:
                return Kind.OBSERVATION
    if body.reference_range or body.specimen is not None:
        return Kind.RESULT
    return Kind.OBSERVATION


def _at_home(body: ObservationSaid) -> bool:
    for one in body.performer:
        if one.reference.startswith("Patient/"):
            return True
    for tag in body.meta.tag:
        if tag.code in _SURE_HOME:
            return True
    return body.method is not None and "home" in body.method.words.lower()


WAY: Way[Said] = Way(Kind.RESULT, gather, make)
