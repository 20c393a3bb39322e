"""What fuzzing begins with: one or two good messages of each format, all invented."""

import gzip
import io
import tarfile
import zipfile
from decimal import Decimal
from importlib.resources import files

from tests.unit import cda_documents as cda
from tests.unit import edifact_messages as edifact
from tests.unit import gp2gp_extracts as gp2gp
from tests.unit.fhir_xml import as_xml
from tests.unit.letter_files import RTF, TIFF, docx, pdf
from tests.unit.messages import NHS
from tests.unit.test_apple_health import export, record
from tests.unit.test_read_csv import COLUMNS, HEADER, ROW
from wholerecord.intake.letters import together
from wholerecord.record import canonical

WHO = b"PID|1||H77^^^RXX^MR~9990000018^^^NHS^NH||Example^Ann^^^Ms||19480302|F|||1 High St^^Leeds\r"


def hl7(kind: bytes, *segments: bytes) -> bytes:
    head = (
        b"MSH|^~\\&|PAS|RXX|WR|WR|20260302091500||" + kind + b"|M1|P|2.5.1|||AL|NE||UNICODE UTF-8\r"
    )
    return head + b"".join(segment + b"\r" for segment in segments)


HL7V2 = (
    hl7(b"ADT^A01^ADT_A01", b"EVN|A01|20260302", WHO[:-1], b"NK1|1|Example^Tom|SPO|||0113 496 0000")
    + b"PV1|1|I|W4^2^3||||C123^Hale^Jo|||MED|||||||||V7|||||||||||||||||||||||||202603020900\r"
    b"AL1|1|DA|764146007^Penicillin^SCT|SV|Rash\rDG1|1||I63.9^Stroke^I10||20260302|F\r",
    hl7(b"ADT^A40^ADT_A39", b"EVN|A40", WHO[:-1], b"MRG|H78^^^RXX^MR"),
    hl7(
        b"ORU^R01^ORU_R01",
        WHO[:-1],
        b"ORC|RE|P1|F1",
        b"OBR|1|P1|F1|U&E^Urea^L|||202603020900|||||||||||||||202603021000||LAB|F",
        b"OBX|1|NM|2823-3^Potassium^LN||4.50|mmol/L|3.5-5.3|N|||F|||20260302",
        b"OBX|2|ED|PDF^Letter^L||^application^pdf^Base64^JVBERi0xLjQK||||||F",
        b"NTE|1||\\H\\seen\\N\\ \\X41\\ \\.br\\ twice",
    ),
    hl7(
        b"MDM^T02^MDM_T02",
        WHO[:-1],
        b"TXA|1|DS|TX|20260302||||||||D1|||||AU",
        b"OBX|1|TX|||Well||||||F",
    ),
    hl7(
        b"SIU^S12^SIU_S12",
        b"SCH|A1||||||R^Review|||30|min|^^30^202603101000",
        WHO[:-1],
        b"AIS|1||X",
    ),
    hl7(
        b"RDE^O11^RDE_O11",
        WHO[:-1],
        b"ORC|NW|R1",
        b"RXE|1^BD^^20260302|372687004^Amoxicillin^SCT|500||mg",
        b"RXR|26643006^Oral^SCT",
    ),
    hl7(
        b"VXU^V04^VXU_V04",
        WHO[:-1],
        b"ORC|RE",
        b"RXA|0|1|20260302||871751006^MMR^SCT|0.5|mL|||||||B1",
    ),
    b"FHS|^~\\&\rBHS|^~\\&\r" + hl7(b"ADT^A08^ADT_A01", WHO[:-1]) + b"BTS|1\rFTS|1\r",
)

PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"system": NHS, "value": "9990000018"}],
    "name": [{"family": "Example", "given": ["Ann"]}],
    "birthDate": "1948-03-02",
}
CLINICAL = [
    {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-03-02T09:00:00Z",
        "valueQuantity": {"value": Decimal("4.50"), "unit": "mmol/L"},
        "contained": [{"resourceType": "Device", "id": "d", "manufacturer": "Acme"}],
    },
    {
        "resourceType": "Condition",
        "id": "c1",
        "subject": {"reference": "urn:uuid:1"},
        "code": {"text": "Stroke"},
        "onsetDateTime": "2026-02-18",
    },
    {
        "resourceType": "AllergyIntolerance",
        "patient": {"identifier": {"system": NHS, "value": "9990000018"}},
        "code": {"text": "Penicillin"},
    },
    {"resourceType": "Organization", "id": "g1", "name": "Leeds Practice"},
]
BUNDLE = {
    "resourceType": "Bundle",
    "type": "transaction",
    "timestamp": "2026-03-02T09:00:00Z",
    "entry": [
        {"fullUrl": f"urn:uuid:{n}", "resource": one}
        for n, one in enumerate([PATIENT, *CLINICAL], 1)
    ],
}
STU3 = {
    **BUNDLE,
    "type": "collection",
    "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Bundle-1"]},
    "entry": [
        {"resource": one}
        for one in (
            PATIENT,
            {
                "resourceType": "MedicationStatement",
                "id": "m1",
                "status": "active",
                "taken": "unk",
                "subject": {"reference": "Patient/p1"},
                "medicationReference": {"reference": "Medication/d1"},
                "basedOn": [{"reference": "MedicationRequest/r1"}],
            },
            {"resourceType": "Medication", "id": "d1", "code": {"text": "Ramipril"}},
            {
                "resourceType": "Immunization",
                "id": "i1",
                "status": "completed",
                "notGiven": False,
                "patient": {"reference": "Patient/p1"},
                "vaccineCode": {"text": "MMR"},
                "explanation": {"reason": [{"text": "due"}]},
            },
            {
                "resourceType": "AllergyIntolerance",
                "id": "a1",
                "clinicalStatus": "active",
                "verificationStatus": "confirmed",
                "assertedDate": "2019-01-02",
                "patient": {"reference": "Patient/p1"},
                "code": {"text": "Latex"},
            },
            {
                "resourceType": "Observation",
                "id": "o2",
                "status": "final",
                "comment": "at home",
                "code": {"text": "Pulse"},
                "related": [{"type": "has-member", "target": {"reference": "Observation/o3"}}],
                "subject": {"reference": "Patient/p1"},
            },
        )
    ],
}
FHIR = (
    canonical(BUNDLE),
    b"\n".join(canonical(one) for one in (PATIENT, *CLINICAL)) + b"\n",
    canonical(CLINICAL[0]),
)
XML = (as_xml(BUNDLE), as_xml(PATIENT))
CDA = (
    cda.document(cda.section("11450-4", "Problems", "<table><tr><td>Stroke</td></tr></table>")),
    cda.document(
        cda.section(
            "11450-4",
            "Problems",
            "Stroke",
            cda.act(
                '<observation classCode="OBS" moodCode="EVN"><id root="1.5" extension="P1"/>'
                '<effectiveTime><low value="20260218"/></effectiveTime>'
                f"{cda.value('230690007', 'Stroke')}</observation>"
            ),
        )
    ),
    b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    + cda.document()
    + b"</soap:Body></soap:Envelope>",
)
MAP = canonical(COLUMNS)
#: A map and a table: the fuzzer changes both.
SEPARATOR = b"\0\0"
CSV = (
    MAP + SEPARATOR + f"{HEADER}\r\n{ROW}\r\n{ROW}\r\n".encode(),
    (files("wholerecord.intake.csv") / "maps" / "screening.json").read_bytes()
    + SEPARATOR
    + b"77        99900000181948030"
    + b"2BCST1      20260302P 00000000Hub North\r\n",
)
POINT = {
    "header": {
        "id": "d1",
        "schema_id": {"namespace": "omh", "name": "heart-rate", "version": "2.0"},
        "user_id": "u1",
        "acquisition_provenance": {"source_name": "Acme", "modality": "sensed"},
    },
    "body": {
        "heart_rate": {"value": 72, "unit": "beats/min"},
        "effective_time_frame": {"date_time": "2026-03-02T08:00:00Z"},
    },
}
SIMPLE = {
    "device": {"make": "Acme", "model": "BP 2", "serial": "1", "validated": True},
    "person": {"id": "p-77", "nhs_number": "9990000018"},
    "readings": [
        {
            "type": "blood-pressure",
            "systolic": 142,
            "diastolic": 88,
            "pulse": 7,
            "at": "2026-03-02T08:00Z",
        },
        {"type": "body-weight", "value": 71.4, "unit": "kg", "at": "2026-03-02T08:00:00Z"},
    ],
}
PHD = {
    **CLINICAL[0],
    "code": {"coding": [{"system": "urn:iso:std:iso:11073:10101", "code": "150364"}]},
    "performer": [{"reference": "Patient/p1"}],
    "device": {"reference": "Device/d"},
}
DEVICES = tuple(canonical(one) for one in (SIMPLE, POINT, [POINT] * 30, PHD))
APPLE = (
    export(
        record("HeartRate", "72"),
        record("OxygenSaturation", "0.97", unit="%"),
        record("x", "", type="HKCategoryTypeIdentifierSleepAnalysis"),
        b'<Workout workoutActivityType="HKWorkoutActivityTypeWalking" duration="30" '
        b'startDate="2026-03-01 10:00:00 +0000"/>',
    ),
    record("StepCount", "12", unit="count") * 30 + b"</HealthData>",
)
IN_XML = b"<scan><patient><nhs_number>9990000018</nhs_number></patient><type>Letter</type></scan>"
LETTERS = (
    *(pdf(), RTF, docx(), TIFF, b"Dear Dr Hale,\n\nThank you for seeing Ann Example.\n"),
    together(b'{"patient": {"nhs_number": "9990000018"}, "id": "L1"}', b"Dear Dr", "text/plain"),
    together(IN_XML, b"Dear Dr Hale", "text/plain"),
    *(gzip.compress(HL7V2[0])[:-9], b"PK\x03\x04 cut short"),
)
ASTHMA = gp2gp.cd("code", "195967001", "Asthma")
GP2GP = (
    gp2gp.extract(
        gp2gp.composition(
            gp2gp.observation("1", ASTHMA),
            gp2gp.narrative("2", "Seen at home"),
            gp2gp.medicine("3", gp2gp.authorise("4")),
            gp2gp.problem("5", "1"),
        )
    ),
)
EDIFACT = (edifact.interchange(edifact.message()),)
FRAMES = (b"\x0b" + HL7V2[1] + b"\x1c\r\x0bMSH|x\x1c\x0b\x1c\r", b"noise\x0b" + b"a" * 300)


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/adt.hl7", HL7V2[1])
        archive.writestr("../p-77/export.xml", APPLE[0])
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo("b.json")
        member.size = len(FHIR[2])
        archive.addfile(member, io.BytesIO(FHIR[2]))
    return out.getvalue()


ARCHIVE = (b"zip" + _zip(), b"tgz" + _tar(), b"gz." + gzip.compress(HL7V2[1]))
