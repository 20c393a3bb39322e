"""What HL7 v2 messages say, one decision at a time."""

import json
from datetime import UTC, datetime

import pytest

from wholerecord.intake import Kept, Merge, Reading, Reason, Unreadable
from wholerecord.intake.hl7v2 import read
from wholerecord.people import demographics_of
from wholerecord.record import MessageId, PatientKey

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def msh(kind="ADT^A01^ADT_A01", sent="20260701120000", version="2.5.1", processing="P"):
    return rf"MSH|^~\&|PAS|RXX|WR|WR|{sent}||{kind}|C1|{processing}|{version}"


def pid(number="123^^^RXX^MR", *, name="Example^Ann", born="19500601", sex="F", more=""):
    return f"PID|1||{number}||{name}||{born}|{sex}{more}"


def pv1(visit="V7^^^RXX^VN", *, kind="I", admitted="20260630", discharged=""):
    fields = [""] * 46
    fields[0:4] = ["PV1", "1", kind, "WARD 3^BAY 2^BED 1^RXX"]
    fields[19], fields[44], fields[45] = visit, admitted, discharged
    return "|".join(fields)


def kept(*segments, source="pas"):
    body = segments[0] if isinstance(segments[0], bytes) else "\r".join(segments).encode()
    return Kept(message=MessageId(1), source=source, name="x", body=body, received=NOW)


def said(reading, kind):
    """Every body of `kind`, in order."""
    assert isinstance(reading, Reading), reading
    return [
        json.loads(saying.body, parse_float=str)
        for patient in reading.patients
        for saying in patient.sayings
        if saying.kind == kind
    ]


def only(reading, kind):
    (body,) = said(reading, kind)
    return body


def told(*segments):
    reading = read(kept(*segments))
    assert isinstance(reading, Reading), reading
    return reading


# Who it is about


@pytest.mark.parametrize(
    ("pid3", "key"),
    [
        ("123^^^RXX^MR", "RXX:123"),
        ("123", "123"),
        ("9990000018^^^NHS^NH~123^^^RXX^PI", "RXX:123"),
        ("ACC^^^RXX^AN~123^^^RXX^PT", "RXX:123"),
        ("999 000 0018^^^NHS^NH", "nhs:9990000018"),
        ("9990000018^^^&2.16.840.1.113883.2.1.4.1&ISO", "nhs:9990000018"),
        ("9990000018^^^NHSNMBR", "nhs:9990000018"),
        ("123^^^&1.2.3&ISO^MR", "1.2.3:123"),
    ],
)
def test_the_patient_is_known_by_the_most_local_number(pid3, key):
    (patient,) = told(msh(), pid(pid3)).patients
    assert patient.about == PatientKey("pas", key)


def test_two_hospitals_with_one_number_are_two_patients():
    numbers = {
        told(msh(), pid(f"123^^^{hospital}^MR")).patients[0].about for hospital in ("RXX", "RYY")
    }
    assert len(numbers) == 2


@pytest.mark.parametrize("pid3", ["", '""', "^^^RXX^MR", "ACC^^^RXX^AN"])
def test_a_message_that_names_no_patient_is_parked_whole(pid3):
    reading = read(kept(msh(), pid(pid3)))
    assert isinstance(reading, Unreadable)
    assert reading.fault.reason is Reason.NO_PATIENT
    assert reading.fault.place == "PID[1]-3"


def test_who_somebody_is_survives_to_their_demographics():
    more = "|||12 High St^^Leeds^^LS2 9JT^^H||0113 4960000^PRN^PH~a@example.org^NET^Internet"
    reading = told(
        msh(),
        pid("123^^^RXX^MR~9990000018^^^NHS^NH", name="Example^Ann^Rose^^Mrs^^L", more="" + more)
        + "|" * 19
        + "01",
        "PD1|||The Surgery^^B86001|G123^Doctor^Dee",
    )
    who = demographics_of(reading.patients[0].sayings)
    assert who is not None
    assert str(who.name) == "Mrs Ann Rose Example"
    assert who.born is not None
    assert who.born.text == "1950-06-01"
    assert who.sex == "female"
    assert str(who.nhs_number) == "999 000 0018"
    assert who.nhs_status == "01"
    assert who.addresses[0].postcode == "LS2 9JT"
    assert who.phones == ("0113 4960000",)
    assert who.emails == ("a@example.org",)
    assert who.practice == "B86001"
    assert not who.restricted


@pytest.mark.parametrize("segment", ["PD1" + "|" * 12 + "Y", "ARV|1|A|ALL", "ARV|1|A|DEM"])
def test_a_restricted_person_is_marked(segment):
    who = demographics_of(told(msh(), pid(), segment).patients[0].sayings)
    assert who is not None
    assert who.restricted


