"""Laboratory results in HL7 v2: values as written, corrections, retractions."""

import json
from datetime import UTC, datetime

import pytest

from wholerecord.intake import Kept, Reading, Reason
from wholerecord.intake.hl7v2 import read
from wholerecord.record import MessageId

MSH = "MSH|^~\\&|LAB|RXX|WR|WR|20260701120000||ORU^R01|C1|P|2.5.1"
PID = "PID|1||123^^^RXX^MR||Example^Ann||19500601|F"
OBR = "OBR|1|P1|F1|FBC^Full blood count^L|||20260701090000" + "|" * 15 + "20260701110000||HM|F"


def told(*segments):
    body = "\r".join(segments).encode()
    kept = Kept(
        message=MessageId(1),
        source="lab",
        name="x",
        body=body,
        received=datetime(2026, 11, 21, tzinfo=UTC),
    )
    reading = read(kept)
    assert isinstance(reading, Reading), reading
    return reading


def said(reading, kind):
    return [
        json.loads(saying.body, parse_float=str)
        for patient in reading.patients
        for saying in patient.sayings
        if saying.kind == kind
    ]


def observation(obx, *more):
    (body,) = said(told(MSH, PID, OBR, obx, *more), "Observation")
    return body


def obx(kind, value, *, unit="", reference="", flag="", status="F", sub=""):
    return f"OBX|1|{kind}|HB^Haemoglobin^L|{sub}|{value}|{unit}|{reference}|{flag}|||{status}"


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("NM", "4.50", {"valueQuantity": {"value": "4.50", "unit": "g/L"}}),
        ("NM", "-.5", {"valueQuantity": {"value": "-0.5", "unit": "g/L"}}),
        ("NM", "<0.5", {"valueQuantity": {"comparator": "<", "value": "0.5", "unit": "g/L"}}),
        ("NM", "haemolysed", {"valueString": "haemolysed"}),
        ("SN", ">^100", {"valueQuantity": {"comparator": ">", "value": 100, "unit": "g/L"}}),
        ("SN", "^1^:^128", {"valueRatio": {"numerator": {"value": 1, "unit": "g/L"},
                                            "denominator": {"value": 128}}}),
        ("SN", "^3^-^5", {"valueRange": {"low": {"value": 3, "unit": "g/L"},
                                          "high": {"value": 5, "unit": "g/L"}}}),
        ("SN", "^2^+", {"valueString": "2 +"}),
        ("ST", "A^B&C", {"valueString": "A^B&C"}),
        ("ST", "Seen\\T\\noted", {"valueString": "Seen&noted"}),
        ("TX", "one~two", {"valueString": "one\ntwo"}),
        ("FT", "one\\.br\\two", {"valueString": "one\ntwo"}),
        ("DT", "20260701", {"valueDateTime": "2026-07-01"}),
        ("TM", "0930", {"valueTime": "09:30:00"}),
        ("CE", "260385009^Negative^SCT", {"valueCodeableConcept": {
            "coding": [{"system": "http://snomed.info/sct", "code": "260385009",
                        "display": "Negative"}], "text": "Negative"}}),
    ],
)  # fmt: skip
def test_a_value_is_kept_exactly_as_written(kind, value, expected):
    body = observation(obx(kind, value, unit="g/L"))
    assert {key: body[key] for key in body if key.startswith("value")} == expected


def test_a_value_that_repeats_is_components_of_one_code():
    body = observation(obx("CE", "A^Alpha~B^Beta"))
    assert [part["valueCodeableConcept"]["text"] for part in body["component"]] == ["Alpha", "Beta"]


@pytest.mark.parametrize(
    ("reference", "low", "high"),
    [("3.5-5.0", "3.5", "5.0"), ("<5", None, 5), (">= 90", 90, None), ("see notes", None, None)],
)
def test_the_reference_range_is_the_laboratorys(reference, low, high):
    (said_range,) = observation(obx("NM", "1", reference=reference))["referenceRange"]
    assert said_range["text"] == reference
    assert said_range.get("low", {}).get("value") == low
    assert said_range.get("high", {}).get("value") == high


