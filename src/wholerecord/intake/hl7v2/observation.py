"""One OBX with its notes as an Observation. Source: v2-to-FHIR segment maps OBX, NTE[Observation].

A result is known by its order (OBR-3, else OBR-2, else ORC), its test (OBR-4), its code (OBX-3) and
sub-id (OBX-4), so that a correction is a later version of the same Observation and a retraction
(OBX-11 D or W) marks it as an error.
"""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Raw

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import REMEMBERED, Json, Said, concept, staff
from wholerecord.intake.hl7v2.escapes import STANDARD
from wholerecord.intake.hl7v2.moments import instant, moment
from wholerecord.intake.hl7v2.orders import Line, Order
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.hl7v2.value import range_of, value_of
from wholerecord.record import canonical

_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
#: The fields of an OBX that are another's in the next message: set id, value, and its times.
_PASSING = (1, 5, 14, 19)
#: Characters of an OBX without those of which it is remembered what it means.
_SHORT_LINE = 400
_CATEGORIES: dict[str, Sequence[Said]] = {
    section: ({"coding": [{"system": _CATEGORY, "code": code}]},)
    for section, code in tables.OBSERVATION_CATEGORY.items()
}
_INTERPRETATIONS: dict[str, Said] = {
    code: {"coding": [{"system": _INTERPRETATION, "code": code}]} for code in tables.INTERPRETATION
}
_ABSENT_WHEN = {"X": "error", "N": "not-asked", "I": "temp-unknown"}


def order_number(telling: Telling, order: Order) -> tuple[str, str]:
    """(number, test) of the order. Without a number, when it was taken; without that, the message.

    The namespace of the number is left out: corrections of one order are seen with and without.
    """
    obr, orc = order.obr, order.orc
    test = (obr.text(4) or obr.text(4, 2)) if obr else ""
    candidates = ((obr, 3), (orc, 3), (obr, 2), (orc, 2))
    for segment, n in candidates:
        if segment and (number := segment.text(n)):
            return number, test
    taken = obr.text(7) if obr else ""
    key = telling.number[0], telling.number[1], taken or f"in {telling.control}"
    return fhir_id(*key), test


def say_line(
    telling: Telling, order: Order, number: tuple[str, str], line: Line, more: Json | None = None
) -> str:
    """File one Observation and return its id; "" for a document, which the report carries.

    `more` is what else it says of itself.
    """
    obx = line.obx
    if obx.text(2).upper() in {"ED", "RP"} and order.obr is not None:
        return ""
    code = concept(obx.first(3)) or concept(order.obr.first(4) if order.obr else obx.first(3))
    known_by = telling.unlike("Observation", *number, obx.text(3) or obx.text(3, 2), obx.text(4))
    telling.say(
        "Observation",
        known_by,
        obx.place,
        {
            **_lasting(obx),
            "status": line_status(order, obx),
            "category": _category(order),
            "code": code or {"text": "not named"},
            "subject": telling.subject,
            "encounter": telling.encounter,
            "effectiveDateTime": telling.moment(obx, 14) or _taken(telling, order),
            "issued": _issued(order, obx),
            "note": notes_of(line.notes) if line.notes else (),
            **_value(line),
            **(more or {}),
        },
    )
    return known_by


def _lasting(obx: Segment) -> Said:
    """What a laboratory says alike of every such value; remembered, as `datatypes.concept` is."""
    if not obx.is_standard:
        return _lasting_of(obx)
    without_value = obx.without(*_PASSING)
    if len(without_value) > _SHORT_LINE:
        return _lasting_of(obx)
    return _remembered_lasting(without_value)


@lru_cache(maxsize=REMEMBERED)
def _remembered_lasting(line: str) -> Said:
    return _lasting_of(Segment("OBX", 1, line, STANDARD))


def _lasting_of(obx: Segment) -> Said:
    said = {
        "performer": _performers(obx),
        "interpretation": _interpretation(obx),
        "referenceRange": range_of(obx),
        "method": concept(obx.first(17)),
        "bodySite": concept(obx.first(20)),
    }
    return {key: Raw(canonical(value)) for key, value in said.items() if value}


def line_status(order: Order, obx: Segment) -> str:
    """OBX-11, else what the report's OBR-25 says; never final because nothing was said."""
    said = tables.OBSERVATION_STATUS.get(obx.text(11).upper())
    if said:
        return said
    report = order.obr.text(25).upper() if order.obr else ""
    return {"F": "final", "C": "corrected", "P": "preliminary"}.get(report, "unknown")


def _value(line: Line) -> Json:
    value = value_of(line.obx)
    if line.more:
        texts = (each.whole(5) for each in (line.obx, *line.more))
        return {"valueString": "\n".join(texts).strip()}
    absent = _ABSENT_WHEN.get(line.obx.text(11).upper())
    if value or not absent:
        return value
    return {"dataAbsentReason": {"coding": [{"system": _ABSENT, "code": absent}]}}


def _taken(telling: Telling, order: Order) -> str:
    if order.obr is None:
        return ""
    if said := telling.moment(order.obr, 7):
        return said
    return next((at for each in order.specimens if (at := moment(each.text(17)))), "")


def _issued(order: Order, obx: Segment) -> str:
    return instant(obx.text(19)) or (instant(order.obr.text(22)) if order.obr else "")


def _category(order: Order) -> Sequence[Said]:
    return _CATEGORIES.get(order.obr.text(24).upper(), ()) if order.obr else ()


def _interpretation(obx: Segment) -> list[Said]:
    said: list[Said] = []
    for each in obx.repetitions(8):
        code = each.text(1)
        if code in _INTERPRETATIONS:
            said.append(_INTERPRETATIONS[code])
        elif other := concept(each):
            said.append(other)
    return said


def _performers(obx: Segment) -> list[Said]:
    said = [one for each in obx.repetitions(16) if (one := staff(each))]
    if laboratory := obx.text(23) or obx.text(15, 2) or obx.text(15):
        said.append({"display": laboratory})
    return said


def notes_of(notes: Sequence[Segment]) -> list[Json]:
    """NTE as one Annotation; empty for none."""
    text = "\n".join(words for each in notes if (words := each.whole(3)))
    return [{"text": text}] if text else []
