"""Beside another converter: what both make of one message agrees, or differs as the page says."""

from pathlib import Path

import pytest

from benchmarks.hl7_oracles import compare, leaves

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


def test_leaves_are_compared_by_path_and_value():
    said = {
        "id": "1",
        "name": [{"given": ["Ann", "Rose"]}],
        "birthDate": "1950-06-01",
        "period": {"start": "2026-07-01T12:00:00+01:00"},
        "value": 4.50,
    }
    assert set(leaves(said)) == {
        ("name.given", "ann"),
        ("name.given", "rose"),
        ("birthDate", "1950-06-01"),
        ("period.start", "2026-07-01T11:00:00"),
        ("value", "4.5"),
    }


@pytest.mark.shared_data
@pytest.mark.skipif(
    not (DATA / "hl7v2-oracles").is_dir(), reason="the published payloads are not beside this"
)
def test_what_another_converter_expects_is_found():
    messages, kinds, _ = compare(DATA)
    assert messages >= 69
    for kind in ("Patient", "AllergyIntolerance", "Appointment"):
        assert kinds[kind].made == kinds[kind].expected
    assert sum(each.classes["agreed"] for each in kinds.values()) >= 5000
    paths = {kind: each.paths for kind, each in kinds.items()}
    for path in ("name.family", "birthDate", "gender"):
        assert not paths["Patient"]["not said", path]
    assert not paths["Condition"]["otherwise", "code.coding.code"]
