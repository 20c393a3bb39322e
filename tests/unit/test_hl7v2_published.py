"""Every published HL7 v2 message is cut and read, or says in words why it cannot be."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wholerecord.intake import Kept, Reading, Reason, Unreadable
from wholerecord.intake.cut import cut
from wholerecord.intake.recognise import read
from wholerecord.record import MessageId, read_json

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "data" / "hl7v2"

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the published payloads are not beside this"),
]


def messages():
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file() and path.name != "index.json":
            with path.open("rb") as stream:
                yield from cut("s", path.name, stream)


def test_every_published_message_is_read_or_says_why_not():
    outcomes = Counter[str]()
    for arrival in messages():
        reading = read(
            Kept(
                message=MessageId(1),
                source="s",
                name=arrival.name,
                body=arrival.body,
                received=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
        if isinstance(reading, Unreadable):
            outcomes[reading.fault.reason.name] += 1
        else:
            assert isinstance(reading, Reading)
            outcomes["read"] += 1
            for patient in reading.patients:
                for saying in patient.sayings:
                    assert read_json(saying.body)["resourceType"] == saying.kind
    assert outcomes["read"] > 330
    understood = {
        Reason.NO_PATIENT, Reason.NOT_READ_YET, Reason.BAD_DELIMITERS, Reason.BAD_VALUE,
        Reason.OTHER_VERSION, Reason.CUT_SHORT,
    }  # fmt: skip
    assert set(outcomes) - {"read"} <= {reason.name for reason in understood}


def test_every_published_file_is_what_its_arrivals_joined_are():
    for path in FOLDER.rglob("*.hl7"):
        body = path.read_bytes()
        assert b"".join(arrival.body for arrival in cut("s", path.name, body)) == body
