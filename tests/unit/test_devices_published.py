"""Published device payloads: what is valid is read, and nothing raises."""

import json
from pathlib import Path

import pytest

from tests.unit.messages import kept
from wholerecord.intake import Reading, Unreadable
from wholerecord.intake.devices.doses import NOT_TAKEN, TAKEN
from wholerecord.intake.devices.kinds import KINDS
from wholerecord.intake.recognise import read

FOLDER = Path(__file__).parents[2] / "../shared/data/devices"
SCHEMAS = {*KINDS, "blood-pressure", "physical-activity", "sleep-episode", TAKEN, NOT_TAKEN}

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER.exists(), reason="the published payloads are not here"),
]


def points():
    for path in sorted((FOLDER / "openmhealth/test-data").rglob("*.json")):
        space, name, version, verdict, _ = path.parts[-5:]
        yield space, name, version, verdict, json.loads(path.read_bytes())


def outcome(space, name, version, body):
    schema = {"namespace": space, "name": name, "version": version}
    header = {"id": "d1", "schema_id": schema, "user_id": "u1"}
    return read(kept(json.dumps({"header": header, "body": body}).encode()))


def test_every_published_data_point_is_read_or_unreadable_and_the_valid_are_read():
    wrong, good = [], 0
    for space, name, version, verdict, body in points():
        found = outcome(space, name, version, body)
        assert isinstance(found, (Reading, Unreadable))
        # A value without a time says nothing that a record could place.
        if name not in SCHEMAS or verdict != "shouldPass" or "effective_time_frame" not in body:
            continue
        if isinstance(found, Unreadable):
            wrong.append((name, version, found.fault.detail))
        good += isinstance(found, Reading)
    assert (wrong, good > 40) == ([], True)


def test_every_published_device_resource_is_read():
    folder = FOLDER / "hl7-phd/input/examples"
    for path in sorted(folder.glob("*.json")):
        assert isinstance(read(kept(path.read_bytes())), Reading), path.name
