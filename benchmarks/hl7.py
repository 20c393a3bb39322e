"""HL7 v2 parsed, beside three other parsers, and read into statements: `python -m benchmarks.hl7`.

One made-up admission, and one made-up set of results, by one process on one core, each figure the
best of five runs in which the parsers take turns, by seconds of processor. *Parsed* is from bytes
to a message whose fields can be asked for; *asked* is that, and four fields of it read: event,
number, family name, birth date. `hl7lw`, `hl7` and `hl7apy` are what the Python Package Index has;
ours parts a segment when one of its fields is asked for, and hl7apy finds the message's structure
as well.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import hl7
from hl7apy.parser import parse_message
from hl7lw import Hl7Parser

from benchmarks.machine import machine
from wholerecord.intake import Kept, Reading, filing
from wholerecord.intake.hl7v2 import read
from wholerecord.intake.hl7v2.charset import text_of
from wholerecord.intake.hl7v2.header import delimiters_of
from wholerecord.intake.hl7v2.message import Message, split
from wholerecord.intake.reading import Fault
from wholerecord.record import MessageId

_HEAD = r"MSH|^~\&|PAS|RXX|WR|WR|20260701120000||{}|C1|P|2.5.1|||AL|NE|GBR|ASCII"
_PID = (
    "PID|1||123456^^^RXX^MR~9990000018^^^NHS^NH||Example^Ann^Rose^^Mrs^^L||19500601|F|||12 High"
    " Street^^Leeds^^LS2 9JT^GBR^H||0113 4960000^PRN^PH|||M|||||||A|||||||N||01"
)
ADMISSION = "\r".join(
    (
        _HEAD.format("ADT^A01^ADT_A01"),
        "EVN|A01|20260701120000|||U1^Clerk^Chris|20260701115900",
        _PID,
        "PD1|||The Surgery^^B86001|G1234567^Doctor^Dee^^^Dr",
        "NK1|1|Example^Bob^^^Mr|SPO^Spouse||0113 4960001^PRN^PH",
        "PV1|1|I|W3^B2^4^RXX^^^^Main|21|||C7654321^Consultant^Con^^^Dr|||300||||19|||||V778899^^^RXX"
        "^VN" + "|" * 25 + "20260701115900",
        "AL1|1|DA|91936005^Penicillin^SCT|SV|Rash|20190301",
        "DG1|1||230690007^Stroke^SCT||20260701|A",
        "",
    )
).encode()
RESULTS = "\r".join(
    (
        _HEAD.format("ORU^R01^ORU_R01"),
        _PID,
        "PV1|1|I|W3^B2^4^RXX" + "|" * 16 + "V778899^^^RXX^VN",
        "ORC|RE|P1001|F2002",
        "OBR|1|P1001|F2002|UE^Urea and electrolytes^L|||20260701090000" + "|" * 9
        + "G1234567^Doctor^Dee" + "|" * 6 + "20260701110000||CH|F",
        *(
            f"OBX|{n}|NM|{code}^{name}^LN||{value}|{unit}|{normal}|N|||F|||20260701090000"
            for n, (code, name, value, unit, normal) in enumerate(
                (
                    ("2951-2", "Sodium", "139", "mmol/L^^UCUM", "133-146"),
                    ("2823-3", "Potassium", "4.50", "mmol/L^^UCUM", "3.5-5.3"),
                    ("22664-7", "Urea", "5.1", "mmol/L^^UCUM", "2.5-7.8"),
                    ("2160-0", "Creatinine", "71", "umol/L^^UCUM", "45-84"),
                ),
                start=1,
            )
        ),
        "",
    )
).encode()  # fmt: skip
_SECONDS, _RUNS = 0.4, 5


def ours(raw: bytes) -> Message:
    """Our parser, as the reader calls it."""
    text = text_of(raw)
    if isinstance(text, Fault):
        raise TypeError(text)
    marks = delimiters_of(text)
    if isinstance(marks, Fault):
        raise TypeError(marks)
    return split(text, marks)


def asked(message: Message) -> tuple[str, ...]:
    """Four fields of it."""
    pid = message.first("PID")
    if pid is None:
        raise LookupError("PID")
    return message.msh.text(9, 2), pid.text(3), pid.text(5), pid.text(7)


def _hl7lw(parser: Hl7Parser, raw: bytes) -> tuple[str, ...]:
    said: Any = parser.parse_message(message=raw, encoding="ascii")
    return tuple(str(said[each]) for each in ("MSH-9.2", "PID-3[1].1", "PID-5.1", "PID-7"))


def _hl7(raw: bytes) -> tuple[str, ...]:
    said: Any = hl7.parse(raw.decode("ascii"))
    return tuple(said[each] for each in ("MSH.F9.R1.C2", "PID.F3.R1.C1", "PID.F5.R1.C1", "PID.F7"))


def _hl7apy(raw: bytes) -> tuple[str, ...]:
    said: Any = parse_message(raw.decode("ascii"), find_groups=False)
    pid = said.pid
    fields = (said.msh.msh_9.msh_9_2, pid.pid_3[0].cx_1, pid.pid_5.xpn_1, pid.pid_7)
    return tuple(each.to_er7() for each in fields)


def rate(work: Callable[[], object]) -> float:
    """How often a second of processor, over a fixed time."""
    done, start = 0, time.process_time()
    until = start + _SECONDS
    while (now := time.process_time()) < until:
        for _ in range(10):
            work()
        done += 10
    return done / (now - start)


def best(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The best of some runs of each, in turns."""
    rates = dict.fromkeys(works, 0.0)
    for _ in range(_RUNS):
        for name, work in works.items():
            rates[name] = max(rates[name], rate(work))
    return rates


