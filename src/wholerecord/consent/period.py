"""A time that a rule is about: the days of it, and its place in the name of what a rule withholds.

Source: FHIR R4 Consent, `provision.dataPeriod`; IHE Privacy Consent on FHIR (PCF) 1.1, Explicit
Intermediate. By days, for most of what a record says is dated by days or less closely.
"""

from dataclasses import dataclass
from datetime import date

from wholerecord.errors import Incorrect
from wholerecord.nhs import PartialDate

_WORD = "period:"


class BadPeriod(Incorrect):
    """A period has a first day, a last day or both, and does not end before it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first day to the last, both of them in it. None: open at that end.

    Raises:
        BadPeriod: it is open at both ends, or ends before it begins.

    >>> Period(first=date(2010, 1, 1), last=date(2012, 6, 30)).text
    '2010-01-01/2012-06-30'
    """

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first is None and self.last is None:
            raise BadPeriod
        if self.first is not None and self.last is not None and self.last < self.first:
            raise BadPeriod

    @property
    def text(self) -> str:
        """The days as ISO 8601 writes an interval; an open end is empty."""
        return f"{self.first or ''}/{self.last or ''}"

    def may_hold(self, first: date, last: date) -> bool:
        """Whether any day from `first` to `last` is in it.

        What is dated by a year may have been on any day of it: who hides a month of that year hides
        it.
        """
        return (self.last is None or first <= self.last) and (
            self.first is None or self.first <= last
        )

    def may_hold_date(self, when: PartialDate) -> bool:
        """Whether what is dated so may have been in it.

        >>> spring = Period(first=date(2010, 3, 1), last=date(2010, 5, 31))
        >>> [spring.may_hold_date(PartialDate.parse(text)) for text in ("2010", "2010-06")]
        [True, False]
        """
        return self.may_hold(when.day, when.last_day)

    def say(self) -> str:
        """The time as people read it.

        >>> Period(last=date(2012, 6, 30)).say()
        'until 30 Jun 2012'
        """
        first, last = (_said(each) for each in (self.first, self.last))
        if first and last:
            return f"from {first} to {last}"
        return f"since {first}" if first else f"until {last}"


def within(period: Period | None, thing: str | None) -> str | None:
    """What a rule about a thing of that time withholds, in one name; the thing's own without one.

    >>> within(Period(first=date(2010, 1, 1)), "kind:medicine")
    'period:2010-01-01/ kind:medicine'
    """
    if period is None:
        return thing
    return f"{_WORD}{period.text} {thing or ''}".rstrip()


def apart(name: str) -> tuple[Period | None, str]:
    """The time that such a name has, and the thing; "" for everything of that time.

    >>> apart("period:2010-01-01/")[0].first, apart("period:2010-01-01/ sealed")[1], apart("sealed")
    (datetime.date(2010, 1, 1), 'sealed', (None, 'sealed'))
    """
    if not name.startswith(_WORD):
        return None, name
    days, _, thing = name.removeprefix(_WORD).partition(" ")
    first, _, last = days.partition("/")
    return Period(first=_day(first), last=_day(last)), thing


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _said(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%b %Y}"
