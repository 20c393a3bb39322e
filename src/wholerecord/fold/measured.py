"""What one measurement is in the record: the statement that stands, what differs, what was before.

Corrected stands before final, and final before what is earlier; which statements are one
measurement is in `measures`. Demonstration rules until a clinical safety officer signs them.
"""

from collections.abc import Sequence

from msgspec import structs

from wholerecord.fold.entry import and_list, earliest, made
from wholerecord.fold.measurand import Measurand
from wholerecord.fold.measure_said import ObservationSaid, ReportSaid, value_of
from wholerecord.fold.measured_alone import in_report
from wholerecord.fold.pressures import CODE, PARTS, TITLE, is_pair, together
from wholerecord.fold.record import Coding, Entry, Kind, Measure
from wholerecord.fold.same_measure import meant
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, address, newest_first, newness
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


def make(group: Group[Said], around: Around) -> Entry:
    """One measurement."""
    each = group.told
    best = each[0]
    measure = best.measure
    if measure is not None and len(each) == 1 and not (best.again or group.rulings):
        panels = around.panels
        named = panels.get(best.key) if panels else None
        return _lone(best, in_report(measure, named) if named else measure, group.why)
    if len(each) > 1:
        each = [one for one in each if one.measurand is not None]
        best = max(each, key=_standing) if len(each) > 1 else each[0] if each else best
    what, said = best.measurand, best.said
    if what is None:
        return _empty_report(group)
    several = len(each) > 1
    pair = several and is_pair(each)
    title = f"{TITLE} (measured at home)" if best.at_home else TITLE
    if not pair:
        title = what.title_at_home if best.at_home else what.title
    return made(
        group,
        what.kind or _kind(best),
        title=title,
        code=CODE if pair else said.codes[0] if said.codes else None,
        when=(_moment(best, each) if several else said.when) or said.recorded,
        status=_STATUS.get(said.status, "unknown"),
        detail=_pressure(each, around) if pair else _naming(best, what, each, group, around),
        conflict=_disagreement(each) if several else "",
    )


def _kind(one: Told[Said]) -> Kind:
    """Where neither its category nor its concept says: a specimen's is a result."""
    if one.measure is not None:
        return Kind.OBSERVATION
    body = one.body
    specimen = isinstance(body, ObservationSaid) and body.specimen is not None
    return Kind.RESULT if specimen else Kind.OBSERVATION


def _lone(one: Told[Said], measure: Measure, why: str) -> Entry:
    """What one statement measured, that nothing else speaks of."""
    what, said = one.measurand, one.said
    title = "" if what is None else what.title_at_home if one.at_home else what.title
    return Entry(  # by position: see `record`
        (what and what.kind) or Kind.OBSERVATION,
        title,
        said.codes[0] if said.codes else None,
        said.when or said.recorded,
        None,
        _STATUS.get(said.status, "unknown"),
        (said,),
        why,
        measure,
        one.labels,
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
        best = max(same, key=_standing) if len(same) > 1 else same[0]
        what, codes = best.measurand, best.said.codes
        if what is not None:
            measure = _measure(best, what, same, around)
            parts.append((measure, what.title, codes[0] if codes else None))
    return together(parts)


def _standing(one: Told[Said]) -> tuple[int, tuple[object, ...]]:
    return (_RANK.get(one.said.status, 0), newness(one))


def _measure(
    best: Told[Said], what: Measurand, each: Sequence[Told[Said]], around: Around
) -> Measure:
    group = around.panels.get(best.key, "") if around.panels else ""
    before = _before(best, each, around) if len(each) > 1 or best.again else ()
    if best.measure is not None and not before:
        return in_report(best.measure, group) if group else best.measure
    body = best.body
    if not isinstance(body, ObservationSaid):
        return Measure(value="", group=group)
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
        value = body.data_absent_reason.words if body.data_absent_reason else ""
    specimen = body.specimen.display if body.specimen else ""
    return Measure(  # by position: see `record`
        value, number, unit, what.low, what.high, what.flag, parts, group, specimen, before
    )


def _naming(
    best: Told[Said],
    what: Measurand,
    each: Sequence[Told[Said]],
    group: Group[Said],
    around: Around,
) -> Measure:
    """The measure, with the statements that it, or a panel that stands with it, says it is of."""
    measure = _measure(best, what, each, around)
    names = tuple(
        dict.fromkeys(
            address(one, reference.reference)
            for one in group.told
            if one.measure is None and isinstance(body := one.body, ObservationSaid)
            for reference in (*body.focus, *body.has_member, *body.part_of)
            if reference.reference
        )
    )
    return structs.replace(measure, names=names) if names else measure


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
    if len({one.measurand.name for one in each if one.measurand is not None}) == len(each):
        return ""
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
