"""Search by date: `date=ge2013-01`. Source: FHIR R4, Search, "date"."""

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any, NamedTuple

from wholerecord.fhir.search.around import Around, Unreadable
from wholerecord.fhir.search.path import Element, Json, under, values
from wholerecord.fhir.search.spans import Times, prefixed, times_fit
from wholerecord.nhs import PartialDate

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ALWAYS = Times(-inf, inf)


class Asked(NamedTuple):
    """A time that is asked for."""

    prefix: str
    times: Times


def read(text: str, _modifier: str, around: Around) -> Asked:
    """What a value asks for.

    Raises:
        Unreadable: it is no date.
    """
    prefix, rest = prefixed(text)
    times = span(rest.replace(" ", "+"))  # a plus that was not escaped in the address
    if times is None:
        raise Unreadable("not a date such as 2013, 2013-01, 2013-01-14 or 2013-01-14T10:00Z")
    if prefix == "ap":
        now = (around.now - _EPOCH) / _MICROSECOND
        reach = max(abs(now - times.low), abs(now - times.high)) / 10
        times = Times(times.low - reach, times.high + reach)
    return Asked(prefix, times)


def held(element: Element) -> Iterator[Times]:
    """The times of an element: one, or none where it says none."""
    value = element.value
    times: Times | None
    match element.type:
        case "Period":
            times = period(value)
        case "Timing":
            times = _timing(value)
        case _:
            times = span(value)
    if times is not None and times != _ALWAYS:
        yield times


def fits(asked: Asked, times: Times) -> bool:
    """Whether a time held is one that is asked for."""
    return times_fit(asked.prefix, asked.times, times)


def order(times: Times) -> tuple[float, float]:
    """What it is sorted by, upwards and downwards."""
    return times


def span(text: Any) -> Times | None:
    """The microseconds a date may mean, by its precision; None when it is no date.

    >>> year = span("1970")
    >>> year.low, year.high / 86_400_000_000
    (0.0, 365.0)
    """
    date = PartialDate.parse(text) if isinstance(text, str) else None
    if date is None:
        return None
    low = (date.start - _EPOCH) / _MICROSECOND
    return Times(low, low + _length(date) / _MICROSECOND)


def _length(date: PartialDate) -> timedelta:
    start, text = date.start, date.text
    match date.precision:
        case "year":
            return timedelta(days=366 if isleap(start.year) else 365)
        case "month":
            return timedelta(days=monthrange(start.year, start.month)[1])
        case "day":
            return timedelta(days=1)
        case _:
            return _of_moment(text)


def _of_moment(text: str) -> timedelta:
    clock = text[11:].rstrip("Z").partition("+")[0].partition("-")[0]
    _, dot, fraction = clock.partition(".")
    if dot:
        return timedelta(microseconds=10 ** (6 - min(len(fraction), 6)))
    return timedelta(seconds=1) if len(clock) > 5 else timedelta(minutes=1)


def period(value: Json) -> Times:
    """From a period's start to its end, open where it does not say."""
    start, end = span(value.get("start")), span(value.get("end"))
    return Times(start.low if start else -inf, end.high if end else inf)


def _timing(value: Json) -> Times | None:
    """From the first to the last moment a timing names; None where it names none."""
    bounds = under(under(value, "repeat"), "boundsPeriod")
    known: list[Times | None] = [span(event) for event in values(value, "event")]
    known += [period(bounds)] if bounds else []
    found = [times for times in known if times is not None]
    if not found:
        return None
    return Times(min(one.low for one in found), max(one.high for one in found))