def test_units_claim_ucum_only_where_the_message_does():
    assert "system" not in observation(obx("NM", "1", unit="mmol/L"))["valueQuantity"]
    quantity = observation(obx("NM", "1", unit="mmol/L^millimoles^UCUM"))["valueQuantity"]
    assert (quantity["system"], quantity["code"]) == ("http://unitsofmeasure.org", "mmol/L")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("P", "preliminary"),
        ("F", "final"),
        ("C", "corrected"),
        ("X", "cancelled"),
        ("D", "entered-in-error"),
        ("W", "entered-in-error"),
        ("", "final"),
    ],
)
def test_versions_of_one_result_share_an_id(status, expected):
    body = observation(obx("NM", "1", status=status))
    assert (body["id"], body["status"]) == ("F1.FBC.HB..", expected)


def test_a_result_with_no_status_anywhere_is_not_final():
    (body,) = said(told(MSH, PID, "OBR|1||F1|FBC", obx("NM", "1", status="")), "Observation")
    assert body["status"] == "unknown"


def test_a_result_that_could_not_be_had_says_so():
    body = observation(obx("NM", "", status="X"))
    assert body["dataAbsentReason"]["coding"][0]["code"] == "error"


def test_the_report_lists_its_results_and_numbers():
    (report,) = said(
        told(MSH, PID, OBR, obx("NM", "1"), obx("NM", "2", sub="b")), "DiagnosticReport"
    )
    assert report["result"] == [
        {"reference": "Observation/F1.FBC.HB.."},
        {"reference": "Observation/F1.FBC.HB.b."},
    ]
    assert [each["value"] for each in report["identifier"]] == ["P1", "F1"]
    assert (report["status"], report["issued"]) == ("final", "2026-07-01T11:00:00+01:00")


def test_the_same_code_twice_is_two_results():
    bodies = said(told(MSH, PID, OBR, obx("NM", "1"), obx("NM", "2")), "Observation")
    assert [body["id"] for body in bodies] == ["F1.FBC.HB..", "F1.FBC.HB..2"]


def test_text_that_goes_on_over_several_segments_is_one_value():
    body = observation(obx("TX", "No growth"), obx("TX", ""), obx("TX", "after two days"))
    assert body["valueString"] == "No growth\n\nafter two days"


def test_a_note_stays_with_its_result():
    first, second = said(
        told(MSH, PID, OBR, obx("NM", "1"), "NTE|1||Repeat", "NTE|2||in a week", obx("NM", "2")),
        "Observation",
    )
    assert first["note"] == [{"text": "Repeat\nin a week"}]
    assert "note" not in second


def test_a_note_on_the_report_is_shown_with_it():
    (report,) = said(told(MSH, PID, OBR, "NTE|1||Haemolysed", obx("NM", "1")), "DiagnosticReport")
    assert report["conclusion"] == "Haemolysed"


def test_a_document_is_attached_to_its_report():
    reading = told(MSH, PID, OBR, obx("ED", "^application^pdf^Base64^JVBERi0="))
    (report,) = said(reading, "DiagnosticReport")
    assert report["presentedForm"] == [
        {"contentType": "application/pdf", "data": "JVBERi0=", "title": "Haemoglobin"}
    ]


def test_flags_that_fhir_knows_are_coded_and_others_kept():
    body = observation(obx("NM", "1", flag="H~odd"))
    assert body["interpretation"][0]["coding"][0]["code"] == "H"
    assert body["interpretation"][1]["text"] == "odd"


def test_two_patients_in_one_message_keep_their_own_results():
    other = PID.replace("123", "456")
    reading = told(MSH, PID, OBR, obx("NM", "1"), other, OBR, obx("NM", "2"))
    assert [(p.about.number, len(p.sayings)) for p in reading.patients] == [
        ("RXX:123", 3),
        ("RXX:456", 3),
    ]


def test_results_before_any_patient_are_parked_and_the_others_filed():
    reading = told(MSH, OBR, obx("NM", "1"), PID, OBR, obx("NM", "2"))
    assert [fault.reason for fault in reading.faults] == [Reason.NO_PATIENT]
    assert len(said(reading, "Observation")) == 1
