"""Which reader a kept message is for, told from its bytes: senders name formats wrongly."""

import re
from collections.abc import Callable

from wholerecord.intake import cda, csv, devices, edifact, fhir, hl7v2, hl7v3, letters
from wholerecord.intake.cut import is_piece
from wholerecord.intake.cut_hl7 import looks_like_hl7
from wholerecord.intake.damaged import archive_fault
from wholerecord.intake.reading import Fault, Kept, Reading, Reason, Unreadable
from wholerecord.intake.software import by_software
from wholerecord.record import is_app

_SPACE = b" \t\r\n\x0b\x0c\x1c\x1a"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WIDE = re.compile(rb"(?:\xff\xfe)?M\0S\0H\0|(?:\xfe\xff)?\0M\0S\0H")
#: What an XML document's first element says it is.
_XML = (
    (re.compile(rb"<(?:\w+:)?ClinicalDocument\b"), "a CDA document"),
    (re.compile(rb"<(?:\w+:)?Envelope\b"), "a SOAP envelope"),
    (re.compile(rb"<(?:\w+:)?DistributionEnvelope\b"), "an ITK envelope"),
    (
        re.compile(
            rb"<(?:\w+:)?[A-Z][A-Za-z]+\s[^>]{0,400}xmlns(?::\w+)?\s?=\s?.http://hl7\.org/fhir."
        ),
        "FHIR in XML",
    ),
    (re.compile(rb"<[^>]{0,400}urn:hl7-org:v3"), "an HL7 v3 message"),
    (re.compile(rb"<ADT_|<ORU_|<[A-Z]{3}_[A-Z]\d\d\b"), "HL7 v2 in XML"),
)
_XML_READERS: dict[str, Callable[[Kept], Reading | Unreadable]] = {
    "a CDA document": cda.read,
    "a SOAP envelope": cda.read,
    "an ITK envelope": cda.read,
    "FHIR in XML": fhir.read_xml,
    "an HL7 v3 message": hl7v3.read,
}
_SNIFF = 8192


def read(kept: Kept) -> Reading | Unreadable:
    """What the message says, by the reader its bytes ask for. Never raises; linear.

    What a source declares to be made by software is marked so, whatever its format.
    """
    reading = _read(kept)
    if isinstance(reading, Reading) and letters.by_software(kept.columns):
        return by_software(reading)
    return reading


def _read(kept: Kept) -> Reading | Unreadable:
    body = kept.body
    if not body.strip(_SPACE):
        return _not(Reason.EMPTY)
    if is_piece(kept.name):
        return _not(Reason.TOO_LARGE)
    if is_app(kept.source):
        return fhir.read_written(kept)
    first = body[:_SNIFF] if body[:_SNIFF].strip(_SPACE) else body.lstrip(_SPACE)[:_SNIFF]
    if _is_hl7(first):
        return hl7v2.read(kept)
    start = _start(first)
    if (marked := start.replace(b"\0", b""))[:1] == b"<":  # UTF-16 is seen through
        return _xml(kept, marked)
    if re.match(rb"UN[ABH][^A-Za-z0-9\s]", start):
        return edifact.read(kept)
    if start[:1] in {b"{", b"["} and not letters.media_of(start):
        return _json(kept)
    return _file(kept, start) or _text(kept, first)


def _is_hl7(first: bytes) -> bool:
    if first[:1] == b"\x0b" or looks_like_hl7(first) or _WIDE.match(first):
        return True
    return re.match(rb"(?:BTS|FTS)[^A-Za-z0-9\s]", first) is not None


def _start(first: bytes) -> bytes:
    for mark in _BOMS:
        first = first.removeprefix(mark)
    return first.lstrip(_SPACE)


def _file(kept: Kept, start: bytes) -> Reading | Unreadable | None:
    """A letter or a scan, alone or with its side-car; or another kind of file nobody reads."""
    if letters.media_of(start) or letters.media_of(kept.body) or letters.is_together(start):
        return letters.read(kept)
    fault = archive_fault(kept.body)
    return Unreadable(fault=fault) if fault else None


def _json(kept: Kept) -> Reading | Unreadable:
    """FHIR says what it is; JSON that does not may be a device's."""
    if b'"resourceType"' in kept.body or kept.body.startswith(_BOMS[1:]):
        return devices.read_phd(kept) if devices.is_phd(kept.body) else fhir.read(kept)
    return devices.read(kept)


def _xml(kept: Kept, start: bytes) -> Reading | Unreadable:
    if devices.is_apple_health(start):
        return devices.read_apple_health(kept)
    for pattern, what in _XML:
        if pattern.search(start):
            reader = _XML_READERS.get(what)
            return reader(kept) if reader else _not(Reason.NOT_READ_YET, what)
    return _not(Reason.NOT_RECOGNISED, "XML")


def _text(kept: Kept, first: bytes) -> Reading | Unreadable:
    """A table where the source has declared its columns, or where it looks like one."""
    if b"\0" in first and not first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _not(Reason.NOT_RECOGNISED, "not text")
    tables = csv.maps_tables(kept.columns)
    if letters.is_letter(kept, tables=tables):
        return letters.read(kept)
    if tables:
        return csv.read(kept)
    lines = [line for line in first.splitlines() if line.strip()][:3]
    if re.match(rb"[A-Z][A-Z0-9]{2}\|", lines[0]):
        return _not(Reason.NOT_RECOGNISED, "HL7 v2 with no MSH segment")
    for separator in (b",", b"\t", b";", b"|"):
        counts = {line.count(separator) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts != {0}:
            return csv.read(kept)
    return _not(Reason.NOT_RECOGNISED)


def _not(reason: Reason, detail: str = "") -> Unreadable:
    return Unreadable(fault=Fault(reason=reason, detail=detail))
