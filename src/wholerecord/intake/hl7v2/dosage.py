"""How a medicine is to be taken, as a Dosage.

Source: v2-to-FHIR segment maps RXO, RXR, TQ1[MedicationRequest]; datatype maps TQ, RPT[Timing]. A
repeat pattern is kept as its code and words; where it is one whose meaning the standard fixes
(table 0335: Q6H, BID, TID, QD …) it is a frequency as well.
"""

import re
from decimal import Decimal

from wholerecord.intake.hl7v2.courses import Course
from wholerecord.intake.hl7v2.datatypes import Json, concept
from wholerecord.intake.hl7v2.moments import moment
from wholerecord.intake.hl7v2.segment import Composite, Segment

NUMBER = re.compile(r"\d{1,18}(?:\.\d{1,18})?", re.ASCII)
_EVERY = re.compile(r"Q(\d{1,3})([SMHDWL])", re.ASCII)
_UNIT = {"S": "s", "M": "min", "H": "h", "D": "d", "W": "wk", "L": "mo"}
_TIMES = {"QD": 1, "OD": 1, "DAILY": 1, "BID": 2, "BD": 2, "TID": 3, "TDS": 3, "QID": 4, "QDS": 4}
_PATTERNS = "http://terminology.hl7.org/CodeSystem/v2-0335"
_UCUM = "http://unitsofmeasure.org"
#: Where RXE and RXO say amount (least, most) and units; rate and its units; words; and where given.
_FIELDS = {"RXE": (3, 4, 5, 23, 24, (7, 21)), "RXO": (2, 3, 4, 21, 22, (6, 7))}


def quantity(number: str, units: Composite) -> Json:
    """A Quantity; empty when `number` is none."""
    if not NUMBER.fullmatch(number):
        return {}
    said: Json = {"value": Decimal(number)}
    unit = concept(units)
    codings = unit.get("coding", ())
    if words := unit.get("text") or (codings[0]["code"] if codings else ""):
        said["unit"] = words
    for coding in codings:
        if coding.get("system") == _UCUM:
            said |= {"system": _UCUM, "code": coding["code"]}
    return said


def way(routes: list[Segment]) -> Json:
    """Route, site and method of the first RXR."""
    if not routes:
        return {}
    rxr = routes[0]
    parts = (("route", 1), ("site", 2), ("method", 4))
    return {key: said for key, field in parts if (said := concept(rxr.first(field)))}


def dosage(course: Course, head: Segment) -> list[Json]:
    """Each TQ1 (else what stands in its place before version 2.5) with the amount and the route."""
    least, most, unit, rate, rate_unit, words = _FIELDS[head.name]
    amount: Json = {}
    low, high = (quantity(head.text(n), head.first(unit)) for n in (least, most))
    if low and high and low != high:
        amount["doseRange"] = {"low": low, "high": high}
    elif low or high:
        amount["doseQuantity"] = low or high
    if speed := quantity(head.text(rate), head.first(rate_unit)):
        amount["rateQuantity"] = speed
    instructions = [text for n in words for each in head.repetitions(n) if (text := _words(each))]
    said: list[Json] = []
    for n, (timing, text) in enumerate(_timings(course, head), start=1):
        one: Json = {"sequence": n}
        if whole := "; ".join(dict.fromkeys(part for part in (*instructions, text) if part)):
            one["text"] = whole
        if timing:
            one["timing"] = timing
        one |= way(course.routes)
        if amount:
            one["doseAndRate"] = [amount]
        if len(one) > 1:
            said.append(one)
    return said


def _words(each: Composite) -> str:
    return each.text(2) or each.text(9) or each.text(1)


def _timings(course: Course, head: Segment) -> list[tuple[Json, str]]:
    """(Timing, words) of each; at least one, which may be empty."""
    said = [
        (_timing(tq1.first(3), tq1.text(7), tq1.text(8)), tq1.whole(11) or tq1.text(10))
        for tq1 in course.timings
    ]
    if said:
        return said
    older = head.first(1) if head.name == "RXE" else Composite("", head.delimiters)
    if not older and course.orc is not None:
        older = course.orc.first(7)
    pattern = older.sub(2, 1)
    return [(_when(pattern, "", older.text(4), older.text(5)), older.text(8))]


def _timing(pattern: Composite, start: str, end: str) -> Json:
    return _when(pattern.sub(1, 1), pattern.sub(1, 2), start, end)


def _when(code: str, words: str, start: str, end: str) -> Json:
    repeat: Json = {}
    bounds = {key: at for key, said in (("start", start), ("end", end)) if (at := moment(said))}
    if bounds:
        repeat["boundsPeriod"] = bounds
    name = code.upper()
    if match := _EVERY.fullmatch(name):
        repeat |= {"frequency": 1, "period": int(match[1]), "periodUnit": _UNIT[match[2]]}
    elif name in _TIMES:
        repeat |= {"frequency": _TIMES[name], "period": 1, "periodUnit": "d"}
    said: Json = {"repeat": repeat} if repeat else {}
    if code:
        said["code"] = {"coding": [{"system": _PATTERNS, "code": code}], "text": words or code}
    return said
