"""Pathology messages as their publisher wrote them, against the FHIR and the answers it expects."""

from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.edifact import class_of, compare, pairs
from tests.unit.messages import kept
from wholerecord.intake import Reading, Unreadable
from wholerecord.intake.edifact import acknowledge
from wholerecord.intake.recognise import read

DATA = Path(__file__).parents[3] / "shared" / "data"
HOME = DATA / "pathology-edifact"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(
        not HOME.is_dir(), reason="the published payloads are not beside the project"
    ),
]
AT = datetime(2020, 4, 27, 16, 37)  # noqa: DTZ001 - the clock on the wall, as NHSACK has it


def test_every_difference_from_the_fhir_expected_is_explained():
    messages = agreed = 0
    for name, ours, expected in pairs(DATA):
        messages += 1
        for path, same in compare(ours, expected):
            agreed += same
            assert same or class_of(path), f"{name}: {path}"
    assert messages == 15
    assert agreed >= 780


def test_every_report_is_filed_or_says_why():
    counted = {Reading: 0, Unreadable: 0}
    for path in HOME.rglob("*.edifact.dat"):
        counted[type(read(kept(path.read_bytes())))] += 1
    assert counted[Unreadable] <= 2  # two whose message ends as another


@pytest.mark.parametrize("code", ["IAF", "IRI", "IRM"])
def test_our_answer_is_the_one_published(code):
    raw = next(HOME.rglob(f"pathology_{code}.edifact.dat")).read_bytes()
    answer = acknowledge(raw, at=AT, reference="1015")
    assert answer is not None
    assert f"+{code}'".encode() in answer


def test_a_requester_without_a_name_is_no_reason_to_refuse_results():
    """The publisher's software rejects these for it; a result that can be read is filed."""
    for code in ("IRA", "IAP"):
        raw = next(HOME.rglob(f"pathology_{code}.edifact.dat")).read_bytes()
        assert b"+IAF'" in (acknowledge(raw, at=AT, reference="1") or b"")
