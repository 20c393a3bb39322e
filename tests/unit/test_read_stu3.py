"""GP Connect's STU3 read as R4: what was said stays said, where R4 looks for it."""

import pytest

from tests.unit.messages import NHS, bundle, of_kind, said
from wholerecord.intake.fhir import read

SUBJECT = {"subject": {"reference": "Patient/p1"}}
PROFILE = {"meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Bundle-1"]}}
GPC = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-"


def r4(stu3, kind=None, *others):
    kind = kind or stu3["resourceType"]
    found = of_kind(said(read, bundle({**SUBJECT, "id": "x", **stu3}, *others, **PROFILE)), kind)
    return found[0]


@pytest.mark.parametrize(
    ("stu3", "r4_elements"),
    [
        (
            {"resourceType": "Condition", "clinicalStatus": "active", "assertedDate": "2019-01-02"},
            {
                "recordedDate": "2019-01-02",
                "clinicalStatus": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                            "code": "active",
                        }
                    ]
                },
            },
        ),
        (
            {"resourceType": "Condition", "context": {"reference": "Encounter/e"}},
            {"encounter": {"reference": "Encounter/e"}},
        ),
        (
            {"resourceType": "Observation", "code": {"text": "x"}, "comment": "seen at home"},
            {"note": [{"text": "seen at home"}]},
        ),
        (
            {
                "resourceType": "Observation",
                "code": {"text": "x"},
                "related": [
                    {"type": "has-member", "target": {"reference": "Observation/a"}},
                    {"type": "derived-from", "target": {"reference": "Observation/b"}},
                    {"type": "replaces", "target": {"reference": "Observation/c"}},
                ],
            },
            {
                "hasMember": [{"reference": "Observation/a"}],
                "derivedFrom": [{"reference": "Observation/b"}],
                "note": [{"text": "replaces: Observation/c"}],
            },
        ),
        (
            {
                "resourceType": "Observation",
                "code": {"text": "x"},
                "interpretation": {
                    "coding": [{"system": "http://hl7.org/fhir/v2/0078", "code": "H"}]
                },
            },
            {
                "interpretation": [
                    {
                        "coding": [
                            {
                                "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
                                "code": "H",
                            }
                        ]
                    }
                ]
            },
        ),
        (
            {
                "resourceType": "Immunization",
                "patient": {"reference": "Patient/p1"},
                "status": "completed",
                "notGiven": True,
                "date": "2019-01-02",
                "explanation": {"reasonNotGiven": [{"text": "declined"}]},
                "practitioner": [{"actor": {"reference": "Practitioner/d"}}],
            },
            {
                "status": "not-done",
                "occurrenceDateTime": "2019-01-02",
                "statusReason": {"text": "declined"},
                "performer": [{"actor": {"reference": "Practitioner/d"}}],
            },
        ),
        ({"resourceType": "MedicationStatement", "taken": "n"}, {"status": "not-taken"}),
        (
            {
                "resourceType": "MedicationRequest",
                "requester": {"agent": {"reference": "Practitioner/d"}},
                "dosageInstruction": [{"text": "one daily", "doseQuantity": {"value": 1}}],
            },
            {
                "requester": {"reference": "Practitioner/d"},
                "dosageInstruction": [
                    {"text": "one daily", "doseAndRate": [{"doseQuantity": {"value": 1}}]}
                ],
            },
        ),
        ({"resourceType": "Procedure", "status": "aborted"}, {"status": "stopped"}),
        (
            {
                "resourceType": "DocumentReference",
                "created": "2019-01-02",
                "indexed": "2019-01-03T10:00:00Z",
                "content": [{"attachment": {"title": "Letter"}}],
            },
            {
                "date": "2019-01-03T10:00:00Z",
                "content": [{"attachment": {"title": "Letter", "creation": "2019-01-02"}}],
            },
        ),
        (
            {"resourceType": "DiagnosticReport", "category": {"text": "PAT"}, "codedDiagnosis": []},
            {"category": [{"text": "PAT"}], "conclusionCode": []},
        ),
        (
            {
                "resourceType": "Appointment",
                "participant": [{"actor": {"reference": "Patient/p1"}}],
                "reason": [{"text": "foot"}],
            },
            {"reasonCode": [{"text": "foot"}]},
        ),
    ],
)
def test_an_element_moves_to_where_r4_has_it(stu3, r4_elements):
    made = r4(stu3)
    assert {name: made.get(name) for name in r4_elements} == r4_elements


