"""An HL7 v2 message read into what it says about each patient.

Source: v2-to-FHIR message maps; which messages, `kinds` says.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from wholerecord.intake.hl7v2.charset import text_of
from wholerecord.intake.hl7v2.envelope import count_fault, stray_fault
from wholerecord.intake.hl7v2.header import delimiters_of, messages_in
from wholerecord.intake.hl7v2.kinds import sort_of
from wholerecord.intake.hl7v2.message import LARGEST_SEGMENT, MOST_SEGMENTS, split
from wholerecord.intake.hl7v2.patients import Patients, by_patient
from wholerecord.intake.hl7v2.site import NotSite, Site
from wholerecord.intake.reading import (
    Fault,
    Kept,
    Merge,
    PatientReading,
    Reading,
    Reason,
    Unmerge,
    Unreadable,
)
from wholerecord.record import Saying

#: A file is cut at each message; a single frame or body with more than these is no batch.
_MOST_MESSAGES = 1000
_TERMINATOR = re.compile(r"[\r\n]")


def read(kept: Kept) -> Reading | Unreadable:
    """What the message says, or why nobody can read it. Never raises; linear in its length.

    A body may hold a batch: its messages are read one after the other, and one that cannot be
    read is a fault while the others are filed.
    """
    if not kept.body.strip(b"\r\n\t \x0b\x1c\x1a"):
        return Unreadable(fault=Fault(reason=Reason.EMPTY))
    if (half := _half_frame(kept.body)) is not None:
        return Unreadable(fault=half)
    try:
        site = Site.parse(kept.columns)
    except NotSite as error:
        return Unreadable(fault=Fault(reason=Reason.BAD_DECLARATION, detail=str(error)))
    text = text_of(kept.body, site.charset)
    if isinstance(text, Fault):
        return Unreadable(fault=text)
    before, said = messages_in(text)
    miscounted = count_fault(text, len(said))
    if not said:
        return Unreadable(fault=miscounted) if miscounted else _no_message(text)
    if len(said) > _MOST_MESSAGES:
        detail = f"more than {_MOST_MESSAGES} messages in one"
        return Unreadable(fault=Fault(reason=Reason.TOO_LARGE, detail=detail))
    around = [fault for fault in (stray_fault(before), miscounted) if fault]
    readings = [_read_one(kept.source, each, site) for each in said]
    if len(readings) == 1 and not around:
        return readings[0]
    return _together(readings, around)


def _half_frame(body: bytes) -> Fault | None:
    """A frame that MLLP began (VT) and never ended (FS): the connection broke."""
    if body[:1] == b"\x0b" and b"\x1c" not in body:
        return Fault(reason=Reason.CUT_SHORT, detail="the connection ended before the message did")
    return None


def _no_message(text: str) -> Reading | Unreadable:
    """An empty batch says nothing; anything else has no header to be read by."""
    if re.match(r"\s*(?:FHS|BHS|BTS|FTS)", text):
        return Reading()
    return Unreadable(fault=Fault(reason=Reason.NOT_RECOGNISED, detail="no MSH segment"))


def _together(readings: Sequence[Reading | Unreadable], around: Sequence[Fault]) -> Reading:
    """Several messages of one body as one reading; places say which message."""
    patients: list[PatientReading] = []
    merges: list[Merge | Unmerge] = []
    faults = list(around)
    for n, reading in enumerate(readings, start=1):
        at = f"message {n} " if len(readings) > 1 else ""
        if isinstance(reading, Unreadable):
            faults.append(_moved(reading.fault, at))
            continue
        for each in reading.patients:
            sayings = tuple(
                Saying(kind=said.kind, body=said.body, place=at + said.place)
                for said in each.sayings
            )
            patients.append(PatientReading(about=each.about, sayings=sayings))
        merges += (replace(each, place=at + each.place) for each in reading.merges)
        faults += (_moved(fault, at) for fault in reading.faults)
    return Reading(patients=by_patient(patients), merges=tuple(merges), faults=tuple(faults))


def _moved(fault: Fault, at: str) -> Fault:
    return replace(fault, place=f"{at}{fault.place}".strip())


def _read_one(source: str, text: str, site: Site) -> Reading | Unreadable:
    """One message, from its MSH."""
    delimiters = delimiters_of(text)
    if isinstance(delimiters, Fault):
        return Unreadable(fault=delimiters)
    if (large := _too_large(text)) is not None:
        return Unreadable(fault=large)
    message = split(text, delimiters, site)
    sort = sort_of(message)
    if isinstance(sort, Fault):
        return Unreadable(fault=sort)
    return Patients(source, message, sort, site).reading()


def _too_large(text: str) -> Fault | None:
    if len(text) > LARGEST_SEGMENT:
        largest = max(len(line) for line in _TERMINATOR.split(text))
        if largest > LARGEST_SEGMENT:
            return Fault(reason=Reason.TOO_LARGE, detail=f"a segment of {largest} characters")
    if text.count("\r") + text.count("\n") > MOST_SEGMENTS:
        return Fault(reason=Reason.TOO_LARGE, detail=f"more than {MOST_SEGMENTS} segments")
    return None
