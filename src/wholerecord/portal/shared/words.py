"""Codes and numbers in the words people use.

Sources: NHS digital service manual, "Numbers, measurements, dates and time"; NHS Data Dictionary,
NHS NUMBER STATUS INDICATOR CODE; FHIR R4 AdministrativeGender.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from wholerecord.care.heard import listed as in_a_sentence
from wholerecord.nhs import PartialDate

_LONDON = ZoneInfo("Europe/London")
_SEX = {"male": "Male", "female": "Female", "other": "Other", "unknown": "Not known"}
_STATUS = {
    "01": "verified",
    "02": "present, not verified",
    "03": "trace required",
    "04": "trace attempted: no match or several",
    "05": "trace needs to be resolved",
    "06": "trace in progress",
    "07": "not present, trace not required",
    "08": "trace postponed",
}


def sex(code: str) -> str:
    """The sex a source gave, in a word."""
    return _SEX.get(code, code.capitalize() or "Not said")


def number_status(code: str) -> str:
    """What is known of an NHS number, in words."""
    return _STATUS.get(code, "status not said")


def age(born: PartialDate, on: date) -> str:
    """The age on a day as clinicians write it: weeks below 1, months below 2, then years.

    >>> age(PartialDate.parse("1950-03-02"), date(2026, 3, 1))
    '75 years'
    >>> age(PartialDate.parse("2026-01-05"), date(2026, 3, 2))
    '8 weeks'
    """
    day = born.day
    if born.precision == "year":
        return f"about {on.year - day.year} years"
    months = (on.year - day.year) * 12 + on.month - day.month - (on.day < day.day)
    if months < 12:
        return count((on - day).days // 7, "week")
    return f"{months} months" if months < 24 else f"{months // 12} years"


def count(n: int, noun: str, plural: str = "") -> str:
    """How many of what, with the noun in its number.

    >>> count(1, "source"), count(1200, "entry", "entries")
    ('1 source', '1,200 entries')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in one unit people would choose."""
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 2:
        return "just now"
    if minutes < 120:
        return f"{minutes} minutes ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} hours ago"
    days = minutes // (24 * 60)
    if days < 60:
        return f"{days} days ago"
    return f"{days // 30} months ago" if days < 730 else f"{days // 365} years ago"


def moment(at: datetime) -> str:
    """A moment of ours as it is on a clock in England."""
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(_LONDON)
    return f"{local.day} {local:%b %Y %H:%M}"


@lru_cache(maxsize=8192)
def day(at: PartialDate | None, missing: str = "date not said") -> str:
    """The date of something, without its time of day."""
    if at is None:
        return missing
    return at.say() if at.precision != "moment" else f"{at.day.day} {at.day:%b %Y}"


def listed(parts: Iterable[str]) -> str:
    """Names in a sentence: `a`, `a and b`, `a, b and c`."""
    return in_a_sentence(list(parts))
