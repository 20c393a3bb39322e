"""HL7 v3 times as FHIR times.

Source: HL7 v3 data types, TS and IVL<TS>. Written as HL7 v2 writes them, but that an offset may be
whole hours (`+00`), as NHS ITK has it.
"""

import re

from wholerecord.intake.cda.look import first, said
from wholerecord.intake.hl7v2 import moments
from wholerecord.intake.markup import Element

_HOURS = re.compile(r"(?<=\d)[+-]\d\d$", re.ASCII)


def moment(text: str) -> str:
    """A FHIR dateTime of the same precision, or "" when `text` is not a time.

    >>> moment("201701012000+00"), moment("2019"), moment("soon")
    ('2017-01-01T20:00:00+00:00', '2019', '')
    """
    return moments.moment(text + "00" if _HOURS.search(text) and len(text) > 8 else text)


def instant(text: str) -> str:
    """A FHIR instant, or "" when `text` is not as precise as a minute."""
    at = moment(text)
    return at if len(at) > 10 else ""


def span(element: Element | None) -> tuple[str, str]:
    """(start, end) that a time says, each "" when not said: a moment alone is a start.

    `centre` and `width` are how imprecise systems say a moment; the centre is taken.
    """
    if element is None:
        return "", ""
    alone = moment(said(element, "value")) or moment(said(first(element, "center"), "value"))
    start = moment(said(first(element, "low"), "value"))
    return start or alone, moment(said(first(element, "high"), "value"))


def when(name: str, start: str, end: str) -> dict[str, str | dict[str, str]]:
    """`{name}DateTime` for a moment, `{name}Period` where an end is said; empty without either."""
    if end:
        return {f"{name}Period": {"start": start, "end": end} if start else {"end": end}}
    return {f"{name}DateTime": start} if start else {}
