"""Results and observations: one entry for one measurement, corrected before final before earlier.

Which statements are one measurement is in `same_measure`. Demonstration rules until a clinical
safety officer signs them.
"""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.fold.entry import and_list, earliest, made
from wholerecord.fold.measurand import Measurand
from wholerecord.fold.measure_said import (
    ObservationSaid,
    ReportSaid,
    at_home,
    value_of,
)
from wholerecord.fold.pressures import CODE, PARTS, TITLE, is_pair, pair_up, together
from wholerecord.fold.record import Coding, Entry, Kind, Measure
from wholerecord.fold.same_measure import ONE_STATEMENT, by_day, in_code, meant, together_at
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way, address, in_order, newest_first, newness
from wholerecord.nhs import PartialDate

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


def gather(told: list[Told[Said]], around: Around) -> list[Group[Said]]:
    """Groups that speak of one measurement."""
    alike: dict[str, dict[datetime, list[Told[Said]]]] = {}
    by_name: dict[str, list[Group[Said]]] = {}
    groups: list[Group[Said]] = []
    reports: list[Told[Said]] = []
    for one in told:
        body, when, what = one.body, one.said.when, one.measurand
        if what is None or (
            isinstance(body, ObservationSaid) and body.has_member and not body.valued
        ):
            reports.append(one)
        elif when is None:
            groups.append(Group([one], "One statement, with no time."))
        else:
            times = alike.get(what.name)
            if times is None:
                times = alike[what.name] = {}
            times.setdefault(when.start, []).append(one)
    for name, times in alike.items():
        each: list[Group[Said]] = []
        for same in times.values():
            if len(same) == 1:
                each.append(Group(same, ONE_STATEMENT))
            else:
                each += together_at(same, around)
        by_name[name] = by_day(each, around)
    pair_up(*(by_name.get(part, ()) for part in PARTS))
    groups += [group for each in by_name.values() for group in each if group.told]
    return groups + _panels(reports, groups, around)


def _panels(
    reports: list[Told[Said]], groups: list[Group[Said]], around: Around
) -> list[Group[Said]]:
    """Each report that only names its results joins the first of them; without one it stands alone.

    Changes `groups`: a report is a statement in the entry of its first result.
    """
    if not reports:
        return []
    named = around.panels
    where = {one.key: group for group in groups for one in group.told if one.key in named}
    alone: list[Group[Said]] = []
    for report in in_order(reports):
        body = report.body
        members = body.result if isinstance(body, ReportSaid) else body.has_member
        known = (where.get(address(report, member.reference)) for member in members)
        first = next((group for group in known if group is not None), None)
        if first is not None:
            first.told.append(report)
        else:
            alone.append(Group([report], "A report; none of its results has arrived."))
    return alone


def make(group: Group[Said], around: Around) -> Entry:
    """One measurement."""
    each = group.told
    best = each[0]
    if len(each) > 1:
        each = [one for one in each if one.measurand is not None]
        best = max(each, key=_standing) if len(each) > 1 else each[0] if each else best
    body, what, said = best.body, best.measurand, best.said
    if what is None or not isinstance(body, ObservationSaid):
        return _empty_report(group)
    several = len(each) > 1
    pair = several and is_pair(each)
    title = TITLE if pair else what.title
    return made(
        group,
        what.kind or (Kind.OBSERVATION if body.specimen is None else Kind.RESULT),
        title=f"{title} (measured at home)" if at_home(body, what) else title,
        code=CODE if pair else said.codes[0] if said.codes else None,
        when=(_moment(best, each) if several else said.when) or said.recorded,
        status=_STATUS.get(body.status, "unknown"),
        detail=_pressure(each, around) if pair else _measure(best, body, what, each, around),
        conflict=_disagreement(each) if several else "",
    )


def _moment(best: Told[Said], each: Sequence[Told[Said]]) -> PartialDate | None:
    """When it was measured: the best's date, or the moment of that day where another says it."""
    when = best.said.when
    if when is None or when.precision == "moment":
        return when
    return (
        earliest(at for one in each if (at := one.said.when) and at.precision == "moment") or when
    )


