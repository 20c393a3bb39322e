"""Patients as their publishers wrote them, read whole. Skipped where the payloads are missing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wholerecord.people import Demographics, from_patient

PDS = Path(__file__).parents[3] / "shared" / "data" / "pds"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not PDS.is_dir(), reason="no published payloads here"),
]


def resources(value: Any) -> Iterator[dict[str, Any]]:
    """Every Patient in a file, however deep."""
    if isinstance(value, dict):
        if value.get("resourceType") == "Patient":
            yield value
        for inner in value.values():
            yield from resources(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from resources(inner)


def published() -> Iterator[tuple[dict[str, Any], Demographics]]:
    for file in sorted(PDS.rglob("*.json")):
        try:
            read = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            continue  # some are templates
        for patient in resources(read):
            if "#" not in json.dumps(patient):  # a template's placeholder
                yield patient, from_patient(json.dumps(patient).encode())


def test_every_published_patient_keeps_what_it_says():
    some = list(published())
    assert some

    for said, read in some:
        family = any(name.get("family") or name.get("given") for name in said.get("name", []))
        assert bool(read.names) == family
        assert (read.born is not None) == bool(said.get("birthDate"))
        assert read.sex == said.get("gender", "")
        values = [each for each in said.get("identifier", []) if each.get("value")]
        assert len(read.identifiers) == len(values)
        if values:
            assert read.nhs_number is not None or read.bad_nhs_number


def test_restricted_people_are_known_among_the_published():
    assert any(read.restricted for _, read in published())
