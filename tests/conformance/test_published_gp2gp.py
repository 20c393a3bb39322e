"""Whole GP records as their publisher wrote them, in GP2GP and in GP Connect's FHIR."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.gp2gp import pairs
from tests.unit.messages import kept
from wholerecord.intake import Reading
from wholerecord.intake.recognise import read

DATA = Path(__file__).parents[3] / "shared" / "data"
HOME = DATA / "gp-connect-records/output"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(
        not HOME.is_dir(), reason="the published payloads are not beside the project"
    ),
]


def test_every_extract_is_read_whole():
    people = set()
    for path in sorted(HOME.rglob("*.xml")):
        reading = read(kept(path.read_bytes()))
        assert isinstance(reading, Reading)
        assert reading.faults == ()
        people.add(reading.patients[0].about)
    assert len(people) == 10  # all ten have one and the same number, which is nobody's


def test_a_record_says_the_same_in_both_forms():
    """What differs is explained on the page; a mapping that loses something falls short."""
    both, theirs = Counter(), Counter()
    for _, extract, twin in pairs(DATA):
        for facts, counted in ((extract & twin, both), (twin, theirs)):
            for fact, n in facts.items():
                counted[fact[0]] += n
    assert both["MedicationRequest"] >= 418
    assert both["component"] == theirs["component"] == 34
    assert both["DiagnosticReport"] == theirs["DiagnosticReport"] == 54
    assert both["Encounter"] >= theirs["Encounter"] - 4
    assert both["Immunization"] == theirs["Immunization"] == 6
