"""The national data opt-out looked up: the file, its answer, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholerecord.consent.lookup import NotAnAnswer, asked_file, opted_out
from wholerecord.nhs import NhsNumber

NUMBERS = [NhsNumber(f"9{n:08}{d}") for n in range(99000000, 99000200)
           if (d := NhsNumber.check_digit(f"9{n:08}")) < 10]  # fmt: skip
NOW = datetime(2026, 3, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=7)


@given(st.sets(st.sampled_from(NUMBERS)), st.sets(st.sampled_from(NUMBERS)))
def test_who_is_asked_about_and_not_answered_has_opted_out(asked, gone):
    answered = asked_file(asked - gone)
    assert opted_out(asked_file(asked), answered) == asked & gone
    assert opted_out(asked_file(asked), answered.replace(b",\n", b"\r\n")) == asked & gone


@pytest.mark.parametrize(
    "answer",
    [
        b"9990000018,\nNHS NUMBER,\n",
        b"9990000019,\n",
        b"9990000018,9990000026,\n",
        asked_file([NUMBERS[5]]),
        b"\x00\xff",
    ],
)
def test_what_is_no_answer_to_what_was_asked_is_refused(answer):
    with pytest.raises(NotAnAnswer) as refused:
        opted_out(asked_file([NhsNumber("9990000018"), NhsNumber("9990000026")]), answer)
    assert "999000" not in str(refused.value)
