"""What is fuzzed: for each reader, the laws that must hold for any bytes at all.

A reader gives a reading or says why not. What it gives is canonical JSON of the kind it says it is,
and can be made into a filing. It takes no longer than its input is long, and keeps nothing.
"""

import gc
import io
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.fuzz import seeds
from wholerecord.intake import (
    Arrival,
    Kept,
    Reading,
    Unreadable,
    cda,
    csv,
    devices,
    edifact,
    fhir,
    filing,
    hl7v2,
)
from wholerecord.intake.archive import BrokenInput, NotTaken, inputs
from wholerecord.intake.cut import InputTooLarge, cut
from wholerecord.intake.mllp.frames import Frames
from wholerecord.intake.recognise import read as recognise
from wholerecord.record import MessageId, canonical, read_json

RECEIVED = datetime(2026, 3, 2, 9, tzinfo=UTC)
WHOSE = b'{"devices": {"number_in_name": true, "validated": ["Acme W2"]}}'
#: Seconds of processor that any input may take, and those a byte may add.
SECONDS, A_BYTE = 0.5, 60e-6
#: Runs of one input after which memory must be as it was.
_RUNS, _BLOCKS = 20, 200

Read = Callable[[Kept], Reading | Unreadable]


class TooSlow(AssertionError):
    """Reading takes longer than its input is long."""


class Grows(AssertionError):
    """Reading the same bytes again and again takes more and more memory."""


def kept(body: bytes, columns: bytes = b"", name: str = "f") -> Kept:
    return Kept(
        message=MessageId(1),
        source="s",
        name=name,
        body=body,
        received=RECEIVED,
        columns=columns,
    )


def held(message: Kept, read: Read) -> None:
    """Read, and hold what comes out to its laws."""
    reading = read(message)
    if isinstance(reading, Reading):
        said = [one for patient in reading.patients for one in patient.sayings]
        for saying in (*said, *reading.directory):
            value = read_json(saying.body)
            assert value["resourceType"] == saying.kind
            assert canonical(value) == saying.body
    else:
        assert isinstance(reading, Unreadable)
    filing(message, reading)


def reader(read: Read, columns: bytes = b"", name: str = "f") -> Callable[[bytes], None]:
    return lambda raw: held(kept(raw, columns, name), read)


def table(raw: bytes) -> None:
    declared, _, body = raw.partition(seeds.SEPARATOR)
    held(kept(body, declared), csv.read)
    held(kept(raw, seeds.MAP), csv.read)


def answers(raw: bytes) -> None:
    """Whatever came, the sender gets an answer that can be framed, and the same one again."""
    said = hl7v2.ack(raw, "AA", "kept", at=RECEIVED)
    assert b"\rMSA" in said
    assert b"\x0b" not in said
    assert b"\x1c" not in said
    assert said == hl7v2.ack(raw, "AA", "kept", at=RECEIVED)
    report = edifact.acknowledge(raw, at=RECEIVED, reference="1")
    assert report is None or report.startswith(b"UN")


def frames(raw: bytes) -> None:
    """However the bytes arrive, the same frames come out, and no more is held than one."""
    whole = Frames(4096).feed(raw)
    for size in (1, 7):
        drip = Frames(4096)
        found = [one for n in range(0, len(raw), size) for one in drip.feed(raw[n : n + size])]
        assert [one.body for one in found if not one.too_large] == [
            one.body for one in whole if not one.too_large
        ]
        assert len(found) == len(whole)
        assert len(drip.half()) <= 3 * 4096


def cutting(raw: bytes) -> None:
    """Joined, the parts are the input, however it comes."""
    for name in ("f", "f.ndjson"):
        parts: list[Arrival] = list(cut("s", name, io.BytesIO(raw)))
        assert b"".join(part.body for part in parts) == raw


def archive(raw: bytes) -> None:
    """An archive of anything gives inputs or says why not."""
    kind = {b"zip": ".zip", b"tgz": ".tgz", b"gz.": ".gz"}.get(raw[:3], ".tar")
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder) / f"a{kind}"
        at.write_bytes(raw[3:])
        for one in inputs(str(at), io.BytesIO()):
            if isinstance(one, NotTaken):
                continue
            assert ".." not in Path(one.name).parts
            try:
                for part in cut("s", one.name, one.stream):
                    assert len(part.body) < 64 * 1024 * 1024
            except (BrokenInput, InputTooLarge):
                continue


#: Name -> what is fuzzed.
READERS: Mapping[str, Callable[[bytes], None]] = {
    "hl7v2": reader(hl7v2.read),
    "fhir": reader(fhir.read),
    "stu3": reader(fhir.read),
    "xml": reader(recognise),
    "cda": reader(cda.read),
    "edifact": reader(edifact.read),
    "gp2gp": reader(recognise),
    "csv": table,
    "devices": reader(devices.read),
    "phd": reader(devices.read_phd),
    "apple": reader(devices.read_apple_health, WHOSE, "p-77/export.xml"),
    "letters": reader(recognise),
    "answers": answers,
    "frames": frames,
    "cut": cutting,
    "archive": archive,
    "recognise": reader(recognise, WHOSE, "p-77/export.xml"),
}
EVERY = (*seeds.HL7V2, *seeds.FHIR, *seeds.XML, *seeds.CDA, *seeds.DEVICES, *seeds.APPLE)
SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "hl7v2": seeds.HL7V2,
    "fhir": seeds.FHIR,
    "stu3": (seeds.canonical(seeds.STU3),),
    "xml": seeds.XML,
    "cda": seeds.CDA,
    "edifact": seeds.EDIFACT,
    "gp2gp": seeds.GP2GP,
    "csv": seeds.CSV,
    "devices": seeds.DEVICES,
    "phd": seeds.DEVICES[3:],
    "apple": seeds.APPLE,
    "letters": seeds.LETTERS,
    "answers": (*seeds.HL7V2, *seeds.EDIFACT),
    "frames": seeds.FRAMES,
    "cut": (*seeds.HL7V2, *seeds.FHIR, *seeds.APPLE),
    "archive": seeds.ARCHIVE,
    "recognise": (*EVERY, *seeds.LETTERS, *seeds.EDIFACT, *seeds.GP2GP),
}


def in_time(run: Callable[[bytes], None], raw: bytes, patience: float = 1.0) -> None:
    """Run, and again where it took long: only what is slow every time is.

    Raises:
        TooSlow: it is.
    """
    for _ in range(3):
        began = time.process_time()
        run(raw)
        if time.process_time() - began <= patience * (SECONDS + A_BYTE * len(raw)):
            return
    raise TooSlow(f"{len(raw)} bytes")


def keeps_nothing(run: Callable[[bytes], None], raw: bytes) -> None:
    """Run again and again.

    Raises:
        Grows: more is held after than before.
    """
    run(raw)
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(_RUNS):
        run(raw)
    gc.collect()
    if sys.getallocatedblocks() - before > _BLOCKS:
        raise Grows(f"{sys.getallocatedblocks() - before} blocks")
