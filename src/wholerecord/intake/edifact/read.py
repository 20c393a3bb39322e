"""A UK pathology interchange read into what it says about each patient. Pure; never raises.

Source: ISO 9735 (EDIFACT syntax, version 3); NHS pathology messages NHS002, NHS003 and NHS004.
"""

from dataclasses import dataclass

from wholerecord.intake.edifact.interchange import Interchange, interchange
from wholerecord.intake.edifact.report import read_report
from wholerecord.intake.edifact.syntax import segments, text_of
from wholerecord.intake.hl7v2.patients import by_patient
from wholerecord.intake.reading import Fault, Kept, PatientReading, Reading, Reason, Unreadable
from wholerecord.record import Saying


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message, by its reference."""

    reference: str
    result: Reading | Fault


def read(kept: Kept) -> Reading | Unreadable:
    """What the interchange says; one message that cannot be filed is a fault beside the others."""
    found = outcomes(kept.source, kept.body)
    if isinstance(found, Fault):
        return Unreadable(fault=found)
    whole, results = found
    patients: list[PatientReading] = []
    faults = list(whole.faults)
    for n, outcome in enumerate(results, start=1):
        at = f"message {n} " if len(results) > 1 else ""
        if isinstance(outcome.result, Fault):
            faults.append(_moved(outcome.result, at))
            continue
        patients += (_placed(one, at) for one in outcome.result.patients)
        faults += (_moved(one, at) for one in outcome.result.faults)
    if not patients and faults:
        return Unreadable(fault=faults[-1]) if len(faults) == 1 else Reading(faults=tuple(faults))
    if not patients:
        return Unreadable(fault=Fault(reason=Reason.EMPTY, detail="no message"))
    return Reading(patients=by_patient(patients), faults=tuple(faults))


def outcomes(source: str, body: bytes) -> tuple[Interchange, list[Outcome]] | Fault:
    """The interchange and what became of each of its messages, or why it is none."""
    text = text_of(body)
    if isinstance(text, Fault):
        return text
    said = segments(text)
    if isinstance(said, Fault):
        return said
    whole = interchange(said)
    if whole.header is not None and whole.header.text(7) == "NHSACK":
        return Fault(reason=Reason.NOT_READ_YET, place="UNB[1]", detail="an acknowledgement")
    return whole, [
        Outcome(one.reference, read_report(source, whole.sender, one)) for one in whole.messages
    ]


def _placed(patient: PatientReading, at: str) -> PatientReading:
    if not at:
        return patient
    sayings = tuple(
        Saying(kind=one.kind, body=one.body, place=at + one.place) for one in patient.sayings
    )
    return PatientReading(about=patient.about, sayings=sayings)


def _moved(fault: Fault, at: str) -> Fault:
    return Fault(reason=fault.reason, place=f"{at}{fault.place}".strip(), detail=fault.detail)
