"""HL7 times as FHIR times, no more precise than they were said.

Source: HL7 v2.5.1 section 2.A.22 (DTM), v2-to-FHIR datatype map TS[dateTime]. A time that names no
offset is the local time of the United Kingdom, summer time included.
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_LOCAL = ZoneInfo("Europe/London")
_TIME = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,9}))?)?)?)?)?)?"
    r"\s?([+-]\d{4})?",
    re.ASCII,
)
#: Nanoseconds and a zone. What is longer is no time, and is not remembered.
_LONGEST = 32
_CLOCK = re.compile(r"(\d\d)(\d\d)(?:(\d\d)(?:\.\d{1,9})?)?(?:[+-]\d{4})?", re.ASCII)


def moment(text: str) -> str:
    """A FHIR dateTime of the same precision, or "" when `text` is not a time.

    FHIR has no moment without minutes and seconds: an hour alone becomes its first second.

    >>> moment("201903"), moment("20190702101500"), moment("201901021015+0100")
    ('2019-03', '2019-07-02T10:15:00+01:00', '2019-01-02T10:15:00+01:00')
    >>> moment("20190230"), moment("2019-03-02")
    ('', '')
    """
    return _moment(text) if len(text) <= _LONGEST else ""


@lru_cache(maxsize=65536)
def _moment(text: str) -> str:
    match = _TIME.fullmatch(text)
    if match is None:
        return ""
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        if hour is None:
            date(int(year), int(month or 1), int(day or 1))
            return "-".join(part for part in (year, month, day) if part)
        said = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute or 0),
            min(int(second or 0), 59),  # a leap second is the last of its minute
            tzinfo=UTC,
        )
    except ValueError:
        return ""
    offset = _offset(said, zone)
    clock = said.strftime("%H:%M:%S") + (f".{fraction}" if fraction else "")
    return f"{year}-{month}-{day}T{clock}{offset}" if offset else ""


def day(text: str) -> str:
    """The date part as a FHIR date, or "".

    >>> day("195006010000"), day("1950")
    ('1950-06-01', '1950')
    """
    return moment(text)[:10]


def instant(text: str) -> str:
    """A FHIR instant, or "" when `text` is not as precise as a minute.

    >>> instant("20190702"), instant("201907021015")
    ('', '2019-07-02T10:15:00+01:00')
    """
    said = moment(text)
    return said if len(said) > 10 else ""


def clock(text: str) -> str:
    """A FHIR time of day, or "".

    >>> clock("1015"), clock("2560")
    ('10:15:00', '')
    """
    match = _CLOCK.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return ""
    return f"{match[1]}:{match[2]}:{match[3] or '00'}"


def _offset(said: datetime, zone: str | None) -> str:
    if zone:
        hours, minutes = int(zone[1:3]), int(zone[3:5])
        return f"{zone[:3]}:{zone[3:5]}" if hours <= 14 and minutes <= 59 else ""
    offset = said.replace(tzinfo=_LOCAL).strftime("%z")
    return f"{offset[:3]}:{offset[3:5]}"
