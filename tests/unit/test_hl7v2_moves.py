"""What an HL7 v2 source moves between patients: visits (A45), accounts (A44), numbers (A43)."""

import json
from datetime import UTC, datetime

import pytest

from wholerecord.intake import Kept, Reading, Reason
from wholerecord.intake.hl7v2 import read
from wholerecord.record import MessageId, PatientKey

PID = "PID|1||123^^^RXX^MR||Example^Ann||19500601|F"
ACCOUNT = PID + "|" * 10 + "A9^^^RXX^AN"
PV1 = "PV1|1|I|W3"
VISIT = PV1 + "|" * 16 + "{}^^^RXX^VN"


def told(event, *segments):
    head = rf"MSH|^~\&|PAS|RXX|WR|WR|20260701120000||ADT^{event}|C1|P|2.5.1"
    kept = Kept(
        message=MessageId(1),
        source="pas",
        name="x",
        body="\r".join((head, *segments)).encode(),
        received=datetime(2026, 11, 21, tzinfo=UTC),
    )
    reading = read(kept)
    assert isinstance(reading, Reading), reading
    return reading


def visits(reading):
    return {
        patient.about.number: [
            (body["id"], body["status"])
            for saying in patient.sayings
            if saying.kind == "Encounter"
            for body in [json.loads(saying.body)]
        ]
        for patient in reading.patients
    }


def left(reading):
    assert {fault.reason for fault in reading.faults} <= {Reason.MOVED}
    return [(fault.about.number, fault.place) for fault in reading.faults]


def test_a_visit_that_is_moved_was_a_mistake_under_the_other_patient():
    reading = told("A45", PID, "MRG|456||||V7", VISIT.format("V7"))
    assert visits(reading) == {
        "RXX:123": [("RXX.V7.", "unknown")],
        "RXX:456": [("RXX.V7.", "entered-in-error")],
    }
    assert left(reading) == [("RXX:123", "MRG[1]"), ("RXX:456", "MRG[1]")]
    assert reading.faults[0].detail.startswith("the visit is moved")


def test_every_visit_that_is_moved_was_a_mistake():
    pairs = ("MRG|456||||V7", VISIT.format("V7"), "MRG|456||||V8", VISIT.format("V8"))
    assert visits(told("A45", PID, *pairs)) == {
        "RXX:123": [("RXX.V7.", "unknown"), ("RXX.V8.", "unknown")],
        "RXX:456": [("RXX.V7.", "entered-in-error"), ("RXX.V8.", "entered-in-error")],
    }


@pytest.mark.parametrize("number", ["123^^^RXX", "123^^^RXX^MR", "E7^^^EMPI^PE"])
def test_a_visit_of_another_account_of_the_same_patient_is_nobody_elses(number):
    pid = ACCOUNT.replace("123^^^RXX^MR", "E7^^^EMPI^PE~123^^^RXX^MR")
    reading = told("A45", pid, f"MRG|{number}||A1||V7^^^RXX^VN", VISIT.format("V7"))
    assert reading.faults == ()
    assert visits(reading) == {"RXX:123": [("RXX.V7.", "unknown")]}


@pytest.mark.parametrize(
    ("pv1", "id"), [(PV1, "RXX.A9."), (VISIT.format("V7"), "RXX.V7.")], ids=["account", "visit"]
)
def test_the_visit_of_an_account_that_is_moved_was_a_mistake(pv1, id):
    reading = told("A44", ACCOUNT, "MRG|456||A9", pv1)
    assert visits(reading) == {
        "RXX:123": [(id, "unknown")],
        "RXX:456": [(id, "entered-in-error")],
    }
    assert left(reading) == [("RXX:123", "MRG[1]"), ("RXX:456", "MRG[1]")]


@pytest.mark.parametrize(
    ("event", "segments"),
    [
        ("A43", [PID, "MRG|456", VISIT.format("V7")]),
        ("A44", [ACCOUNT, "MRG|456||A9"]),  # as the standard has it: no visit is named
        ("A44", [ACCOUNT, "MRG|456||A8", VISIT.format("V7")]),  # of another account
        ("A44", [PID, "MRG|456||A9", VISIT.format("V7")]),  # of an account not named
        ("A45", [PID, "MRG|456", VISIT.format("V7")]),
        ("A45", [PID, "MRG|456||||V7"]),
        ("A45", [PID, "MRG|456||||V7", "MRG|789||||V8"]),
    ],
)
def test_what_does_not_follow_is_left_to_people_of_both(event, segments):
    reading = told(event, *segments)
    assert left(reading)[:2] == [("RXX:123", "MRG[1]"), ("RXX:456", "MRG[1]")]
    assert reading.faults[0].detail.startswith("what was filed")
    assert visits(reading).keys() == {"RXX:123"}


@pytest.mark.parametrize("mrg", ["MRG|123^^^RXX||||V7", "MRG|||A1||V7"])
def test_a_visit_moved_from_nobody_else_is_left_to_people(mrg):
    assert left(told("A45", PID, mrg, VISIT.format("V7"))) == [("RXX:123", "MRG[1]")]


def test_a_number_that_is_another_persons_now_says_so_and_asks_whom_it_is_joined_with():
    pid = PID.replace("PID|1||", "PID|1|E2^^^EMPI^PE|")
    reading = told("A43", pid, "MRG|123^^^RXX^MR|||E1^^^EMPI^PE")
    [patient] = [
        json.loads(saying.body)
        for each in reading.patients
        for saying in each.sayings
        if saying.kind == "Patient"
    ]
    assert "E2" in [each["value"] for each in patient["identifier"]]
    [fault] = reading.faults
    assert (fault.reason, fault.about) == (Reason.MOVED, PatientKey("pas", "RXX:123"))
    assert "another person's" in fault.detail