def test_both_kinds_of_request_become_service_requests():
    recall = r4(
        {"resourceType": "ProcedureRequest", "code": {"text": "Recall"}, "intent": "plan"},
        "ServiceRequest",
    )
    assert recall["code"] == {"text": "Recall"}
    referral = r4(
        {
            "resourceType": "ReferralRequest",
            "reasonCode": [{"text": "Dermatology referral"}],
            "recipient": [{"reference": "Organization/o"}],
            "description": "two weeks",
        },
        "ServiceRequest",
    )
    assert referral["code"] == {"text": "Dermatology referral"}
    assert referral["performer"] == [{"reference": "Organization/o"}]
    assert referral["note"] == [{"text": "two weeks"}]


def test_a_medicine_is_said_by_its_code_and_no_longer_only_by_reference():
    aspirin = {"resourceType": "Medication", "id": "m", "code": {"text": "Aspirin 75mg tablets"}}
    order = {
        "resourceType": "MedicationRequest",
        "medicationReference": {"reference": "Medication/m"},
    }
    made = r4(order, None, aspirin)
    assert made["medicationCodeableConcept"] == {"text": "Aspirin 75mg tablets"}
    assert "medicationReference" not in made


def test_a_medicine_not_in_the_message_stays_a_reference():
    order = {
        "resourceType": "MedicationRequest",
        "medicationReference": {"reference": "Medication/m"},
    }
    assert r4(order)["medicationReference"] == {"reference": "Medication/m"}


def test_a_vaccine_not_known_is_named_by_its_procedure():
    jab = {
        "resourceType": "Immunization",
        "patient": {"reference": "Patient/p1"},
        "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/v3/NullFlavor", "code": "UNK"}]},
        "extension": [
            {
                "url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/"
                "Extension-CareConnect-VaccinationProcedure-1",
                "valueCodeableConcept": {"coding": [{"display": "Second pertussis vaccination"}]},
            }
        ],
    }
    assert r4(jab)["vaccineCode"]["text"] == "Second pertussis vaccination"


def test_the_nhs_numbers_status_and_the_practice_are_where_uk_core_has_them():
    code = {
        "system": "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1"
    }
    status = {
        "url": f"{GPC}NHSNumberVerificationStatus-1",
        "valueCodeableConcept": {"coding": [{**code, "code": "01"}]},
    }
    who = {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": NHS, "value": "9990000018", "extension": [status]}],
        "managingOrganization": {"reference": "Organization/o"},
    }
    ods = {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "Z99999"}
    practice = {"resourceType": "Organization", "id": "o", "identifier": [ods]}
    made = of_kind(said(read, bundle(who, practice, **PROFILE)), "Patient")[0]
    extension = made["identifier"][0]["extension"][0]
    assert extension["url"].endswith("/Extension-UKCore-NHSNumberVerificationStatus")
    assert extension["valueCodeableConcept"]["coding"][0]["code"] == "01"
    assert made["generalPractitioner"][0]["identifier"] == ods


def test_yesterdays_list_without_an_id_is_replaced_by_todays():
    a_list = {"resourceType": "List", "title": "Problems", **SUBJECT}
    ids = {
        of_kind(said(read, bundle({**a_list, "date": day}, **PROFILE)), "List")[0]["id"]
        for day in ("2026-03-01", "2026-03-02")
    }
    assert len(ids) == 1


def test_stu3_without_a_profile_is_known_by_its_elements():
    condition = {"resourceType": "Condition", "id": "c", "clinicalStatus": "resolved", **SUBJECT}
    made = of_kind(said(read, condition), "Condition")[0]
    assert made["clinicalStatus"]["coding"][0]["code"] == "resolved"


def test_what_comes_out_claims_no_stu3_profile():
    made = r4({"resourceType": "Flag", **PROFILE})
    assert "profile" not in made["meta"]


def test_an_allergy_that_ended_is_an_allergy_of_its_own():
    ended = {
        "resourceType": "AllergyIntolerance",
        "id": "a",
        "clinicalStatus": "resolved",
        "code": {"text": "Penicillin"},
        "patient": {"reference": "Patient/p1"},
    }
    a_list = {"resourceType": "List", "id": "l", "title": "Ended allergies", "contained": [ended]}
    reading = said(read, bundle({**a_list, **SUBJECT}, **PROFILE))
    (made,) = of_kind(reading, "AllergyIntolerance")
    assert (made["id"], made["code"]) == ("l-a", {"text": "Penicillin"})
    assert made["clinicalStatus"]["coding"][0]["code"] == "resolved"
    assert of_kind(reading, "List")[0]["contained"]
