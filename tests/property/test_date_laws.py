"""Dates: the usual way and the close look read the same."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from wholerecord.nhs import PartialDate

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.tuples(st.integers(0, 6_000_000_000_000_000), zones).map(
    lambda each: (datetime(1910, 1, 1, tzinfo=UTC) + timedelta(microseconds=each[0])).astimezone(
        each[1]
    )
)


@given(moments, st.sampled_from(["seconds", "milliseconds", "microseconds"]))
def test_a_moment_is_read_as_it_is_written(moment, precision):
    text = moment.isoformat(timespec=precision)
    read = PartialDate.parse(text)
    assert read is not None
    assert read.start == datetime.fromisoformat(text)
    assert read.start.tzinfo is UTC
    assert read.text == text


@given(st.text(alphabet="0123456789-:TZ+.W, ", max_size=30))
def test_what_is_not_a_fhir_date_is_none_and_nothing_raises(text):
    read = PartialDate.parse(text)
    assert read is None or read.text == text


def test_odd_forms_that_python_reads_and_fhir_does_not_are_none():
    odd = [
        "2019-W10-2T10:15:00Z",
        "2019-03-02T10:15:00,5Z",
        "2019-03-02T10:15:00+0000",
        "2019-03-02T10:15:00+01:00:30",
        "2019-03-02 10:15:00Z",
    ]
    assert [PartialDate.parse(text) for text in odd] == [None] * len(odd)
