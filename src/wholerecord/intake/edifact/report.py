"""One message as a Patient, what was asked, its specimens, its results and the report.

Source: NHS pathology messages NHS002 (radiology in the same form), NHS003 (pathology) and NHS004
(screening); UK Core DiagnosticReport. A report is known by its number (RFF SRI) and its patient, a
result by the report, its specimen and its test, so that a report sent again is a later version.
"""

from collections.abc import Mapping, Sequence

from wholerecord.intake.edifact import tables
from wholerecord.intake.edifact.interchange import Message
from wholerecord.intake.edifact.parties import Json, parties
from wholerecord.intake.edifact.patient import number_of, patient
from wholerecord.intake.edifact.results import observation
from wholerecord.intake.edifact.sections import Sections, Test, sections
from wholerecord.intake.edifact.specimens import Taken, say_specimens
from wholerecord.intake.edifact.syntax import Segment
from wholerecord.intake.edifact.words import bad_dates, free_text, when
from wholerecord.intake.hl7v2.keys import key_text
from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.reading import Fault, PatientReading, Reading, Reason
from wholerecord.record import PatientKey

_REPORT = {
    "coding": [
        {
            "system": "http://snomed.info/sct",
            "code": "721981007",
            "display": "Diagnostic studies report",
        }
    ]
}
_TEST = {
    "coding": [
        {
            "system": "http://snomed.info/sct",
            "code": "15220000",
            "display": "Laboratory test (procedure)",
        }
    ]
}


def read_report(source: str, sender: str, message: Message) -> Reading | Fault:
    """What one message says, or why nothing of it can be filed."""
    if message.broken:
        return message.broken
    if message.kind != "MEDRPT":
        return Fault(
            reason=Reason.NOT_READ_YET, place=message.segments[0].place, detail=message.kind[:6]
        )
    said = sections(message.segments)
    if len(said.patients) > 1:
        return Fault(reason=Reason.SEVERAL_PATIENTS, place="S07[2]")
    if not said.patients or not any(one.tag == "PNA" for one in said.patients[0]):
        return Fault(reason=Reason.NO_PATIENT, place=message.segments[0].place, detail="no PNA")
    report = _reference(said.report, "SRI") or message.reference
    number = number_of(sender, report, said)
    telling = Telling(
        about=PatientKey(source, key_text(number)),
        number=number,
        event=message.kind,
        control=message.reference,
        meta=_meta(said),
    )
    _say(telling, sender, report, said)
    faults = [message.doubt] if message.doubt else []
    faults += telling.faults
    sayings = tuple(telling.sayings)
    return Reading(
        patients=(PatientReading(about=telling.about, sayings=sayings),), faults=tuple(faults)
    )


def _say(telling: Telling, sender: str, report: str, said: Sections) -> None:
    telling.say(
        "Patient", fhir_id(*telling.number), said.patients[0][0].place, patient(sender, said)
    )
    performers = parties(said.parties, "SLA")
    requested = _say_request(telling, report, said, performers)
    specimens = say_specimens(telling, report, said)
    results = _say_results(telling, report, said, specimens, performers)
    issued = when(said.report, "ISR")
    conclusion = free_text(said.report, "SPC") or free_text(said.report, "RIT")
    place = said.report[0].place if said.report else said.patients[0][0].place
    telling.say(
        "DiagnosticReport",
        telling.unlike("DiagnosticReport", report),
        place,
        {
            "identifier": [{"system": f"urn:wholerecord:edifact-report:{sender}", "value": report}],
            "basedOn": [requested],
            "status": tables.REPORT_STATUS.get(_status(said.report), "unknown"),
            "code": _REPORT,
            "subject": telling.subject,
            "effectiveDateTime": _one_moment(specimens),
            "issued": issued if len(issued) > 10 else "",
            "performer": performers,
            "specimen": [one.reference for one in specimens.values()],
            "result": results,
            "conclusion": conclusion,
        },
    )
    _say_faults(telling, said)


