"""OBX-5 as the value of an Observation, exactly as written.

Source: v2-to-FHIR segment map OBX[Observation], rows OBX-5 and OBX-6; datatype maps NM[Quantity],
SN[Quantity], SN[Range], SN[Ratio]. A value that is not what OBX-2 says it is stays, as text.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from wholerecord.intake.hl7v2.datatypes import REMEMBERED, Json, Said, concept, is_short, period
from wholerecord.intake.hl7v2.escapes import STANDARD
from wholerecord.intake.hl7v2.moments import clock, moment
from wholerecord.intake.hl7v2.segment import Composite, Segment

_NUMBER = re.compile(r"[+-]?(?:\d{1,64}(?:\.\d{0,64})?|\.\d{1,64})", re.ASCII)
_COMPARED = re.compile(r"(<=|>=|<|>)\s*([+-]?\d{1,64}(?:\.\d{0,64})?)", re.ASCII)
_RANGE = re.compile(
    r"([+-]?\d{1,64}(?:\.\d{1,64})?)\s*-\s*([+-]?\d{1,64}(?:\.\d{1,64})?)", re.ASCII
)
_BOUND = re.compile(r"(<=|>=|<|>)\s*([+-]?\d{1,64}(?:\.\d{1,64})?)", re.ASCII)
_UCUM = "http://unitsofmeasure.org"
_CODED = frozenset({"CE", "CWE", "CNE", "CF", "IS", "ID"})
_TEXT = frozenset({"ST", "TX", "FT", ""})


def value_of(obx: Segment, kind: str, unit: Said) -> Json:
    """`{"valueQuantity": …}` or another `value[x]`; `component`s for several; empty for none.

    `kind` is OBX-2, `unit` what `unit_of` says.
    """
    if kind in _TEXT:
        text = obx.whole(5)
        return {"valueString": text} if text else {}
    if kind == "NM" and obx.is_standard and _NUMBER.fullmatch(number := obx.raw(5)):
        return {"valueQuantity": {"value": Decimal(number), **unit}}  # as nearly all are
    values = [said for each in obx.repetitions(5) if (said := _one(kind, each, unit))]
    if len(values) < 2:
        return values[0] if values else {}
    code = concept(obx.first(3))
    return {"component": [{"code": code, **each} for each in values]}


def unit_of(obx: Segment) -> Said:
    """Unit, and its system and code where the message says which system it is of."""
    field = obx.first(6)
    return _remembered_unit(field.raw) if is_short(field) else _unit(field)


@lru_cache(maxsize=REMEMBERED)
def _remembered_unit(raw: str) -> Said:
    return _unit(Composite(raw, STANDARD))


def _unit(field: Composite) -> Said:
    said = concept(field)
    if not said:
        return {}
    codings = said.get("coding", ())
    unit: Json = {"unit": said["text"] if "text" in said else codings[0]["code"]}
    for coding in codings:
        if coding.get("system") == _UCUM:
            unit |= {"system": _UCUM, "code": coding["code"]}
    return unit


def range_of(obx: Segment, unit: Said) -> Sequence[Said]:
    """OBX-7 as the laboratory wrote it, with bounds where it is a range of numbers."""
    text = obx.whole(7)
    if not text:
        return ()
    said: Json = {"text": text}
    if match := _RANGE.fullmatch(text):
        said["low"] = {"value": Decimal(match[1]), **unit}
        said["high"] = {"value": Decimal(match[2]), **unit}
    elif match := _BOUND.fullmatch(text):
        said["high" if match[1][0] == "<" else "low"] = {"value": Decimal(match[2]), **unit}
    return (said,)


def _one(kind: str, said: Composite, unit: Said) -> Json:
    match kind:
        case "NM":
            value = _quantity(said.text(1), unit)
        case "SN":
            value = _structured(said, unit)
        case "DT" | "TS" | "DTM":
            value = {"valueDateTime": at} if (at := moment(said.text(1))) else {}
        case "TM":
            value = {"valueTime": at} if (at := clock(said.text(1))) else {}
        case "DR":
            value = {"valuePeriod": span} if (span := period(said.text(1), said.text(2))) else {}
        case "NR":
            value = _between(said.text(1), said.text(2), unit)
        case "CQ":
            unit = {"unit": own} if (own := said.sub(2, 1)) else unit
            value = _quantity(said.text(1), unit)
        case _ if kind in _CODED:
            value = {"valueCodeableConcept": coded} if (coded := concept(said)) else {}
        case _:
            value = {}
    if value:
        return value
    words = " ".join(said.texts())
    return {"valueString": words} if words else {}


def _quantity(text: str, unit: Said) -> Json:
    """A number, or one a laboratory wrote as `<0.5`; empty when it is neither."""
    if _NUMBER.fullmatch(text):
        return {"valueQuantity": {"value": Decimal(text), **unit}}
    if match := _COMPARED.fullmatch(text):
        number = Decimal(match[2])
        return {"valueQuantity": {"comparator": match[1], "value": number, **unit}}
    return {}


def _structured(said: Composite, unit: Said) -> Json:
    """SN: comparator, number, separator, number. Empty when it is none of the forms FHIR has."""
    comparator, first, separator, second = (said.text(n) for n in range(1, 5))
    if comparator not in {"", "=", "<", ">", "<=", ">="} or not _NUMBER.fullmatch(first):
        return {}
    if separator == "-" and second:
        return _between(first, second, unit)
    if separator in {":", "/"} and _NUMBER.fullmatch(second):
        numerator = {"value": Decimal(first), **unit}
        if comparator not in {"", "="}:
            numerator["comparator"] = comparator
        return {"valueRatio": {"numerator": numerator, "denominator": {"value": Decimal(second)}}}
    if separator or second:
        return {}
    return _quantity(comparator.replace("=", "", comparator == "=") + first, unit)


def _between(low: str, high: str, unit: Said) -> Json:
    if not (_NUMBER.fullmatch(low) and _NUMBER.fullmatch(high)):
        return {}
    ends = {"low": {"value": Decimal(low), **unit}, "high": {"value": Decimal(high), **unit}}
    return {"valueRange": ends}
