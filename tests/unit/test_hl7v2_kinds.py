"""HL7 v2 messages beyond ADT and ORU: what each type becomes."""

import base64
import json
from datetime import UTC, datetime

import pytest

from wholerecord.intake import Kept, Merge, Reading, Reason, Unmerge, Unreadable
from wholerecord.intake.hl7v2 import read
from wholerecord.record import MessageId, PatientKey

PID = "PID|1||123^^^RXX^MR||Example^Ann||19500601|F"
PV1 = "PV1|1|I|WARD 3^^^RXX" + "|" * 16 + "V7^^^RXX^VN"
ORC = "ORC|NW|P1|F1||SC|||||||G123^Doctor^Dee"


def seg(name, **fields):
    """A segment from its fields: `seg("SCH", f2="B1")`."""
    numbers = {int(key[1:]): value for key, value in fields.items()}
    said = [numbers.get(n, "") for n in range(1, max(numbers) + 1)]
    return "|".join([name, *said])


def msh(kind):
    return rf"MSH|^~\&|SYS|RXX|WR|WR|20260701120000||{kind}|C1|P|2.5.1"


def kept(*segments, columns=b""):
    return Kept(
        message=MessageId(1),
        source="sys",
        name="x",
        body="\r".join(segments).encode(),
        received=datetime(2026, 11, 21, tzinfo=UTC),
        columns=columns,
    )


def told(kind, *segments, columns=b""):
    reading = read(kept(msh(kind), *segments, columns=columns))
    assert isinstance(reading, Reading), reading
    return reading


def said(reading, kind):
    return [
        json.loads(saying.body, parse_float=str)
        for patient in reading.patients
        for saying in patient.sayings
        if saying.kind == kind
    ]


def only(kind, *segments, resource, columns=b""):
    (body,) = said(told(kind, *segments, columns=columns), resource)
    return body


# Who is who


def test_a_link_is_a_merge_and_its_unlink_takes_it_back():
    other = "PID|2||456^^^RXX^MR||Example^Annie"
    keys = {"kept": PatientKey("sys", "RXX:123"), "retired": PatientKey("sys", "RXX:456")}
    said = datetime(2026, 7, 1, 11, tzinfo=UTC)
    assert told("ADT^A24", PID, other).merges == (Merge(**keys, place="PID[2]", said=said),)
    assert told("ADT^A37", PID, other).merges == (Unmerge(**keys, place="PID[2]", said=said),)


@pytest.mark.parametrize("more", [(), (PID,), ("PID|2||456", "PID|3||789")])
def test_an_unlink_names_two_patients(more):
    reading = told("ADT^A37", PID, *more)
    assert reading.merges == ()
    assert [fault.reason for fault in reading.faults] == [Reason.BAD_VALUE]


def test_unmerges_of_a_batch_stay_in_their_order():
    other = "PID|2||456^^^RXX^MR"
    reading = read(kept(msh("ADT^A24"), PID, other, msh("ADT^A37"), PID, other))
    assert [type(each) for each in reading.merges] == [Merge, Unmerge]
    assert reading.merges[1].place == "message 2 PID[2]"


def test_a_visit_that_has_a_new_number_was_a_mistake_under_the_old():
    reading = told("ADT^A50", PID, "MRG|123^^^RXX||||V6^^^RXX^VN", PV1)
    statuses = {body["id"]: body["status"] for body in said(reading, "Encounter")}
    assert statuses == {"RXX.V7.": "unknown", "RXX.V6.": "entered-in-error"}


def test_a_person_the_source_no_longer_knows_is_not_active():
    assert only("ADT^A29", PID, resource="Patient")["active"] is False
    assert only("ADT^A28", PID, resource="Patient")["active"] is True


def test_every_event_of_a_patient_is_read():
    for n in set(range(1, 63)) - {19, 20}:
        assert isinstance(read(kept(msh(f"ADT^A{n:02}"), PID, "PID|2||9", PV1)), Reading), n
    for event in ("A19", "A20", "A63"):
        assert isinstance(read(kept(msh(f"ADT^{event}"), PID)), Unreadable)


@pytest.mark.parametrize(
    ("event", "status"),
    [("A12", "in-progress"), ("A32", "in-progress"), ("A52", "in-progress"), ("A53", "onleave")],
)
def test_a_cancelled_step_leaves_the_visit_where_it_was(event, status):
    assert only(f"ADT^{event}", PID, PV1, resource="Encounter")["status"] == status


# What a visit is called


