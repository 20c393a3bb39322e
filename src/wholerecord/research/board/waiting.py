"""Boards of waiting: who was referred and not seen, for how long, and whether a day is booked.

A person waits from the day of the longest of their referrals that nobody has told the end of
(`research.referrals`). The bands are those of NHS England's statistics of consultant-led waiting
times; 18 weeks is the standard of the NHS Commissioning Board and Clinical Commissioning Groups
(Responsibilities and Standing Rules) Regulations 2012, part 9. Those count pathways to treatment,
these people to a first visit: so neither is the other. A demonstration until a clinical safety
officer signs it.
"""

from datetime import date, timedelta
from types import MappingProxyType

from wholerecord.research.board.asked import (
    YEAR,
    Measure,
    Measured,
    Spread,
    by_day,
    everybody,
    fewer,
    since,
)
from wholerecord.research.referrals import REFERRAL
from wholerecord.research.study.nodes import (
    Among,
    Band,
    Both,
    Cell,
    Compare,
    Days,
    Exists,
    Expression,
    Known,
    Not,
    Pick,
    Rows,
    Value,
)

GROUP = "Waiting lists"
_STANDARD, _FORTNIGHT = timedelta(weeks=18), timedelta(days=14)
_WEEKS = (0, 6, 12, 18, 26, 52, 65)
_BANDS = tuple(7 * weeks for weeks in _WEEKS)
_ENDS_NOT_TOLD = (
    "A wait ends when a visit names its referral, or its source says that it is over. Where sources"
    " do not say so, people are shown as waiting who are not: see"
    " “Referrals of a year ago whose end nobody told”."
)
_UNDATED = "Referrals of which no day is told are not among them."
_BOOKED = MappingProxyType(
    {"yes": "A day is booked", "no": "The day booked has passed", "not known": "None is booked"}
)


def _open(on: date) -> Rows:
    """The referrals that wait on a day, as far as it was told by then."""
    code = Compare("=", Cell("code"), Value(REFERRAL[1]))
    waiting = Among(Cell("status"), frozenset({"waiting"}))
    return fewer(by_day(Rows("referral", code), on), waiting)


def _waited(on: date) -> Expression:
    """Days that somebody has waited, by the longest of their waits."""
    return Days(Pick(_open(on), last=False, column="at"), Value(on))


def _ahead(on: date) -> Expression:
    """Whether a day is booked that is still to come; not known where none is booked."""
    return Compare(">=", Pick(_open(on), last=False, column="booked"), Value(on))


def _weeks(name: str) -> str:
    """A band of days, in weeks.

    >>> _weeks("42 to 83"), _weeks("455 and over"), _weeks("not known")
    ('6 to 11 weeks', '65 weeks and over', 'not known')
    """
    match name.split(" "):
        case [first, "to", last]:
            return f"{int(first) // 7} to {(int(last) + 1) // 7 - 1} weeks"
        case [first, "and", "over"]:
            return f"{int(first) // 7} weeks and over"
        case _:
            return name


_LONG = Spread(name="Weeks waited", by=lambda on: Band(_waited(on), _BANDS), said=_weeks)


def _priority(on: date) -> Expression:
    return Pick(_open(on), last=False, column="priority")


def _waits() -> Measure:
    def asked(on: date) -> Measured:
        return Measured(among=everybody(), of=Exists(_open(on)))

    return Measure(
        id="waiting",
        group=GROUP,
        title="People who wait after a referral",
        among="everybody alive",
        asked=asked,
        cautions=(_ENDS_NOT_TOLD, _UNDATED),
    )


def _long() -> Measure:
    def asked(on: date) -> Measured:
        long = Compare(">=", _waited(on), Value(_STANDARD.days))
        return Measured(among=Exists(_open(on)), of=long)

    return Measure(
        id="waiting-18-weeks",
        group=GROUP,
        title="People who have waited 18 weeks or longer",
        among="everybody alive who waits after a referral, by the longest of their waits",
        asked=asked,
        spread=_LONG,
        more=(("Priority", _priority),),
        cautions=(_ENDS_NOT_TOLD, _UNDATED),
    )


def _no_day() -> Measure:
    def asked(on: date) -> Measured:
        booked = Both(Known(_ahead(on)), _ahead(on))
        return Measured(among=Exists(_open(on)), of=Not(booked))

    return Measure(
        id="waiting-no-day",
        group=GROUP,
        title="People who wait and have no day booked",
        among="everybody alive who waits after a referral, by the longest of their waits",
        asked=asked,
        spread=Spread(
            name="Bookings",
            by=_ahead,
            said=lambda name: _BOOKED.get(name, name),
        ),
        cautions=(_ENDS_NOT_TOLD, "A booking counts where it names its referral."),
    )


def _ends() -> Measure:
    """How far what is told of ends can be relied on: a measure of the data, not of care."""

    def asked(on: date) -> Measured:
        code = Compare("=", Cell("code"), Value(REFERRAL[1]))
        old = since(Rows("referral", code), on - YEAR)
        told = fewer(old, Among(Cell("status"), frozenset({"waiting", "unknown"})))
        return Measured(among=Exists(old), of=Exists(told))

    return Measure(
        id="waiting-end-not-told",
        group=GROUP,
        title="Referrals of a year ago whose end nobody told",
        among="everybody alive with a referral of one to two years ago",
        asked=asked,
        cautions=("The larger it is, the less the other boards of waiting say.",),
    )


def _unseen() -> Measure:
    def asked(on: date) -> Measured:
        emergency = Among(Cell("setting"), frozenset({"emergency"}))
        rows = since(Rows("encounter", emergency), on - _FORTNIGHT)
        last = Pick(rows, last=True, column="at")
        after = Rows("encounter", Compare(">", Cell("at"), last))
        return Measured(among=Exists(rows), of=Not(Exists(by_day(after, on))))

    return Measure(
        id="waiting-emergency",
        group=GROUP,
        title="People whom nobody has seen since an emergency visit more than 14 days ago",
        among="everybody alive with an emergency visit in the year before that",
        asked=asked,
    )


WAITING: tuple[Measure, ...] = (_waits(), _long(), _no_day(), _ends(), _unseen())