def _say_request(telling: Telling, report: str, said: Sections, performers: list[Json]) -> Json:
    """File what was asked. Whether it is still waited for, a report does not say."""
    asked = parties(said.parties, "PO")
    notes = free_text(said.clinical, "CID")
    known_by = telling.unlike("ServiceRequest", report)
    telling.say(
        "ServiceRequest",
        known_by,
        (said.clinical or said.report or said.patients[0])[0].place,
        {
            "status": "completed" if _status(said.report) == "FI" else "unknown",
            "intent": "order",
            "code": _TEST,
            "subject": telling.subject,
            "requester": asked[0] if asked else {},
            "performer": performers,
            "supportingInfo": asked[1:],  # for whom they asked: R4 has one requester
            "note": [{"text": line} for line in notes.splitlines()],
        },
    )
    return {"reference": f"ServiceRequest/{known_by}"}


def _say_results(
    telling: Telling,
    report: str,
    said: Sections,
    specimens: Mapping[str, Taken],
    performers: list[Json],
) -> list[Json]:
    """File every test; one that is a group of others names its members."""
    issued = when(said.report, "ISR")
    only = next(iter(specimens.values())) if len(specimens) == 1 else None
    ids = [_id(telling, report, test) for test in said.tests]
    members: dict[str, list[Json]] = {}
    for test, known_by in zip(said.tests, ids, strict=True):
        member = {"reference": f"Observation/{known_by}"}
        members.setdefault(_reference(test.segments, "ARL"), []).append(member)
    for test, known_by in zip(said.tests, ids, strict=True):
        taken = specimens.get(_reference(test.segments, "ASL")) or only
        group = next((one.text(2) for one in test.segments if one.tag == "SEQ"), "")
        telling.say(
            "Observation",
            known_by,
            test.segments[0].place,
            {
                **observation(test),
                "subject": telling.subject,
                "effectiveDateTime": taken.collected if taken else "",
                "issued": issued if len(issued) > 10 else "",
                "performer": performers,
                "specimen": taken.reference if taken else {},
                "hasMember": members.get(group, []) if group else [],
            },
        )
    return [{"reference": f"Observation/{known_by}"} for known_by in ids]


def _id(telling: Telling, report: str, test: Test) -> str:
    inv = next((one for one in test.segments if one.tag == "INV"), None)
    name = (inv.text(2) or inv.text(2, 4)) if inv else ""
    specimen = _reference(test.segments, "ASL")
    return telling.unlike("Observation", report, specimen, name)


def _reference(segments: Sequence[Segment], qualifier: str) -> str:
    """The RFF of a qualifier: SRI the report's number, ASL a specimen's, ARL a group's."""
    found = (one.text(1, 2) for one in segments if one.tag == "RFF" and one.text(1) == qualifier)
    return next((said for said in found if said), "")


def _status(segments: Sequence[Segment]) -> str:
    return next((one.text(2) for one in segments if one.tag == "STS"), "")


def _one_moment(specimens: Mapping[str, Taken]) -> str:
    """When the specimens were taken, where that is one moment."""
    moments = {one.collected for one in specimens.values() if one.collected}
    return next(iter(moments)) if len(moments) == 1 else ""


def _meta(said: Sections) -> Json:
    """When the laboratory said it: DTM 137, else when the report was issued."""
    for at in (when(said.before, "137"), when(said.report, "ISR")):
        if len(at) > 10:
            return {"lastUpdated": at}
    return {}


def _say_faults(telling: Telling, said: Sections) -> None:
    if said.unread:
        others = f", and {len(said.unread) - 1} more" if len(said.unread) > 1 else ""
        detail = f"not a segment of its group{others}"
        telling.fault(Reason.NOT_READ_YET, said.unread[0].place, detail)
    groups = (said.before, said.report, *said.patients, *said.specimens)
    for segment in (one for group in groups for one in bad_dates(group)):
        telling.fault(Reason.BAD_VALUE, segment.place, "not a date or time of its format")
