"""Dates of which only a part is known.

Source: FHIR R4, datatypes `date`, `dateTime` and `instant`: year, year-month, day, or a moment.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import msgspec

_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_FHIR = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?"
    r"(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?)?)?",
    re.ASCII,
)


class PartialDate(msgspec.Struct, frozen=True, order=True, gc=False):
    """A date or moment as it was said: `text` keeps its precision, `start` sorts and subtracts.

    `start` is the earliest moment the text can mean, in UTC; a text with no zone is read as UTC.
    A struct and not a dataclass because a record has one or two for each of its statements.

    >>> PartialDate.parse("2019-03").say()
    'Mar 2019'
    >>> PartialDate.parse("2019-03-02T10:15:00+00:00").say()
    '2 Mar 2019 10:15'
    >>> PartialDate.parse("2019-02-30") is None
    True
    """

    start: datetime
    text: str

    @staticmethod
    def parse(text: str | None) -> "PartialDate | None":
        """Read a FHIR date, dateTime or instant. None when it is not one."""
        if not text:
            return None
        return _known.get(text) or _learn(text)

    @property
    def day(self) -> date:
        """The (first) calendar day meant, in the zone it was said in."""
        if len(self.text) >= 10:
            return date.fromisoformat(self.text[:10])
        year, month, day = (*(int(part) for part in self.text[:10].split("-")), 1, 1)[:3]
        return date(year, month, day)

    @property
    def last_day(self) -> date:
        """The last calendar day it can mean, in the zone it was said in.

        >>> PartialDate.parse("2012-02").last_day
        datetime.date(2012, 2, 29)
        """
        first = self.day
        match self.precision:
            case "year":
                return first.replace(month=12, day=31)
            case "month":
                return first.replace(day=monthrange(first.year, first.month)[1])
            case _:
                return first

    @property
    def precision(self) -> str:
        """`year`, `month`, `day` or `moment`."""
        return _PRECISIONS.get(len(self.text), "moment")

    def days_from(self, other: "PartialDate") -> float:
        """Days between the starts, never negative. Symmetric."""
        return abs((self.start - other.start) / timedelta(days=1))

    def say(self) -> str:
        """The date as the NHS writes it for people, no more precise than it was said."""
        match self.precision:
            case "year":
                return self.text
            case "month":
                return f"{self.day:%b %Y}"
            case "day":
                return f"{self.day.day} {self.day:%b %Y}"
            case _:
                return f"{self.day.day} {self.day:%b %Y} {self.text[11:16]}"


#: What texts mean, by text: one moment is said of many things. A dictionary and not `lru_cache`,
#: which also writes down at every look how lately each was asked for.
_known: dict[str, PartialDate] = {}
_MOST = 65536
#: Characters of a text that is remembered: a fraction of a second may have a million digits.
_LONGEST = 64


def _learn(text: str) -> PartialDate | None:
    """What a text not seen before means, kept where it is a date."""
    moment = _usual(text)
    found = _closely(text) if moment is None else PartialDate(moment, text)
    if found is not None and len(text) <= _LONGEST:
        if len(_known) >= _MOST:
            _known.clear()
        _known[text] = found
    return found


def _usual(text: str) -> datetime | None:
    """What a day, or a whole instant with its zone, means the usual way; None to look closely.

    Python reads the text in C, a fifth of the time of a look through the pattern. It reads other
    forms too (weeks, no separators), so the separators are looked at first.
    """
    if len(text) == 10:
        text += "T00:00:00Z"
    if text[4:17:3] != "--T::" or len(text) < 20 or text[19] not in ".Z+-":
        return None
    if text[-1] != "Z" and (text[-3] != ":" or text[-6] not in "+-"):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _closely(text: str) -> PartialDate | None:
    """What any FHIR date means, by its pattern."""
    match = _FHIR.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        start = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            min(int(second or 0), 59),  # a leap second is the last of its minute
            int((fraction or "0")[:6].ljust(6, "0")),
            tzinfo=UTC,
        )
        if zone and zone != "Z":
            sign = 1 if zone[0] == "+" else -1
            start -= sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    except (ValueError, OverflowError):
        return None
    return PartialDate(start, text)
