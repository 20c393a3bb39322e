"""From a reading to a filing."""

from datetime import UTC, datetime, timedelta

import pytest

from wholerecord.intake import Feed, Kept, PatientReading, Reading, filing
from wholerecord.record import PatientKey, Saying, Source, canonical

RECEIVED = datetime(2026, 3, 2, 10, tzinfo=UTC)
KEPT = Kept(message=1, source="gp", name="", body=b"", received=RECEIVED)


def said(*made):
    sayings = tuple(
        Saying(
            kind="Basic",
            body=canonical({"meta": {"lastUpdated": time}} if time else {}),
            place="",
        )
        for time in made
    )
    return Reading(patients=(PatientReading(about=PatientKey("gp", "1"), sayings=sayings),))


@pytest.mark.parametrize(
    ("made", "newest"),
    [
        ((), None),
        (("",), None),
        (
            ("2026-03-01T10:00:00Z", "2026-02-01T10:00:00Z", ""),
            datetime(2026, 3, 1, 10, tzinfo=UTC),
        ),
        (("2031-01-01T00:00:00Z",), RECEIVED),  # a clock that runs ahead
        (("not a time",), None),
    ],
)
def test_the_newest_thing_said_is_never_after_its_receipt(made, newest):
    assert filing(KEPT, said(*made)).newest == newest


@pytest.mark.parametrize(
    ("received", "newest", "silent"),
    [
        (RECEIVED, RECEIVED, False),
        (RECEIVED, RECEIVED - timedelta(days=3), True),  # repeats itself
        (RECEIVED - timedelta(days=3), RECEIVED - timedelta(days=3), True),
        (RECEIVED, None, False),
        (None, None, True),
    ],
)
def test_a_source_is_silent_when_it_says_nothing_new(received, newest, silent):
    source = Source(name="gp", controller="Z1", title="GP", expected=timedelta(days=2))
    feed = Feed(
        source=source,
        messages=1,
        waiting=0,
        parked=0,
        last_received=received,
        newest=newest,
    )
    assert feed.is_silent(RECEIVED) is silent
