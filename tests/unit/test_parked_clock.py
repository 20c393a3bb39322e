"""Parked is work: by when, and about whom."""

from datetime import UTC, datetime, timedelta

from wholerecord.intake import (
    Fault,
    Kept,
    Parked,
    PatientReading,
    Reading,
    Reason,
    Unreadable,
    filing,
)
from wholerecord.intake.parked_clock import Lateness, clock, unlinked_clock
from wholerecord.intake.recognise import read
from wholerecord.intake.whom import whom
from wholerecord.record import PatientKey, Saying

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PATIENT = Saying(kind="Patient", body=b'{"id":"7"}', place="PID")


def parked(reason: Reason) -> Parked:
    return Parked(
        n=1,
        message=1,  # type: ignore[arg-type]
        source="gp",
        place="",
        reason=reason.name,
        says=reason.value,
        owner="RXA",
        since=NOON,
    )


def kept(body: bytes) -> Kept:
    return Kept(message=1, source="acute", name="", body=body, received=NOON)  # type: ignore[arg-type]


def test_what_may_hide_something_of_one_person_is_due_before_what_needs_a_reader():
    urgent, slow = clock(parked(Reason.SEVERAL_PATIENTS)), clock(parked(Reason.NOT_READ_YET))
    assert urgent.due < clock(parked(Reason.BAD_VALUE)).due < slow.due
    assert urgent.at(NOON) is Lateness.ON_TIME
    assert urgent.at(NOON + timedelta(hours=4)) is Lateness.OVERDUE
    assert urgent.at(NOON + timedelta(hours=24)) is Lateness.ESCALATED
    assert unlinked_clock(NOON).at(NOON + timedelta(hours=2)) is Lateness.OVERDUE


def test_a_part_that_cannot_be_read_is_about_the_one_patient_of_its_message():
    about = PatientReading(about=PatientKey("acute", "7"), sayings=(PATIENT,))
    fault = Fault(reason=Reason.BAD_VALUE, place="OBX[2]")
    [found] = filing(kept(b""), Reading(patients=(about,), faults=(fault,))).faults
    assert found.about == PatientKey("acute", "7")


def test_of_several_patients_only_the_reader_knows_whom_a_fault_is_about():
    two = tuple(
        PatientReading(about=PatientKey("acute", number), sayings=(PATIENT,)) for number in "78"
    )
    named = Fault(reason=Reason.BAD_VALUE, about=PatientKey("acute", "8"))
    unnamed = Fault(reason=Reason.BAD_VALUE)
    found = filing(kept(b""), Reading(patients=two, faults=(named, unnamed))).faults
    assert [fault.about for fault in found] == [PatientKey("acute", "8"), None]


def test_an_unreadable_message_is_about_the_patient_its_pid_names():
    body = (
        b"MSH|^~\\&|PAS|RXX|WR|WR|20260302||ZZZ^Z99|M1|P|2.4\r"
        b"PID|1||H1^^^RXX^MR~9990000018^^^NHS^NH||Okafor^Grace\r"
    )
    reading = read(kept(body))
    assert isinstance(reading, Unreadable)
    [fault] = filing(kept(body), reading).faults
    assert fault.about == PatientKey("acute", "RXX:H1")
    assert whom(kept(body + body)) is None
    assert whom(kept(b"{}")) is None
    assert whom(kept(b"MSH")) is None
    assert whom(kept(b"MSH|^~\\&|\xff\xfe\r")) is None
