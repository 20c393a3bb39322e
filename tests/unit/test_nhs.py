"""NHS numbers, postcodes and partial dates, as tables."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wholerecord.nhs import NhsNumber, PartialDate, dates, postcode


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("9990000018", "9990000018"),
        ("999 000 0018", "9990000018"),
        ("999-000-0018", "9990000018"),
        ("9990000019", None),  # the check digit is wrong
        ("999000001", None),  # one short
        ("99900000189", None),  # one long
        ("999000001X", None),
        ("0000000000", None),  # passes the check and is nobody's
        ("٩٩٩٠٠٠٠٠١٨", None),  # digits, but not those the standard means
        ("", None),
    ],
)
def test_an_nhs_number_is_ten_digits_with_a_right_check_digit(said, digits):
    number = NhsNumber.parse(said)
    assert (number.digits if number else None) == digits


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 999999))
def test_one_wrong_digit_is_always_noticed(place, digit, rest):
    nine = f"999{rest:06d}"
    check = NhsNumber.check_digit(nine)
    if check == 10:
        return
    right = nine + str(check)
    assume(right != "9999999999")  # which is what people type when they have none
    wrong = right[:place] + str(digit) + right[place + 1 :]
    assert (NhsNumber.parse(wrong) is not None) == (wrong == right)


@pytest.mark.parametrize(
    ("said", "is_"),
    [
        ("LS2 9JT", "LS2 9JT"),
        ("ls29jt", "LS2 9JT"),
        ("EC1A1BB", "EC1A 1BB"),
        ("ZZ99 3VZ", None),  # no fixed abode
        ("LS2", None),
        ("", None),
    ],
)
def test_two_spellings_of_a_postcode_are_one(said, is_):
    assert postcode(said) == is_


@pytest.mark.parametrize(
    ("text", "precision", "says", "start"),
    [
        ("2019", "year", "2019", datetime(2019, 1, 1, tzinfo=UTC)),
        ("2019-03", "month", "Mar 2019", datetime(2019, 3, 1, tzinfo=UTC)),
        ("2019-03-02", "day", "2 Mar 2019", datetime(2019, 3, 2, tzinfo=UTC)),
        (
            "2019-07-02T00:30:00+01:00",
            "moment",
            "2 Jul 2019 00:30",
            datetime(2019, 7, 1, 23, 30, tzinfo=UTC),
        ),
        (
            "2019-03-02T10:15:30.123456789Z",
            "moment",
            "2 Mar 2019 10:15",
            datetime(2019, 3, 2, 10, 15, 30, 123456, tzinfo=UTC),
        ),
    ],
)
def test_a_date_is_said_no_more_precisely_than_it_was_said(text, precision, says, start):
    moment = PartialDate.parse(text)
    assert moment is not None
    assert (moment.precision, moment.say(), moment.start) == (precision, says, start)


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "2019-13", "2019-02-30", "02/03/2019", "2019-03-02T25:00:00Z", "19"),
        *("2019-03-02T10:00:00+60:00", "2019-03-02T10:00+24:00", "2019-03-02T10:00-01:75"),
        "\u0662\u0660\u0661\u0669-03-02",  # digits of another script
    ],
)
def test_what_is_not_a_fhir_date_is_none(text):
    assert PartialDate.parse(text) is None


def test_a_moment_with_a_million_digits_is_read_and_not_remembered():
    before = dict(dates._known)
    said = PartialDate.parse(f"2026-03-02T10:15:00.{'0' * 1_000_000}Z")
    assert said is not None
    assert said.start == datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
    assert dates._known == before


def test_the_day_is_the_one_that_was_said_not_the_one_in_utc():
    moment = PartialDate.parse("2019-07-02T00:30:00+01:00")
    assert moment is not None
    assert moment.day == date(2019, 7, 2)


@given(st.text(max_size=40))
def test_no_text_makes_reading_a_date_fail(text):
    PartialDate.parse(text)