def _pressure(each: Sequence[Told[Said]], around: Around) -> Measure:
    """Systolic, then diastolic, as the parts of one measure."""
    parts: list[tuple[Measure, str, Coding | None]] = []
    for name in PARTS:
        same = [one for one in each if one.measurand is not None and one.measurand.name == name]
        best = max(same, key=_standing)
        body, what, codes = best.body, best.measurand, best.said.codes
        if what is not None and isinstance(body, ObservationSaid):
            measure = _measure(best, body, what, same, around)
            parts.append((measure, what.title, codes[0] if codes else None))
    return together(parts)


def _standing(one: Told[Said]) -> tuple[int, tuple[object, ...]]:
    return (_RANK.get(one.said.status, 0), newness(one))


def _measure(
    best: Told[Said],
    body: ObservationSaid,
    what: Measurand,
    each: Sequence[Told[Said]],
    around: Around,
) -> Measure:
    quantity = body.value_quantity
    if quantity is None:
        value, number, unit = value_of(body), None, ""
    else:
        number, unit = quantity.value, quantity.unit or quantity.code
        if quantity.comparator:
            value, number = quantity.said, None
        else:
            value = "" if number is None else str(number)
    parts = tuple(part.component for part in body.component) if body.component else ()
    if not value and not parts:
        value = body.data_absent_reason.words if body.data_absent_reason else in_code(what)
    group = around.panels.get(best.key, "") if around.panels else ""
    specimen = body.specimen.display if body.specimen else ""
    other = len(each) > 1 or (around.earlier and best.key in around.earlier)
    before = _before(best, each, around) if other else ()
    return Measure(  # by position: see `record`
        value, number, unit, what.low, what.high, what.flag, parts, group, specimen, before
    )


def _before(best: Told[Said], each: Sequence[Told[Said]], around: Around) -> tuple[str, ...]:
    """Other values said of the same measurement, earlier versions too, oldest first."""
    earlier = [one for told in each for one in around.earlier.get(told.key, ())]
    others = [*earlier, *(one for one in each if one is not best)]
    if not others:
        return ()
    now = _meant(best)
    told = [one.body for one in reversed(newest_first(others)) if _meant(one) != now]
    return tuple(dict.fromkeys(words for body in told if (words := _said_value(body))))


def _said_value(body: Shape) -> str:
    if not isinstance(body, ObservationSaid):
        return ""
    quantity = body.value_quantity
    unit = (quantity.unit or quantity.code) if quantity else ""
    return f"{value_of(body)} {unit}".strip()


def _disagreement(each: Sequence[Told[Said]]) -> str:
    """In words, where two final statements of one result differ; each measurand apart."""
    by_name: dict[str, list[Told[Said]]] = {}
    for one in each:
        by_name.setdefault(one.measurand.name if one.measurand else "", []).append(one)
    several = (same for same in by_name.values() if len(same) > 1)
    return " ".join(words for same in several if (words := _differing(same)))


def _differing(each: Sequence[Told[Said]]) -> str:
    top = max(_RANK.get(one.said.status, 0) for one in each)
    standing = [one for one in each if _RANK.get(one.said.status, 0) == top]
    values = {_said_value(one.body): one.said.source for one in standing}
    if len(values) < 2 or len({_meant(one) for one in standing}) < 2:
        return ""
    return (
        "Sources give different values: " + and_list(f"{v} ({s})" for v, s in values.items()) + "."
    )


def _meant(one: Told[Shape]) -> object:
    """Equal for two spellings of one value: `4.5 mmol/l` and `4.50 mmol/L`."""
    body = one.body
    if isinstance(body, ObservationSaid) and body.value_quantity is not None:
        return meant(body, one.measurand)
    return _said_value(body)


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


WAY: Way[Said] = Way(Kind.RESULT, gather, make)
