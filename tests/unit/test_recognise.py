"""Formats told from bytes."""

from datetime import UTC, datetime

import pytest

from wholerecord.intake import Kept, Reading, Reason, Unreadable
from wholerecord.intake.recognise import read
from wholerecord.record import MessageId


def reading(body, *, name="f", columns=b""):
    return read(
        Kept(
            message=MessageId(1),
            source="s",
            name=name,
            body=body,
            received=datetime(2026, 1, 1, tzinfo=UTC),
            columns=columns,
        )
    )


HL7 = "MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|C|P|2.5\rPID|1||123||Example^Ann\r"


@pytest.mark.parametrize(
    "body",
    [
        HL7.encode(),
        b"\xef\xbb\xbf" + HL7.encode(),
        b"\x0b" + HL7.encode() + b"\x1c\r",
        b"\r\n  " + HL7.encode(),
        b"sent by the night job\r\r" + HL7.encode(),
        HL7.encode("utf-16"),
        HL7.encode("utf-16-le"),
        b"FHS|^~\\&\rBHS|^~\\&\r" + HL7.encode(),
        b'{"resourceType":"Patient","id":"1","name":[{"family":"Example"}]}',
        b'\n[{"resourceType":"Patient","id":"1"}]',
        b'<Patient xmlns="http://hl7.org/fhir"><id value="1"/></Patient>',
    ],
)
def test_what_can_be_read_is_read_whatever_it_is_called(body):
    said = reading(body, name="wrong.csv")
    assert isinstance(said, Reading), said
    assert len(said.patients) == 1


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (b"", Reason.EMPTY, ""),
        (b" \r\n\x1a", Reason.EMPTY, ""),
        (b" " * 10_000 + b"x", Reason.NOT_RECOGNISED, ""),
        (b"\x00\x01\x02\xff" * 50, Reason.NOT_RECOGNISED, "not text"),
        (b"Dear colleague", Reason.NOT_RECOGNISED, ""),
        (b"PID|1||123\rPV1|1", Reason.NOT_RECOGNISED, "HL7 v2 with no MSH segment"),
        (b"UNA:+.? '", Reason.CUT_SHORT, "no header"),
        ('{"a": 1}'.encode("utf-16"), Reason.NOT_TEXT, "JSON must be UTF-8"),
        (b"%PDF-1.7", Reason.NO_PATIENT, "a PDF document"),
        (b"<html></html>", Reason.NOT_RECOGNISED, "XML"),
        (
            b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3">',
            Reason.BAD_XML,
            "",
        ),
        (b"<soap:Envelope>", Reason.BAD_XML, ""),
        (b"<Envelope/>", Reason.NOT_READ_YET, "XML that holds no CDA document"),
        (b'<Patient xmlns="http://hl7.org/fhir">', Reason.BAD_XML, ""),
        (b'<RCMR_IN030000UK06 xmlns="urn:hl7-org:v3">', Reason.BAD_XML, ""),
        (b'<PORX_IN020101SM31 xmlns="urn:hl7-org:v3"/>', Reason.NOT_READ_YET, "PORX_IN020101SM31"),
    ],
)
def test_what_cannot_be_read_is_named(body, reason, detail):
    said = reading(body)
    assert isinstance(said, Unreadable)
    assert (said.fault.reason, said.fault.detail) == (reason, detail)


def test_a_table_whose_columns_nobody_declared_says_so():
    said = reading(b"nhs,name\n9990000018,Example\n")
    assert isinstance(said, Unreadable)
    assert said.fault.reason is Reason.NO_COLUMNS
