"""The first and last moment that a date, moment or time of day can mean.

Source: FHIRPath, lowBoundary() and highBoundary(): in milliseconds, and where no zone is said in
the zones furthest apart (+14:00 and -12:00). What a text is is told by its element: `birthDate` and
`…Date` are dates, what has a colon third a time of day, all else a moment.
"""

import calendar
import re

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_TIME = re.compile(r"(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?")
_ZONE = re.compile(r"Z|[+-]\d\d:\d\d")


def is_date(name: str) -> bool:
    """Whether an element so named holds a date and never a moment.

    >>> is_date("birthDate"), is_date("effectiveDateTime")
    (True, False)
    """
    return name.endswith("Date") or name == "date"


def boundary(text: str, name: str, *, high: bool) -> str | None:
    """The first (or last) moment that `text`, of the element `name`, can mean; None: it is none.

    >>> boundary("2024-02", "birthDate", high=True), boundary("12:34", "", high=False)
    ('2024-02-29', '12:34:00.000')
    >>> boundary("2024-02-01", "effectiveDateTime", high=False)
    '2024-02-01T00:00:00.000+14:00'
    """
    if text[2:3] == ":":
        return _time(text, high=high)
    day, _, rest = text.partition("T")
    date = _date(day, high=high)
    if date is None or is_date(name):
        return None if rest else date
    zone = _ZONE.search(rest)
    said = zone[0] if zone else "-12:00" if high else "+14:00"
    time = _time(rest[: zone.start()] if zone else rest, high=high)
    return None if time is None else f"{date}T{time}{said}"


def _date(text: str, *, high: bool) -> str | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (None if part is None else int(part) for part in match.groups())
    month = month or (12 if high else 1)
    if year is None or not (year >= 1 and 1 <= month <= 12):
        return None
    return f"{year:04}-{month:02}-{day or (calendar.monthrange(year, month)[1] if high else 1):02}"


def _time(text: str, *, high: bool) -> str | None:
    if not text:
        return "23:59:59.999" if high else "00:00:00.000"
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, part = match.groups()
    fill = ("59", "59", "9") if high else ("00", "00", "0")
    return f"{hour}:{minute or fill[0]}:{second or fill[1]}.{(part or '').ljust(3, fill[2])}"