def test_a_restriction_taken_back_restricts_nobody():
    who = demographics_of(told(msh(), pid(), "ARV|1|D|ALL").patients[0].sayings)
    assert who is not None
    assert not who.restricted


@pytest.mark.parametrize(
    ("fields", "dead"),
    [("20260101|Y", True), ("|Y", True), ("|N", False), ("|", False), ('""|""', False)],
)
def test_a_death_is_said_by_its_time_or_its_flag(fields, dead):
    who = demographics_of(told(msh(), pid(more="|" * 21 + fields)).patients[0].sayings)
    assert who is not None
    assert who.dead is dead


def test_a_birth_date_that_is_none_is_parked_and_the_rest_is_filed():
    reading = told(msh(), pid(born="31/12/1950"))
    assert "birthDate" not in only(reading, "Patient")
    (fault,) = reading.faults
    assert (fault.reason, fault.place) == (Reason.BAD_VALUE, "PID[1]-7")
    assert "1950" not in fault.detail


def test_next_of_kin_are_related_people():
    body = only(told(msh(), pid(), "NK1|1|Example^Bob|SPO^Spouse||07700900123"), "RelatedPerson")
    assert body["name"] == [{"family": "Example", "given": ["Bob"]}]
    assert body["patient"] == {"reference": "Patient/RXX.123"}


# When


@pytest.mark.parametrize(
    ("sent", "instant"),
    [
        ("20260701120000", "2026-07-01T12:00:00+01:00"),
        ("20260101120000", "2026-01-01T12:00:00+00:00"),
        ("20260701120000+0000", "2026-07-01T12:00:00+00:00"),
        ("202607011200", "2026-07-01T12:00:00+01:00"),
        ("20260701120000.123", "2026-07-01T12:00:00.123+01:00"),
    ],
)
def test_local_time_is_the_united_kingdoms(sent, instant):
    assert only(told(msh(sent=sent), pid()), "Patient")["meta"]["lastUpdated"] == instant


def test_a_time_of_sending_that_is_only_a_day_is_no_instant():
    assert "meta" not in only(told(msh(sent="20260701"), pid()), "Patient")


def test_test_data_says_that_it_is():
    body = only(told(msh(processing="T"), pid()), "Patient")
    assert body["meta"]["security"][0]["code"] == "HTEST"


# Visits


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ("A01", "in-progress"),
        ("A02", "in-progress"),
        ("A03", "finished"),
        ("A04", "arrived"),
        ("A05", "planned"),
        ("A11", "entered-in-error"),
        ("A13", "in-progress"),
        ("A38", "cancelled"),
    ],
)
def test_the_event_tells_the_status_of_the_visit(event, status):
    body = only(told(msh(f"ADT^{event}"), pid(), pv1()), "Encounter")
    assert (body["id"], body["status"]) == ("RXX.V7.", status)


@pytest.mark.parametrize(
    ("visit", "status"),
    [
        (pv1(), "in-progress"),
        (pv1(discharged="20260701"), "finished"),
        (pv1(kind="P"), "planned"),
        (pv1(admitted=""), "unknown"),
    ],
)
def test_an_update_tells_the_status_from_the_visit_itself(visit, status):
    assert only(told(msh("ADT^A08"), pid(), visit), "Encounter")["status"] == status


def test_a_discharge_is_a_later_version_of_the_admission():
    admitted = only(told(msh(), pid(), pv1()), "Encounter")
    discharged = only(told(msh("ADT^A03"), pid(), pv1(discharged="20260702")), "Encounter")
    assert admitted["id"] == discharged["id"]
    assert discharged["period"] == {"start": "2026-06-30", "end": "2026-07-02"}


def test_a_discharge_before_the_admission_is_parked():
    reading = told(msh("ADT^A03"), pid(), pv1(discharged="20250101"))
    assert only(reading, "Encounter")["period"] == {"start": "2026-06-30"}
    assert reading.faults[0].place == "PV1[1]-45"


def test_an_update_of_a_person_with_an_empty_visit_says_nothing_of_visits():
    assert said(told(msh("ADT^A31"), pid(), "PV1|1|N"), "Encounter") == []


# Allergies, diagnoses, procedures


def test_an_allergy_keeps_its_substance_severity_and_reactions():
    body = only(
        told(msh(), pid(), "AL1|1|DA|91936005^Penicillin^SCT|SV|Rash~Wheeze|20190301"),
        "AllergyIntolerance",
    )
    assert body["code"]["coding"][0]["system"] == "http://snomed.info/sct"
    assert body["criticality"] == "high"
    assert [m["text"] for m in body["reaction"][0]["manifestation"]] == ["Rash", "Wheeze"]
    assert body["category"] == ["medication"]


