"""Escape sequences, and what is left as it was written."""

import pytest

from wholerecord.intake.hl7v2 import STANDARD, unescape


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\F\\S\\T\\R\\E" + "\\", "|^&~\\"),
        (r"one\.br\two\.sp\three\.sp2\four", "one\ntwo\nthree\n\nfour"),
        (r"\.sk3\x", "   x"),
        (r"\H\bold\N\ \.in+4\in", "bold in"),
        (r"\X41\\XC3A9\\X0D0A\x", "A\u00e9\r\nx"),
        (r"\X00\x", "x"),  # what no text may hold is not made by an escape either
        (r"\Zlocal\ \C2842\ \M824041" + "\\", r"\Zlocal\ \C2842\ \M824041" + "\\"),
        (r"\X4\ \XZZ" + "\\", r"\X4\ \XZZ" + "\\"),
        (r"\.sp999" + "\\", r"\.sp999" + "\\"),  # a small message stays small
        (r"50\60", r"50\60"),
        ("end\\", "end\\"),
        ("", ""),
    ],
)
def test_a_sequence_means_what_the_standard_says_or_stays(written, meant):
    assert unescape(written, STANDARD) == meant
