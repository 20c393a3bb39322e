"""Results and observations: the newest of each test, with how it got there."""

from collections.abc import Sequence
from decimal import Decimal

from wholerecord.care.software import marked
from wholerecord.fold import Entry, Measure
from wholerecord.portal.clinician.view import Line, Spark
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.units import unit

#: Points in a trend line, and values written before the newest.
_MOST_POINTS = 12
_MOST_BEFORE = 2
_WIDTH, _HEIGHT, _EDGE = 64, 18, 3

#: HL7 v3 ObservationInterpretation: the codes that ask for attention.
_ABNORMAL = {
    "H": "High",
    "L": "Low",
    "HH": "Very high",
    "LL": "Very low",
    "HU": "Very high",
    "LU": "Very low",
    "A": "Abnormal",
    "AA": "Very abnormal",
    "POS": "Positive",
    "R": "Resistant",
}
_CRITICAL = frozenset({"HH", "LL", "HU", "LU", "AA"})


def trend_line(links: Links, test: Sequence[Entry], *, age: str = "") -> Line:
    """One test: its newest value at the right of those before it, with its date (or `age`)."""
    newest = test[0]
    detail = _measure(newest)
    flag = _ABNORMAL.get(detail.flag, "")
    before = [_measure(entry).value for entry in test[1 : 1 + _MOST_BEFORE]]
    return Line(
        text=newest.title,
        href=links.entry(newest),
        value=said_value(detail),
        before=" ".join(reversed(before)) if detail.number is not None else "",
        note=age or words.day(newest.when),
        mark=marked(newest, flag or ("Corrected" if detail.corrected_from else "")),
        tone="danger" if detail.flag in _CRITICAL else "warn" if flag else "",
        spark=spark(test),
    )


def said_value(detail: Measure) -> str:
    """The value as written, with its unit: `48 mmol/mol`, `132/81 mmHg`."""
    if detail.parts and not detail.value:
        numbers = [part for part in detail.parts if part.number is not None]
        if len(numbers) == 2 and numbers[0].unit == numbers[1].unit:
            return f"{numbers[0].value}/{numbers[1].value} {unit(numbers[0].unit)}".strip()
        said = (f"{part.title} {part.value} {unit(part.unit)}".strip() for part in detail.parts)
        return ", ".join(said)
    return f"{detail.value} {unit(detail.unit)}".strip()


def spark(test: Sequence[Entry]) -> Spark | None:
    """The trend of the newest values in the same unit, or None with fewer than two of them."""
    sent = _measure(test[0]).unit
    newest_first = [
        number
        for entry in test[:_MOST_POINTS]
        if (detail := _measure(entry)).unit == sent and (number := _number(detail)) is not None
    ]
    if len(newest_first) < 2:
        return None
    numbers = newest_first[::-1]
    low, high = min(numbers), max(numbers)
    step = (_WIDTH - 2 * _EDGE) / (len(numbers) - 1)
    scale = (_HEIGHT - 2 * _EDGE) / float(high - low) if high > low else 0.0
    middle = _HEIGHT / 2
    points = [
        (
            f"{_EDGE + index * step:.1f}",
            f"{_HEIGHT - _EDGE - float(number - low) * scale if scale else middle:.1f}",
        )
        for index, number in enumerate(numbers)
    ]
    x, y = points[-1]
    return Spark(
        points=" ".join(f"{a},{b}" for a, b in points),
        x=x,
        y=y,
        says=f"{len(numbers)} values from {low} to {high}",
    )


def _number(detail: Measure) -> Decimal | None:
    if detail.number is not None:
        return detail.number
    return next((part.number for part in detail.parts if part.number is not None), None)


def _measure(entry: Entry) -> Measure:
    return entry.detail if isinstance(entry.detail, Measure) else Measure(value="")