def test_an_allergy_to_nothing_named_is_parked():
    reading = told(msh(), pid(), "AL1|1|DA|||Rash")
    assert said(reading, "AllergyIntolerance") == []
    assert reading.faults[0].place == "AL1[1]-3"


@pytest.mark.parametrize(
    ("action", "status", "verification"),
    [("A", "C", "confirmed"), ("D", "C", "entered-in-error"), ("U", "E", "entered-in-error")],
)
def test_an_allergy_can_be_taken_back(action, status, verification):
    iam = f"IAM|1|DA|7980^Penicillin|SV|Rash|{action}|A77||||||||||{status}"
    body = only(told(msh("ADT^A60"), pid(), iam), "AllergyIntolerance")
    assert body["verificationStatus"]["coding"][0]["code"] == verification
    assert (
        body["id"]
        == only(
            told(msh("ADT^A60"), pid(), "IAM|1|DA|7980^Penicillin|SV|Rash|A|A77"),
            "AllergyIntolerance",
        )["id"]
    )


@pytest.mark.parametrize(("kind", "status"), [("W", "provisional"), ("F", "confirmed")])
def test_a_working_diagnosis_is_not_certain(kind, status):
    body = only(told(msh(), pid(), pv1(), f"DG1|1|I10|I63.9^Stroke||20260630|{kind}"), "Condition")
    assert body["code"]["coding"][0]["system"] == "http://hl7.org/fhir/sid/icd-10"
    assert body["verificationStatus"]["coding"][0]["code"] == status
    assert body["encounter"] == {"reference": "Encounter/RXX.V7."}


def test_a_deleted_diagnosis_is_the_same_condition_in_error():
    kept_one = only(told(msh(), pid(), pv1(), "DG1|1||I63^Stroke||20260630|F"), "Condition")
    gone = only(
        told(msh(), pid(), pv1(), "DG1|1||I63^Stroke||20260630|F" + "|" * 15 + "D"), "Condition"
    )
    assert gone["id"] == kept_one["id"]
    assert gone["verificationStatus"]["coding"][0]["code"] == "entered-in-error"


def test_a_procedure_is_completed():
    body = only(told(msh(), pid(), "PR1|1||W371^Hip replacement^OPCS4||20260630"), "Procedure")
    assert (body["status"], body["performedDateTime"]) == ("completed", "2026-06-30")


# Merges


def test_a_merge_names_the_patient_kept_and_the_one_retired():
    reading = told(msh("ADT^A40^ADT_A39"), pid(), "MRG|456^^^RXX^MR")
    assert reading.merges == (
        Merge(
            kept=PatientKey("pas", "RXX:123"),
            retired=PatientKey("pas", "RXX:456"),
            place="MRG[1]",
            said=datetime(2026, 7, 1, 11, tzinfo=UTC),
        ),
    )
    assert said(reading, "Patient")


def test_a_retired_number_without_authority_is_the_kept_ones():
    (merge,) = told(msh("ADT^A40"), pid(), "MRG|456").merges
    assert merge.retired.number == "RXX:456"


@pytest.mark.parametrize("mrg", ["MRG|", "MRG|123^^^RXX^MR"])
def test_a_merge_of_nobody_or_of_oneself_is_parked(mrg):
    reading = told(msh("ADT^A40"), pid(), mrg)
    assert reading.merges == ()
    assert reading.faults[0].place == "MRG[1]-1"


# What cannot be read


@pytest.mark.parametrize(
    ("body", "reason", "place"),
    [
        (b"", Reason.EMPTY, ""),
        (b"\r\n\x1c\r", Reason.EMPTY, ""),
        (b"MSH", Reason.NOT_RECOGNISED, ""),
        (b"MSH|^~\\&", Reason.CUT_SHORT, "MSH-2"),
        (b"MSH|^^^^|A|B\rPID|1", Reason.BAD_DELIMITERS, "MSH-2"),
        (b"MSH|^~|A|B\rPID|1", Reason.BAD_DELIMITERS, "MSH-2"),
        (b"MSH|ab&c|A|B\rPID|1", Reason.BAD_DELIMITERS, "MSH-2"),
        (b"PID|1||123", Reason.NOT_RECOGNISED, ""),
        (b"\x0bMSH|^~\\&|A|B|C|D|2026", Reason.CUT_SHORT, ""),
        (msh("MFN^M02").encode(), Reason.NOT_READ_YET, "MSH-9"),
        (msh("").encode(), Reason.BAD_VALUE, "MSH-9"),
        (msh(version="3.0").encode(), Reason.OTHER_VERSION, "MSH-12"),
        (msh().encode(), Reason.NO_PATIENT, ""),
        ((msh() + "||||||8859/99\rPID|1||é").encode(), Reason.NOT_TEXT, "MSH-18"),
        ((msh() + "||||||UNICODE UTF-8\rPID|1||").encode() + b"\xe9", Reason.NOT_TEXT, "byte 92"),
    ],
)
def test_what_cannot_be_read_says_why_and_where(body, reason, place):
    reading = read(kept(body))
    assert isinstance(reading, Unreadable)
    assert (reading.fault.reason, reading.fault.place) == (reason, place)