@pytest.mark.parametrize(
    ("pv1_4", "expected"),
    [
        ("E", {"type": [{"coding": [{"code": "E", "display": "Emergency",
            "system": "http://terminology.hl7.org/CodeSystem/v2-0007"}]}]}),
        ("X9^Walked in", {"type": [{"text": "Walked in", "coding": [{"code": "X9",
            "display": "Walked in", "system": "http://terminology.hl7.org/CodeSystem/v2-0007"}]}]}),
        ("28", {"extension": [{
            "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AdmissionMethod",
            "valueCodeableConcept": {"coding": [{"code": "28",
                "display": "Emergency: other means",
                "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdmissionMethodEngland"}]},
        }]}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_code_is_never_what_a_visit_is_called(pv1_4, expected):
    pv1 = PV1.replace("WARD 3^^^RXX|", f"WARD 3^^^RXX|{pv1_4}")
    body = only("ADT^A01", PID, pv1, resource="Encounter")
    assert {key: body[key] for key in ("type", "extension") if key in body} == expected


def test_a_code_of_no_table_is_kept_and_titles_nothing():
    body = only(
        "ADT^A01", PID, PV1.replace("WARD 3^^^RXX|", "WARD 3^^^RXX|Q7"), resource="Encounter"
    )
    assert "type" not in body
    assert body["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "Q7"


# Orders


OBR = seg(
    "OBR",
    f1="1",
    f2="P1",
    f3="F1",
    f4="FBC^Full blood count^L",
    f5="S",
    f13="febrile",
    f31="?Sepsis",
)


@pytest.mark.parametrize("kind", ["ORM^O01", "OMG^O19", "OML^O21"])
def test_an_order_is_a_request(kind):
    body = only(kind, PID, PV1, ORC, OBR, "NTE|1||Please ring", resource="ServiceRequest")
    assert (body["status"], body["intent"], body["priority"]) == ("active", "order", "stat")
    assert body["code"]["text"] == "Full blood count"
    assert body["requester"]["display"] == "Dee Doctor"
    assert [note["text"] for note in body["note"]] == ["Please ring", "febrile"]
    assert body["encounter"] == {"reference": "Encounter/RXX.V7."}
    assert [each["value"] for each in body["identifier"]] == ["P1", "F1"]


@pytest.mark.parametrize(
    ("control", "status", "expected"),
    [
        ("NW", "", "active"),
        ("CA", "", "revoked"),
        ("HD", "", "on-hold"),
        ("SC", "CM", "completed"),
        ("NW", "CA", "revoked"),
        ("SC", "", "unknown"),
    ],
)
def test_a_cancelled_order_is_a_later_version_of_it(control, status, expected):
    first = only("ORM^O01", PID, ORC, OBR, resource="ServiceRequest")
    orc = f"ORC|{control}|P1|F1||{status}"
    then = only("ORM^O01", PID, orc, OBR, resource="ServiceRequest")
    assert (then["id"], then["status"]) == (first["id"], expected)


def test_the_questions_of_an_order_are_observations_and_no_report():
    reading = told("OML^O21", PID, ORC, "TQ1|1||||||20260702||A", OBR, "OBX|1|NM|WT^Weight||70|kg")
    assert said(reading, "DiagnosticReport") == []
    assert said(reading, "Observation")[0]["valueQuantity"]["value"] == 70
    (body,) = said(reading, "ServiceRequest")
    assert (body["priority"], body["occurrenceDateTime"]) == ("asap", "2026-07-02")


def test_a_diet_is_ordered_too_and_an_order_of_nothing_is_parked():
    reading = told(
        "OMD^O03".replace("OMD", "ORM"), PID, ORC, "ODS|D||DIA^Diabetic diet", "ORC|NW|P2"
    )
    (body,) = said(reading, "ServiceRequest")
    assert body["code"]["text"] == "Diabetic diet"
    assert [fault.place for fault in reading.faults] == ["ORC[2]"]


def test_notes_before_a_request_are_its_own():
    reading = told("ORM^O01", PID, ORC, "NTE|1||Fasting", OBR)
    assert said(reading, "ServiceRequest")[0]["note"][0]["text"] == "Fasting"


# Documents


TXA = seg(
    "TXA", f1="1", f2="DS^Discharge summary", f4="20260630", f6="20260701101500",
    f9="G1^Doctor^Dee", f12="D77", f13="{}", f17="AU", f19="AV",
)  # fmt: skip


def test_the_text_of_a_document_is_one_attachment():
    reading = told(
        "MDM^T02", PID, PV1, TXA, "OBX|1|TX|T||First line", r"OBX|2|FT|T||Second\.br\third"
    )
    (body,) = said(reading, "DocumentReference")
    (content,) = body["content"]
    text = base64.b64decode(content["attachment"]["data"]).decode()
    assert text == "First line\nSecond\nthird"
    assert (body["status"], body["docStatus"]) == ("current", "final")
    assert body["type"]["text"] == "Discharge summary"
    assert body["date"] == "2026-07-01T10:15:00+01:00"
    assert said(reading, "Observation") == []


def test_an_embedded_document_stays_as_it_is():
    obx = "OBX|1|ED|PDF||^application^pdf^Base64^JVBERi0="
    body = only("MDM^T02", PID, TXA, obx, resource="DocumentReference")
    assert (
        body["content"] == [{"attachment": {"contentType": "application/pdf", "data": "JVBERi0="}}]
        or body["content"][0]["attachment"]["data"] == "JVBERi0="
    )


@pytest.mark.parametrize(
    ("event", "relation"), [("T06", "appends"), ("T10", "replaces"), ("T08", None)]
)
def test_an_addendum_and_a_replacement_name_their_parent(event, relation):
    txa = TXA.replace("{}", "D70")
    body = only(f"MDM^{event}", PID, txa, "OBX|1|TX|T||x", resource="DocumentReference")
    first = only("MDM^T02", PID, TXA.replace("D77", "D70"), resource="DocumentReference")
    relates = body.get("relatesTo", [])
    assert [each["code"] for each in relates] == ([relation] if relation else [])
    for each in relates:
        assert each["target"]["reference"] == f"DocumentReference/{first['id']}"


def test_a_cancelled_document_is_taken_back():
    first = only("MDM^T02", PID, TXA, resource="DocumentReference")
    then = only("MDM^T11", PID, TXA, resource="DocumentReference")
    assert (then["id"], then["status"]) == (first["id"], "entered-in-error")


# Appointments


SCH = {
    "f1": "A1", "f2": "B1", "f7": "CHK^Check up", "f8": "FU^Follow up", "f9": "30", "f10": "min",
    "f11": "^^^20260801100000",
}  # fmt: skip


@pytest.mark.parametrize(
    ("event", "status", "expected"),
    [
        ("S12", "", "booked"),
        ("S12", "Pending", "pending"),
        ("S13", "Booked", "booked"),
        ("S15", "", "cancelled"),
        ("S17", "", "entered-in-error"),
        ("S26", "", "noshow"),
        ("S14", "Complete", "fulfilled"),
    ],
)
def test_an_appointment_and_what_becomes_of_it(event, status, expected):
    sch = seg("SCH", **SCH, f25=status)
    segments = (sch, PID, "RGS|1", "AIS|1||CARD^Cardiology", "AIP|1||G1^Doctor^Dee", "AIL|1||OPD 4")
    body = only(f"SIU^{event}", *segments, resource="Appointment")
    assert body["status"] == expected
    booked = only("SIU^S12", seg("SCH", **SCH), PID, resource="Appointment")
    assert body["id"] == booked["id"]
    assert body["start"] == "2026-08-01T10:00:00+01:00"
    assert body["end"] == "2026-08-01T10:30:00+01:00"
    assert [each["actor"].get("display") for each in body["participant"]] == [
        None,
        "Dee Doctor",
        "OPD 4",
    ]
    assert body["serviceType"][0]["text"] == "Cardiology"


def test_a_message_about_no_appointment_is_told_apart():
    assert [fault.place for fault in told("SIU^S12", PID).faults] == ["SCH"]


# Medicines


RXE = "RXE||319775004^Aspirin 75mg tablets^SCT|75||mg^^UCUM||^Take one daily|||28|TAB|3"


def test_an_encoded_order_is_a_request_with_its_dosage():
    reading = told("RDE^O11", PID, ORC, "TQ1|1||QD||||20260701", RXE, "RXR|PO^Oral")
    (body,) = said(reading, "MedicationRequest")
    assert body["medicationCodeableConcept"]["coding"][0]["system"] == "http://snomed.info/sct"
    (dose,) = body["dosageInstruction"]
    assert dose["text"] == "Take one daily"
    assert dose["route"]["text"] == "Oral"
    assert dose["doseAndRate"][0]["doseQuantity"]["value"] == 75
    repeat = dose["timing"]["repeat"]
    assert (repeat["frequency"], repeat["period"], repeat["periodUnit"]) == (1, 1, "d")
    assert body["dispenseRequest"]["numberOfRepeatsAllowed"] == 3
    assert body["dispenseRequest"]["quantity"]["value"] == 28


def test_a_stopped_medicine_is_a_later_version_of_its_order():
    first = only("RDE^O11", PID, ORC, RXE, resource="MedicationRequest")
    then = only("RDE^O11", PID, "ORC|DC|P1|F1", RXE, resource="MedicationRequest")
    assert (then["id"], then["status"]) == (first["id"], "stopped")


@pytest.mark.parametrize("kind", ["OMP^O09", "ORM^O01"])
def test_a_pharmacy_order_before_it_is_encoded(kind):
    body = only(
        kind,
        PID,
        ORC,
        "RXO|AMOX^Amoxicillin^L|250|500|mg||^As directed",
        resource="MedicationRequest",
    )
    amount = body["dosageInstruction"][0]["doseAndRate"][0]["doseRange"]
    assert (amount["low"]["value"], amount["high"]["value"]) == (250, 500)


@pytest.mark.parametrize(
    ("completion", "status"),
    [("CP", "completed"), ("RE", "not-done"), ("", "completed"), ("CP|D", "entered-in-error")],
)
def test_a_dose_is_given_or_it_is_not(completion, status):
    rxa = (
        f"RXA|0|1|20260701080000|20260701080000|AMOX^Amoxicillin^L|500|mg|||N1^Nurse^Nan{'|' * 10}"
    )
    reading = told(
        "RAS^O17", PID, ORC, "RXO|AMOX^Amoxicillin^L|500||mg", rxa + completion, "RXR|PO"
    )
    (body,) = said(reading, "MedicationAdministration")
    (order,) = said(reading, "MedicationRequest")
    assert body["status"] == status
    assert body["dosage"]["dose"] == {"value": 500, "unit": "mg"}
    assert body["request"] == {"reference": f"MedicationRequest/{order['id']}"}
    assert body["effectiveDateTime"] == "2026-07-01T08:00:00+01:00"


def test_what_was_dispensed_names_its_order():
    rxd = "RXD|1|AMOX^Amoxicillin^L|20260701|21|CAP|||RX9|||PH1^Chemist^Chris"
    reading = told("RDS^O13", PID, ORC, RXE, "RXR|PO", rxd)
    (body,) = said(reading, "MedicationDispense")
    assert (body["status"], body["whenHandedOver"]) == ("completed", "2026-07-01")
    assert body["quantity"] == {"value": 21, "unit": "CAP"}
    assert body["authorizingPrescription"][0]["reference"].startswith("MedicationRequest/P1")


# Vaccinations


RXA = {
    "f1": "0", "f2": "1", "f3": "20260105", "f5": "08^Hepatitis B^CVX", "f6": "0.5",
    "f7": "mL^^UCUM", "f10": "N1^Nurse^Nan", "f15": "LOT7", "f16": "20270101", "f17": "MSD^Merck",
    "f20": "CP", "f21": "A",
}  # fmt: skip


@pytest.mark.parametrize(("source", "primary"), [("00^New", True), ("01^Historical", False)])
def test_a_vaccination_keeps_its_batch_and_who_says_so(source, primary):
    reading = told(
        "VXU^V04",
        PID,
        ORC,
        seg("RXA", **RXA, f9=source),
        "RXR|IM|LA",
        "OBX|1|ST|64994-7^Funding||V01",
    )
    (body,) = said(reading, "Immunization")
    assert (body["status"], body["lotNumber"]) == ("completed", "LOT7")
    assert body["primarySource"] is primary
    assert body["vaccineCode"]["coding"][0]["system"] == "http://hl7.org/fhir/sid/cvx"
    assert body["doseQuantity"]["value"] == "0.5"
    assert body["expirationDate"] == "2027-01-01"
    assert said(reading, "Observation")[0]["partOf"] == [
        {"reference": f"Immunization/{body['id']}"}
    ]


def test_a_refused_vaccination_was_not_done():
    rxa = seg("RXA", **(RXA | {"f18": "01^Refused", "f20": "RE"}))
    assert only("VXU^V04", PID, ORC, rxa, resource="Immunization")["status"] == "not-done"


# Problems


@pytest.mark.parametrize(
    ("event", "action", "clinical", "verification"),
    [
        ("PC1", "AD", "active", None),
        ("PC2", "UP", "active", None),
        ("PC3", "DE", None, "entered-in-error"),
    ],
)
def test_a_problem_is_added_and_taken_back(event, action, clinical, verification):
    prb = f"PRB|{action}|20260701|44054006^Type 2 diabetes^SCT|PR1|||20200101"
    body = only(f"PPR^{event}", PID, prb, resource="Condition")
    assert body["id"] == only(f"PPR^{event}", PID, prb, resource="Condition")["id"]
    assert body["recordedDate"] == "2020-01-01"
    said_as = [
        body.get(key, {}).get("coding", [{}])[0].get("code")
        for key in ("clinicalStatus", "verificationStatus")
    ]
    assert said_as == [clinical, verification]


def test_a_resolved_problem_has_its_end():
    prb = "PRB|UP|20260701|195967001^Asthma^SCT|PR2|||2001||20260601||||^resolved"
    body = only("PPR^PC2", PID, prb, resource="Condition")
    assert body["abatementDateTime"] == "2026-06-01"
    assert body["clinicalStatus"]["coding"][0]["code"] == "resolved"


# What one source does otherwise


SITE = json.dumps(
    {
        "hl7v2": {
            "values": {
                "MSH-9": {"ADT^Z08": "ADT^A08"},
                "PID-3.4": {"ALLNHS": "NHS"},
                "PV1-2": {"INP": "I"},
                "OBX-6": {"mmol/l": "mmol/L^^UCUM"},
                "OBX-3.3": {"99LAB": "LN"},
            },
            "number": ["RXY"],
            "z": {
                "ZPI-2": {"title": "Interpreter needed"},
                "ZPI-3.1": {"title": "Falls risk", "shape": "flag", "code": "129839007",
                            "system": "http://snomed.info/sct"},
            },
            "charset": "8859/1",
        }
    }
).encode()  # fmt: skip


def test_a_source_declares_its_own_words():
    pid = "PID|1||123^^^RXX^MR~9990000018^^^ALLNHS~77^^^RXY^PI"
    pv1 = PV1.replace("PV1|1|I|", "PV1|1|INP|")
    reading = told("ADT^Z08", pid, pv1, "ZPI|1|Polish|Y~N", columns=SITE)
    assert reading.patients[0].about == PatientKey("sys", "RXY:77")
    (patient,) = said(reading, "Patient")
    assert "https://fhir.nhs.uk/Id/nhs-number" in [i.get("system") for i in patient["identifier"]]
    assert "tag" not in patient.get("meta", {})
    assert said(reading, "Encounter")[0]["class"]["code"] == "IMP"
    (observation,) = said(reading, "Observation")
    assert (observation["code"]["text"], observation["valueString"]) == (
        "Interpreter needed",
        "Polish",
    )
    (flag,) = said(reading, "Flag")
    assert flag["code"]["coding"][0]["code"] == "129839007"


def test_declared_words_are_in_the_message_s_own_delimiters():
    body = (
        "MSH#@+!%#LAB#RXX#W#W#20260701##ORU@R01#C#P#2.5\rPID#1##5\rOBR#1##F1#X\r"
        "OBX#1#NM#2345-7@Glucose@99LAB##5.1#mmol/l"
    )
    reading = read(kept(body, columns=SITE))
    (found,) = said(reading, "Observation")
    assert found["valueQuantity"]["code"] == "mmol/L"
    assert found["code"]["coding"][0]["system"] == "http://loinc.org"


def test_a_declared_character_set_is_of_those_that_name_none():
    body = (msh("ADT^A08") + "\r" + PID.replace("Ann", "Zoë")).encode("latin-1")
    one = Kept(message=MessageId(1), source="s", name="x", body=body,
               received=datetime(2026, 1, 1, tzinfo=UTC), columns=SITE)  # fmt: skip
    (patient,) = said(read(one), "Patient")
    assert patient["name"][0]["given"] == ["Zoë"]


@pytest.mark.parametrize(
    "declared",
    [
        b"{",
        b'{"hl7v2": {"values": {"PID3": {}}}}',
        b'{"hl7v2": {"charset": "KLINGON"}}',
        b'{"hl7v2": {"valus": {}}}',
        b'{"hl7v2": {"values": {"MSH-1": {"|": "#"}}}}',
    ],
)
def test_a_declaration_that_cannot_be_read_parks_the_message(declared):
    reading = read(kept(msh("ADT^A01"), PID, columns=declared))
    assert isinstance(reading, Unreadable)
    assert reading.fault.reason is Reason.BAD_DECLARATION


def test_a_column_map_says_nothing_of_hl7():
    assert isinstance(
        read(kept(msh("ADT^A01"), PID, columns=b'{"person": {"number": "a"}}')), Reading
    )


def test_a_segment_that_is_not_read_is_named():
    (patient,) = said(told("ADT^A01", PID, "ZPI|1|x", "IN1|1"), "Patient")
    assert [tag["code"] for tag in patient["meta"]["tag"]] == ["IN1", "ZPI"]
