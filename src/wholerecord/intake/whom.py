"""Which patient a fault is about, where the message says it: so that their screen can show it.

A fault is about the patient its reader names; else about the one patient of the message. Of an HL7
v2 message that could not be read at all, the header may be good and name one (PID-3): by the
number that its source has declared it files by, so that it is the patient everybody else knows.
"""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.intake.hl7v2.charset import text_of
from wholerecord.intake.hl7v2.header import delimiters_of, messages_in
from wholerecord.intake.hl7v2.keys import key_text, patient_number
from wholerecord.intake.hl7v2.message import split
from wholerecord.intake.hl7v2.site import NO_SITE, NotSite, Site
from wholerecord.intake.reading import Fault, Kept, Reading, Unreadable
from wholerecord.record import PatientKey

#: Bytes of a message looked at: a PID is the third or fourth segment.
_LOOKED_AT = 16384


def with_whom(kept: Kept, reading: Reading | Unreadable) -> tuple[Fault, ...]:
    """The faults of a reading, each with the patient it is about where that can be told."""
    if isinstance(reading, Unreadable):
        return tuple(_about(whom(kept), (reading.fault,)))
    if not reading.faults:
        return ()
    named = {patient.about for patient in reading.patients}
    if len(named) == 1:
        return tuple(_about(next(iter(named)), reading.faults))
    return tuple(_about(None if named else whom(kept), reading.faults))


def whom(kept: Kept) -> PatientKey | None:
    """The patient an HL7 v2 message names, when it is one message that names one; else None."""
    first = kept.body[:_LOOKED_AT].lstrip(b"\x0b\r\n")
    if len(kept.body) > _LOOKED_AT:
        first = first.rpartition(b"\r")[0]
    if not first.startswith(b"MSH"):
        return None
    site = _site(kept)
    text = text_of(first, site.charset)
    if isinstance(text, Fault):
        return None
    _, messages = messages_in(text)
    if len(messages) != 1:
        return None
    delimiters = delimiters_of(messages[0])
    if isinstance(delimiters, Fault):
        return None
    numbers = {
        number
        for segment in split(messages[0], delimiters, site).segments
        if segment.name == "PID" and (number := patient_number(segment, site.number))
    }
    return PatientKey(kept.source, key_text(numbers.pop())) if len(numbers) == 1 else None


def _site(kept: Kept) -> Site:
    """What the source declares; nothing where that itself is what cannot be read."""
    try:
        return Site.parse(kept.columns)
    except NotSite:
        return NO_SITE


def _about(patient: PatientKey | None, faults: Sequence[Fault]) -> Sequence[Fault]:
    if patient is None:
        return faults
    return [fault if fault.about else replace(fault, about=patient) for fault in faults]
