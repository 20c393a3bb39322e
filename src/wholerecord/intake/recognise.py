"""Which reader a kept message is for, told from its bytes: senders name formats wrongly."""

import re

from wholerecord.intake import csv, devices, fhir, hl7v2
from wholerecord.intake.cut import is_piece
from wholerecord.intake.cut_hl7 import looks_like_hl7
from wholerecord.intake.reading import Fault, Kept, Reading, Reason, Unreadable

_SPACE = b" \t\r\n\x0b\x0c\x1c\x1a"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WIDE = re.compile(rb"(?:\xff\xfe)?M\0S\0H\0|(?:\xfe\xff)?\0M\0S\0H")
#: What an XML document's first element says it is.
_XML = (
    (re.compile(rb"<(?:\w+:)?ClinicalDocument\b"), "a CDA document"),
    (re.compile(rb"<(?:\w+:)?Envelope\b"), "a SOAP envelope"),
    (re.compile(rb"<(?:\w+:)?DistributionEnvelope\b"), "an ITK envelope"),
    (re.compile(rb"<[A-Z][A-Za-z]+[^>]{0,400}xmlns=.http://hl7\.org/fhir."), "FHIR in XML"),
    (re.compile(rb"<[^>]{0,400}urn:hl7-org:v3"), "an HL7 v3 message"),
    (re.compile(rb"<ADT_|<ORU_|<[A-Z]{3}_[A-Z]\d\d\b"), "HL7 v2 in XML"),
)
_NOT_READ: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
)
_SNIFF = 8192


def read(kept: Kept) -> Reading | Unreadable:
    """What the message says, by the reader its bytes ask for. Never raises; linear."""
    body = kept.body
    if not body.strip(_SPACE):
        return _not(Reason.EMPTY)
    if is_piece(kept.name):
        return _not(Reason.TOO_LARGE)
    first = body[:_SNIFF] if body[:_SNIFF].strip(_SPACE) else body.lstrip(_SPACE)[:_SNIFF]
    if first[:1] == b"\x0b" or looks_like_hl7(first) or _WIDE.match(first):
        return hl7v2.read(kept)
    if re.match(rb"(?:BTS|FTS)[^A-Za-z0-9\s]", first):
        return hl7v2.read(kept)
    start = _start(first)
    if start[:1] == b"<":
        return _xml(start)
    if re.match(rb"UN[AB][^A-Za-z0-9\s]", start):
        return _not(Reason.NOT_READ_YET, "EDIFACT")
    for magic, what in _NOT_READ:
        if start.startswith(magic) or first.startswith(magic):
            return _not(Reason.NOT_RECOGNISED, what)
    if start[:1] in {b"{", b"["}:
        return _json(kept)
    return _text(kept, first)


def _start(first: bytes) -> bytes:
    for mark in _BOMS:
        first = first.removeprefix(mark)
    return first.lstrip(_SPACE)


def _json(kept: Kept) -> Reading | Unreadable:
    """FHIR says what it is; JSON that does not may be a device's."""
    if b'"resourceType"' in kept.body or kept.body.startswith(_BOMS[1:]):
        return fhir.read(kept)
    return devices.read(kept)


def _xml(start: bytes) -> Unreadable:
    for pattern, what in _XML:
        if pattern.search(start):
            return _not(Reason.NOT_READ_YET, what)
    return _not(Reason.NOT_RECOGNISED, "XML")


def _text(kept: Kept, first: bytes) -> Reading | Unreadable:
    """A table where the source has declared its columns, or where it looks like one."""
    if b"\0" in first and not first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _not(Reason.NOT_RECOGNISED, "not text")
    if kept.columns:
        return csv.read(kept)
    lines = [line for line in first.splitlines()[:3] if line.strip()]
    if re.match(rb"[A-Z][A-Z0-9]{2}\|", lines[0]):
        return _not(Reason.NOT_RECOGNISED, "HL7 v2 with no MSH segment")
    for separator in (b",", b"\t", b";", b"|"):
        counts = {line.count(separator) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts != {0}:
            return csv.read(kept)
    return _not(Reason.NOT_RECOGNISED)


def _not(reason: Reason, detail: str = "") -> Unreadable:
    return Unreadable(fault=Fault(reason=reason, detail=detail))