def main() -> None:
    """Print the two tables."""
    print(machine())
    lw = Hl7Parser()
    parsed = best(
        {
            "ours": lambda: ours(ADMISSION),
            "hl7lw": lambda: lw.parse_message(message=ADMISSION, encoding="ascii"),
            "hl7": lambda: hl7.parse(ADMISSION.decode("ascii")),
            "hl7apy": lambda: parse_message(ADMISSION.decode("ascii"), find_groups=False),
        }
    )
    fields = best(
        {
            "ours": lambda: asked(ours(ADMISSION)),
            "hl7lw": lambda: _hl7lw(lw, ADMISSION),
            "hl7": lambda: _hl7(ADMISSION),
            "hl7apy": lambda: _hl7apy(ADMISSION),
        }
    )
    segments = ADMISSION.count(b"\r")
    print(f"\nADT^A01 of {segments} segments, {len(ADMISSION):,} bytes; messages a second\n")
    print("| parser | parsed | asked |\n|---|---:|---:|")
    for name in parsed:
        print(f"| {name} | {parsed[name]:,.0f} | {fields[name]:,.0f} |")
    others = [name for name in parsed if name != "ours"]
    for what, rates in (("parsed", parsed), ("asked", fields)):
        fastest = max(rates[name] for name in others)
        print(f"\n{what}: {rates['ours'] / fastest:.1f} times the fastest of the others", end="")
    print("\n\n| read into statements | messages a second | statements a second |\n|---|---:|---:|")
    for name, raw in (("ADT^A01", ADMISSION), ("ORU^R01, 4 values", RESULTS)):
        kept = Kept(
            message=MessageId(1),
            source="pas",
            name="mllp",
            body=raw,
            received=datetime(2026, 7, 1, 12, tzinfo=UTC),
        )
        reading = read(kept)
        if not isinstance(reading, Reading) or reading.faults:
            sys.exit(f"{name} is not read whole")
        said = sum(len(patient.sayings) for patient in reading.patients)
        rates = best({"read": lambda kept=kept: read(kept)})
        print(f"| {name} | {rates['read']:,.0f} | {rates['read'] * said:,.0f} |")
        rates = best({"read": lambda kept=kept: filing(kept, read(kept))})
        print(f"| {name}, ready to file | {rates['read']:,.0f} | {rates['read'] * said:,.0f} |")


if __name__ == "__main__":
    main()
