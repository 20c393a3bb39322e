"""Whatever the text: it comes back whole, and what was taken out is out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from wholerecord.nhs import NhsNumber
from wholerecord.research.redact import find, redact

_PIECES = st.sampled_from(
    [
        *(
            "Dr",
            "Mrs",
            "Smith",
            "Ann",
            "and",
            "her",
            "daughter",
            "Mirela",
            "Bell's",
            "palsy",
            "van",
        ),
        *(
            "999 000 0018",
            "LS2 9JT",
            "07700 900123",
            "[NAME 1]",
            "[NAME 3]",
            "\n",
            ", ",
            ".",
            "\u2019s",
        ),
        *("DOB", "12/03/1948", "a@b.org", "14 High Street", "(", "İ", "ß"),
    ]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=4), max_size=25).map(" ".join)


@given(_TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_redacted_text_is_restored_whole(text):
    redacted = redact(text)
    assert redacted.restore(redacted.text) == text


@given(_TEXTS)
@settings(max_examples=150, deadline=None)
def test_spans_stand_in_order_and_hold_something(text):
    last = 0
    for span in find(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end


@given(st.integers(0, 10**9 - 1), st.sampled_from(["", " ", "-"]))
@settings(max_examples=100, deadline=None)
def test_no_valid_nhs_number_is_left(nine, gap):
    digits = f"{nine:09}"
    check = NhsNumber.check_digit(digits)
    number = NhsNumber.parse(f"{digits}{check}") if check < 10 else None
    if number is not None:
        written = gap.join((number.digits[:3], number.digits[3:6], number.digits[6:]))
        assert written not in redact(f"It is {written}.").text
