"""A gigabyte of Apple Health: cut and read in constant memory.

    .venv/bin/python -m benchmarks.apple_health [--megabytes N]

Makes an export of that size in a temporary folder (removed after), cuts it into the messages that
would be kept, reads each, and says how fast and in how much memory. Everything in it is invented.
"""

import argparse
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.machine import machine
from wholerecord.intake import Kept, Reading
from wholerecord.intake.cut import cut
from wholerecord.intake.recognise import read
from wholerecord.record import MessageId

_MEGABYTE = 1024 * 1024
HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!-- Note: a record inside of a correlation stands on its own beside it too. -->
]>
<HealthData locale="en_GB">
 <ExportDate value="2026-03-02 09:00:00 +0000"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1950-03-02" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale"/>
"""  # noqa: E501 - as an export writes it
TAIL = b"</HealthData>\n"
_DEVICE = "&lt;&lt;HKDevice: 0x1&gt;, name:Watch, manufacturer:Acme, model:W2, software:9&gt;"
#: Type, unit, seconds between readings: a day of each, then the next day.
_SERIES = (("HeartRate", "count/min", 90), ("StepCount", "count", 300), ("BodyMass", "kg", 86_400))


def day(of: datetime, kind: str, unit: str, apart: int) -> bytes:
    """A day's records of one type."""
    records: list[str] = []
    for n in range(0, 86_400, apart):
        at = of + timedelta(seconds=n)
        end = at + timedelta(seconds=min(apart, 60) - 1)
        records.append(
            f' <Record type="HKQuantityTypeIdentifier{kind}" sourceName="Watch" '
            f'sourceVersion="9.1" device="{_DEVICE}" unit="{unit}" '
            f'creationDate="{end:%Y-%m-%d %H:%M:%S} +0000" '
            f'startDate="{at:%Y-%m-%d %H:%M:%S} +0000" endDate="{end:%Y-%m-%d %H:%M:%S} +0000" '
            f'value="{60 + n % 47}.{n % 10}"/>\n'
        )
    return "".join(records).encode()


def write(at: Path, size: int) -> int:
    """An export of about `size` bytes: its types one after another, as Apple sorts them."""
    share = size // len(_SERIES)
    with at.open("wb") as out:
        out.write(HEAD)
        for kind, unit, apart in _SERIES[:2]:
            begun = out.tell()
            on = datetime(2000, 1, 1, tzinfo=UTC)
            while out.tell() - begun < share * 3 // 2:
                out.write(day(on, kind, unit, apart))
                on += timedelta(days=1)
        out.write(day(datetime(2026, 3, 1, tzinfo=UTC), *_SERIES[2]))
        out.write(TAIL)
        return out.tell()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1024)
    size = parser.parse_args().megabytes * _MEGABYTE
    print(machine())
    with tempfile.TemporaryDirectory(prefix="wholerecord-bench-") as folder:
        export = Path(folder) / "export.xml"
        size = write(export, size)
        with export.open("rb") as stream:  # the raw limit: only reading the file
            began = time.perf_counter()
            while stream.read(_MEGABYTE):
                pass
            _say("reading the file", size, time.perf_counter() - began)
        with export.open("rb") as stream:
            began = time.perf_counter()
            bytes_in = sum(len(part.body) for part in cut("phone", "p-77/export.xml", stream))
            _say("cutting", size, time.perf_counter() - began)
        if bytes_in != size:
            sys.exit(f"{size - bytes_in} bytes were lost")
        _read(export, size)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB (aim: below 200)")


def _read(export: Path, size: int) -> None:
    columns = b'{"devices": {"people": {"p-77": {}}}}'
    messages = statements = parked = 0
    began = time.perf_counter()
    with export.open("rb") as stream:
        for n, part in enumerate(cut("phone", "p-77/export.xml", stream), start=1):
            reading = read(
                Kept(
                    message=MessageId(n),
                    source=part.source,
                    name=part.name,
                    body=part.body,
                    received=datetime.now(UTC),
                    columns=columns,
                )
            )
            messages += 1
            if isinstance(reading, Reading):
                statements += sum(len(one.sayings) for one in reading.patients)
                parked += len(reading.faults)
            else:
                parked += 1
    _say("cutting and reading", size, time.perf_counter() - began)
    print(f"{messages:,} messages, {statements:,} statements, {parked} parked")


def _say(what: str, size: int, seconds: float) -> None:
    size //= _MEGABYTE
    print(f"{what:22} {size:,} MB in {seconds:.1f} s: {size / seconds:,.0f} MB/s")


if __name__ == "__main__":
    main()
