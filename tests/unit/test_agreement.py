"""What the banner says of the NHS number."""

import pytest

from wholerecord.nhs import NhsNumber
from wholerecord.people import Demographics
from wholerecord.people.agreement import number_status


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([], "not known"),
        ([("", "07")], "not known"),
        ([("9990000018", "01"), ("9990000018", "02"), ("", "")], "verified"),
        ([("9990000018", "02")], "not verified: number present but not traced"),
        ([("9990000018", "")], "not verified: no source says it was traced"),
        (
            [("9990000018", "01"), ("9990000026", "")],
            "conflict: sources have different numbers, one verified",
        ),
        (
            [("9990000018", ""), ("9990000026", "03")],
            "conflict: sources have different numbers, none verified",
        ),
        (
            [("9990000018", "01"), ("9990000026", "01")],
            "conflict: sources have different numbers, each verified",
        ),
    ],
)
def test_the_banner_says_how_far_the_number_is_known(said: list[tuple[str, str]], words: str):
    patients = [
        Demographics(nhs_number=NhsNumber.parse(number), nhs_status=status)
        for number, status in said
    ]

    assert number_status(patients) == words
    assert number_status(reversed(patients)) == words