def test_a_type_not_read_yet_is_named():
    reading = read(kept(msh("MFN^M02"), pid()))
    assert isinstance(reading, Unreadable)
    assert reading.fault.detail == "MFN^M02"


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("", "utf-8"), ("", "cp1252"), ("8859/1", "latin-1"), ("UNICODE UTF-8", "utf-8")],
)
def test_names_are_read_in_the_character_set_the_message_names(charset, codec):
    text = msh() + "||||||" + charset + "\r" + pid(name="Brontë^Zoë")
    body = only(read(kept(text.encode(codec))), "Patient")
    assert body["name"][0]["family"] == "Brontë"


@pytest.mark.parametrize("terminator", ["\r", "\n", "\r\n", "\r\r"])
@pytest.mark.parametrize(("before", "after"), [("", ""), ("\ufeff", ""), ("\x0b", "\x1c\r")])
def test_terminators_and_framing_left_in_a_file_change_nothing(terminator, before, after):
    text = before + terminator.join((msh(), pid(), pv1())) + after
    reading = read(kept(text.encode()))
    assert isinstance(reading, Reading)
    assert reading == told(msh(), pid(), pv1())


def test_unusual_delimiters_are_read_as_declared():
    text = "MSH#*+!%#PAS#RXX###2026##ADT*A01#C1#P#2.5\rPID#1##123***RXX*MR##O!F!Hara*Ann"
    assert only(told(text), "Patient")["name"][0]["family"] == "O#Hara"


def test_segments_nobody_reads_are_named_where_the_patient_is():
    body = only(told(msh(), pid(), "ZPI|secret", "IN1|1"), "Patient")
    assert [tag["code"] for tag in body["meta"]["tag"]] == ["IN1", "ZPI"]


def test_a_line_that_is_no_segment_is_parked():
    reading = told(msh(), pid(), "and so on")
    assert reading.faults[0].place == "line 3"


def test_many_lines_that_are_no_segments_are_one_piece_of_work():
    reading = told(msh(), pid(), *["and so on"] * 500)
    assert [fault.detail for fault in reading.faults] == ["not a segment and 499 more"]


def test_msh_inside_a_field_begins_no_message():
    reading = told(msh(), pid(), "NTE|1||see MSH|2 and MSH|3")
    assert reading.faults == ()
    assert reading.patients[0].sayings[0].place == "PID[1]"


def test_a_body_of_thousands_of_headers_is_not_read():
    reading = read(kept("\r".join([msh()] * 1001).encode()))
    assert isinstance(reading, Unreadable)
    assert reading.fault.reason is Reason.TOO_LARGE


def test_lines_before_the_message_are_parked_and_the_message_is_filed():
    reading = told("sent by the night job", msh(), pid())
    assert [fault.place for fault in reading.faults] == ["line 1"]
    assert said(reading, "Patient")


def test_one_bad_message_of_a_batch_does_not_hold_up_the_others():
    body = "\r".join(("BHS|^~\\&", msh(), pid(), msh("MFN^M02"), pid(), "BTS|2")).encode()
    reading = read(kept(body))
    assert isinstance(reading, Reading)
    assert len(reading.patients) == 1
    assert reading.patients[0].sayings[0].place == "message 1 PID[1]"
    assert [fault.place for fault in reading.faults] == ["message 2 MSH-9"]


def test_a_batch_that_counts_wrongly_is_parked():
    body = f"BHS|^~\\&\r{msh()}\r{pid()}\rBTS|2".encode()
    reading = read(kept(body))
    assert isinstance(reading, Reading)
    assert [fault.place for fault in reading.faults] == ["BTS-1"]
    assert said(reading, "Patient")


def test_a_message_of_too_many_segments_is_not_read():
    reading = read(kept(msh().encode() + b"\rZZZ" * 100_001))
    assert isinstance(reading, Unreadable)
    assert reading.fault.reason is Reason.TOO_LARGE
