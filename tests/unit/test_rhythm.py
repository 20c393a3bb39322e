"""A source's silence, judged by its own rhythm."""

from datetime import UTC, datetime, timedelta

from wholerecord.intake import Feed
from wholerecord.intake.board import board, rhythms
from wholerecord.intake.ledger import Hour
from wholerecord.intake.reading import Reason
from wholerecord.intake.rhythm import Rhythm, Spell, hour_of_week, learn
from wholerecord.record import Source

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def spell(at: datetime, messages: int = 60) -> Spell:
    """An hour in which the source sent all the time."""
    return Spell(first=at, last=at + timedelta(minutes=59), messages=messages)


def office(weeks: int) -> list[Spell]:
    """A clinic that sends from 9 to 17 on working days."""
    return [
        spell(MONDAY + timedelta(weeks=week, days=day, hours=hour))
        for week in range(weeks)
        for day in range(5)
        for hour in range(9, 17)
    ]


def test_a_clinic_may_be_silent_over_the_weekend_and_not_at_noon():
    rhythm = learn(office(4))
    assert rhythm
    friday = MONDAY + timedelta(weeks=9, days=4, hours=16, minutes=59)
    assert not rhythm.is_silent(friday, friday + timedelta(days=2, hours=16))
    assert rhythm.is_silent(friday, friday + timedelta(days=5))
    noon = MONDAY + timedelta(weeks=9, hours=12)
    assert not rhythm.is_silent(noon, noon + timedelta(minutes=9))
    assert rhythm.is_silent(noon, noon + timedelta(minutes=11))
    tuesday = MONDAY + timedelta(weeks=9, days=1, hours=16, minutes=59)
    assert not rhythm.is_silent(tuesday, tuesday + timedelta(hours=16))
    assert rhythm.is_silent(tuesday, tuesday + timedelta(hours=26))


def test_too_little_teaches_nothing():
    assert learn([]) is None
    assert learn(office(2)) is None
    assert learn(office(4)) is not None


def test_one_outage_does_not_make_silence_usual():
    usual = learn(office(6))
    day = MONDAY + timedelta(weeks=3, days=2)
    outage = [one for one in office(6) if not day + 10 * HOUR <= one.first < day + 15 * HOUR]
    assert usual
    learnt = learn(outage)
    assert learnt
    at = day + timedelta(weeks=5, hours=9, minutes=30)
    assert learnt.allowed(at) == usual.allowed(at)


def test_the_order_of_what_was_heard_does_not_matter():
    spells = office(5)
    assert learn(spells[::-1]) == learn(spells)


def test_an_hour_in_which_nothing_was_ever_sent_is_judged_by_the_hour_before_it():
    rhythm = learn(office(4))
    assert rhythm
    sunday = MONDAY + timedelta(days=6, hours=3)
    friday = MONDAY + timedelta(days=4, hours=16)
    assert rhythm.allowed(sunday) == rhythm.allowed(friday)
    assert (hour_of_week(MONDAY), hour_of_week(sunday)) == (0, 147)


def test_a_source_that_sends_once_a_night_is_missed_the_next_morning():
    nights = [
        Spell(first=at, last=at, messages=1)
        for at in (MONDAY + timedelta(days=day, hours=2) for day in range(28))
    ]
    rhythm = learn(nights)
    assert rhythm
    last = nights[-1].last
    assert not rhythm.is_silent(last, last + timedelta(hours=30))
    assert rhythm.is_silent(last, last + timedelta(hours=37))


def feed(last: datetime | None, expected: timedelta | None = None, **more: object) -> Feed:
    source = Source(name="gp", controller="RXA", title="Willow GP", expected=expected)
    return Feed(source=source, messages=1, waiting=0, parked=0, last_received=last, **more)  # type: ignore[arg-type]


def test_a_declared_expectation_counts_until_the_rhythm_is_known():
    noon = MONDAY + timedelta(weeks=9, hours=12)
    assert not feed(noon, timedelta(hours=4)).is_silent(noon + HOUR)
    assert feed(noon, timedelta(hours=4)).is_silent(noon + 5 * HOUR)
    slow = Rhythm(longest=(timedelta(days=1),) * 168)
    assert not feed(noon, timedelta(hours=4), rhythm=slow).is_silent(noon + 5 * HOUR)
    assert feed(noon, rhythm=slow).is_silent(noon + 25 * HOUR)
    assert feed(None, timedelta(hours=4), rhythm=slow).is_silent(noon)
    week = timedelta(weeks=1)
    assert not feed(noon, rhythm=slow, newest=noon - week).is_silent(noon)
    assert feed(noon, rhythm=slow, newest=noon - week - HOUR).is_silent(noon)


def test_the_board_counts_rates_lag_and_shares_over_seven_days():
    now = MONDAY + timedelta(weeks=9)
    hours = [
        Hour(
            source="gp",
            hour=now - timedelta(days=day, hours=1),
            first=now - timedelta(days=day, hours=1),
            last=now - timedelta(days=day, hours=1),
            kept=10,
            filed=9,
            faulty=1,
            lagged=5,
            lag=300.0,
        )
        for day in range(60)
    ]
    [line] = board([feed(now - HOUR)], hours, (), now)
    assert line.parked == 0.1
    assert line.lag == timedelta(minutes=1)
    assert 9.5 < line.per_day < 10.5
    assert line.learnt
    assert not line.silent
    assert rhythms(hours, now)["gp"] is not None
    [never] = board([feed(None)], [], (), now)
    assert (never.silent, never.per_day, never.lag, never.parked) == (True, 0.0, None, None)


def test_the_clock_is_data_about_reasons_there_are():
    from wholerecord.intake.parked_clock import HOURS, OTHERS

    assert set(HOURS) <= {reason.name for reason in Reason}
    assert all(0 < due < escalates for due, escalates in (*HOURS.values(), OTHERS))
