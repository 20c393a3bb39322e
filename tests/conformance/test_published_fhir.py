"""Payloads as their publishers wrote them: each is read, and what is parked is rightly parked.

They stand beside the project and are never part of it; without them these tests are skipped.
"""

import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.unit.messages import kept
from wholerecord.intake import Reading, Reason, Unreadable
from wholerecord.intake.devices import read as read_devices
from wholerecord.intake.fhir import read
from wholerecord.intake.fhir.about import ABOUT, R4_TYPES

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the published payloads are not beside the project"
    ),
]
EVERY = 1 if os.environ.get("WHOLERECORD_SOAK") else 5


def raw(path):
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def files(folder, pattern="*.json"):
    return sorted((DATA / folder).rglob(pattern))


def reasons(folder):
    """How often each reason was given, over every JSON file of a folder."""
    counted = Counter()
    for path in files(folder):
        result = read(kept(raw(path)))
        faults = [result.fault] if isinstance(result, Unreadable) else result.faults
        counted.update(fault.reason for fault in faults)
    return counted


def sayings(reading):
    return [one for patient in reading.patients for one in patient.sayings]


def test_every_gp_connect_record_is_read_whole():
    for path in files("gp-connect-records/input"):
        entries = json.loads(raw(path))["entry"]
        reading = read(kept(raw(path)))
        assert isinstance(reading, Reading)
        assert reading.faults == ()
        (patient,) = reading.patients
        assert len(patient.sayings) == len(entries)
        assert len({(one.kind, json.loads(one.body)["id"]) for one in patient.sayings}) == len(
            entries
        )


def test_what_a_gp_wrote_is_in_what_is_filed():
    """Every note, dose and comment of the STU3 record stands in the R4 one, word for word."""

    def texts(value, name=""):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from texts(inner, key)
        elif isinstance(value, list):
            for inner in value:
                yield from texts(inner, name)
        elif name in {"text", "comment", "patientInstruction", "conclusion", "description"}:
            yield value

    for path in files("gp-connect-records/input"):
        reading = read(kept(raw(path)))
        assert isinstance(reading, Reading)
        said = {text for one in sayings(reading) for text in texts(json.loads(one.body))}
        assert set(texts(json.loads(raw(path)))) <= said


def test_every_synthetic_life_is_read_whole():
    for path in files("synthea-r4", "*.json.gz")[::EVERY]:
        reading = read(kept(raw(path)))
        assert isinstance(reading, Reading)
        assert reading.faults == ()
        assert len(reading.patients) == 1
        assert len(sayings(reading)) == len(json.loads(raw(path))["entry"])
        assert b'"reference":"urn:' not in b"".join(one.body for one in sayings(reading))


def test_every_line_of_an_export_is_read():
    for path in files("clinosim-acute", "*.ndjson.gz"):
        lines = raw(path).splitlines()[:400]
        reading = read(kept(b"\n".join(lines)))
        assert isinstance(reading, Reading)
        assert reading.faults == ()
        assert len(sayings(reading)) + len(reading.directory) == len(lines)


def test_every_prescription_has_its_patient_by_nhs_number():
    for path in files("eps/examples"):
        message = json.loads(raw(path))
        if message.get("resourceType") != "Bundle" or message["type"] != "message":
            continue
        result = read(kept(raw(path)))
        assert isinstance(result, Reading), path
        assert result.faults == (), path
        assert all(one.about.number.startswith("nhs:") for one in result.patients), path


@pytest.mark.parametrize(
    ("folder", "allowed"),
    [
        ("eps", {Reason.NOT_READ_YET, Reason.NO_PATIENT, Reason.NOT_RECOGNISED}),
        (
            "pds",
            {Reason.NO_PATIENT, Reason.NOT_RECOGNISED, Reason.NOT_FHIR, Reason.PATIENT_UNKNOWN},
        ),
        (
            "bars",
            {
                Reason.NO_PATIENT,
                Reason.NOT_RECOGNISED,
                Reason.PATIENT_UNKNOWN,
                Reason.NOT_READ_YET,
                Reason.NOT_JSON,
            },
        ),
        ("immunisation", {Reason.NO_PATIENT, Reason.NOT_RECOGNISED}),
    ],
)
def test_what_is_parked_is_parked_for_a_reason_that_fits(folder, allowed):
    assert set(reasons(folder)) <= allowed


def test_valid_home_readings_are_read_unless_they_say_no_time():
    folder = "devices/openmhealth/test-data/omh"
    for kind in ("blood-pressure", "heart-rate", "body-weight", "oxygen-saturation"):
        for path in files(f"{folder}/{kind}"):
            if path.parent.name != "shouldPass":
                continue
            header = {"schema_id": {"namespace": "omh", "name": kind}, "user_id": "u1"}
            point = {"header": header, "body": json.loads(raw(path))}
            result = read_devices(kept(json.dumps(point).encode()))
            if isinstance(result, Unreadable):
                assert "effective_time_frame" in result.fault.detail, path


def test_the_types_are_those_of_fhir_r4():
    types = json.loads(raw(DATA / "fhir-r4-core/profiles-resources.json.gz"))
    named = {
        one["resource"]["type"]
        for one in types["entry"]
        if one["resource"].get("derivation") == "specialization"
        and not one["resource"].get("abstract")
    }
    assert named >= R4_TYPES


def test_every_type_of_the_patient_compartment_names_its_patient():
    compartment = json.loads(raw(DATA / "fhir-r4-core/compartmentdefinition-patient.json.gz"))
    inside = {one["code"] for one in compartment["resource"] if one.get("param")}
    assert inside - ABOUT.keys() <= {"Patient"}
