"""What readers remember of codes, units, dates and devices: never a long text of a patient."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from wholerecord.intake import Kept
from wholerecord.intake.recognise import read
from wholerecord.record import MessageId

LONG = 200_000
TABLE = b"""{"person": {"number": "ID", "birth_date": "Born"}, "dates": "%d/%m/%Y",
"rows": [{"shape": "service", "title": "Service", "start": "From"}]}"""


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def hl7(text: str) -> bytes:
    return "\r".join(
        (
            r"MSH|^~\&|PAS|RXX|WR|WR|20260701120000||ORU^R01|C1|P|2.5.1",
            f"PID|1||123^^^{text}^MR||Example^Ann||{text}|F",
            f"PV1|1|I|{text}|{text}|||{text}^Consultant",
            f"DG1|1||{text}^{text}||{text}|A",
            f"OBR|1|P1|F1|{text}^{text}^L|||{text}",
            f"OBX|1|NM|{text}^{text}||4.50|{text}|{text}|{text}|||F|||{text}||{text}",
        )
    ).encode()


def table(text: str) -> bytes:
    return (
        f"ID,Born,Service,From\n7,{text},{text},{text}\n{text},01/02/1950,Meals,{text}\n".encode()
    )


def export(text: str) -> bytes:
    return (
        '<?xml version="1.0"?><HealthData locale="en_GB">'
        '<ExportDate value="2026-03-02 09:00:00 +0000"/>'
        f'<Record type="{text}" sourceName="W" unit="{text}" device="{text}" value="7"'
        ' startDate="2026-03-01 09:00:00 +0000" endDate="2026-03-01 09:00:00 +0000"/>'
        f'<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="W" unit="count/min"'
        f' device="{text}" startDate="{text}" endDate="{text}" value="7"/></HealthData>'
    ).encode()


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize(
    ("name", "body", "columns"),
    [
        ("mllp", hl7, b""),
        ("table.csv", table, TABLE),
        ("p-77/export.xml", export, b'{"devices": {"people": {"p-77": {}}}}'),
    ],
    ids=["hl7v2", "csv", "apple"],
)
def test_no_reader_remembers_a_long_text(name, body, columns):
    def reads(n: int) -> None:
        kept = Kept(
            message=MessageId(n),
            source="s",
            name=name,
            body=body(f"{n}" * LONG),
            received=datetime(2026, 7, 1, tzinfo=UTC),
            columns=columns,
        )
        read(kept)

    reads(0)
    before = tracemalloc.get_traced_memory()[0]
    for n in range(1, 6):
        reads(n)
    assert tracemalloc.get_traced_memory()[0] - before < LONG
