"""Reading FHIR R4: whose each resource is, what its id is, and where what cannot be read stands."""

import pytest

from tests.unit.messages import NHS, body, bundle, kept, numbers, observation, of_kind, patient
from tests.unit.messages import refused as refused_by
from tests.unit.messages import said as said_by
from wholerecord.intake import Reading, Reason
from wholerecord.intake.fhir import read
from wholerecord.record import PatientKey

UUID = "11111111-2222-4333-8444-555555555555"
ORGANISATION = {"resourceType": "Organization", "id": "org", "name": "Elm Surgery"}
WITH_NHS = [{"system": NHS, "value": "9990000018"}]


def said(message):
    return said_by(read, message)


def refused(message):
    return refused_by(read, message)


def test_a_resource_is_filed_with_the_patient_it_refers_to():
    reading = said(bundle(patient("p1"), patient("p2"), observation("Patient/p2")))
    assert numbers(reading) == ["p1", "p2"]
    assert [one.kind for one in reading.patients[1].sayings] == ["Patient", "Observation"]
    assert reading.patients[1].sayings[1].place == "entry[2]"


def test_a_patient_who_is_not_in_the_message_is_known_by_the_reference():
    assert numbers(said(observation("Patient/far"))) == ["far"]


@pytest.mark.parametrize(
    ("resource", "element"),
    [
        ({"resourceType": "Immunization"}, "patient"),
        ({"resourceType": "Coverage"}, "beneficiary"),
        ({"resourceType": "ResearchSubject"}, "individual"),
        ({"resourceType": "Task"}, "for"),
        ({"resourceType": "EnrollmentRequest"}, "candidate"),
        ({"resourceType": "QuestionnaireResponse"}, "source"),
    ],
)
def test_each_type_names_its_patient_in_its_own_element(resource, element):
    reading = said({**resource, "id": "x", element: {"reference": "Patient/p1"}})
    assert numbers(reading) == ["p1"]


def test_an_appointment_belongs_to_the_patient_who_takes_part():
    actors = [{"actor": {"reference": who}} for who in ("Practitioner/d", "Patient/p1")]
    reading = said({"resourceType": "Appointment", "id": "a", "participant": actors})
    assert numbers(reading) == ["p1"]


def test_a_urn_is_the_patient_of_that_entry_and_is_written_as_type_and_id():
    reading = said(
        bundle(
            {"fullUrl": f"urn:uuid:{UUID}", "resource": patient(UUID)},
            {"resource": observation(f"urn:uuid:{UUID}")},
            type="transaction",
        )
    )
    assert numbers(reading) == [UUID]
    assert of_kind(reading, "Observation")[0]["subject"]["reference"] == f"Patient/{UUID}"


def test_references_between_resources_without_ids_still_hold():
    encounter = {"resourceType": "Encounter", "status": "finished"}
    encounter["subject"] = {"reference": "Patient/p1"}
    pulse = observation("Patient/p1", encounter={"reference": "urn:uuid:e"})
    reading = said(bundle({"fullUrl": "urn:uuid:e", "resource": encounter}, {"resource": pulse}))
    given = of_kind(reading, "Encounter")[0]["id"]
    assert of_kind(reading, "Observation")[0]["encounter"]["reference"] == f"Encounter/{given}"


def test_an_address_inside_a_text_is_not_a_reference():
    text = '"reference":"urn:uuid:e"'
    pulse = observation("Patient/p1", note=[{"text": text}])
    reading = said(
        bundle({"fullUrl": "urn:uuid:e", "resource": patient("p1")}, {"resource": pulse})
    )
    assert of_kind(reading, "Observation")[0]["note"][0]["text"] == text


def test_in_a_message_a_passing_uuid_is_not_the_patients_number():
    header = {"resourceType": "MessageHeader", "id": "h"}
    entry = {"fullUrl": f"urn:uuid:{UUID}", "resource": patient(UUID, identifier=WITH_NHS)}
    reading = said(
        bundle(header, entry, {"resource": observation(f"urn:uuid:{UUID}")}, type="message")
    )
    assert numbers(reading) == ["nhs:9990000018"]
    assert of_kind(reading, "Patient")[0]["id"] == "nhs-9990000018"
    assert of_kind(reading, "Observation")[0]["subject"]["reference"] == "Patient/nhs-9990000018"


def test_the_hospitals_own_number_comes_before_the_nhs_number():
    local = {
        "type": {"coding": [{"code": "MR"}]},
        "system": "https://elm.example/mrn",
        "value": "77",
    }
    held = {"resourceType": "Patient", "identifier": [*WITH_NHS, local]}
    assert numbers(said(held)) == ["https://elm.example/mrn|77"]


def test_a_bad_nhs_number_never_makes_two_patients_one():
    bad = [{"system": NHS, "value": "9990000019"}]
    one = {"resourceType": "Patient", "identifier": bad, "name": [{"family": "Ashe"}]}
    other = {"resourceType": "Patient", "identifier": bad, "name": [{"family": "Birch"}]}
    first, second = numbers(said(bundle(one, other)))
    assert first != second
    assert of_kind(said(one), "Patient")[0]["identifier"] == bad


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ({"type": "Patient", "identifier": WITH_NHS[0]}, "nhs:9990000018"),
        ({"identifier": {"system": "https://elm.example", "value": "7"}}, "https://elm.example|7"),
        ({"reference": f"Patient?identifier={NHS}%7C9990000018"}, "nhs:9990000018"),
        ({"reference": f"Patient?identifier={NHS}|9990000018"}, "nhs:9990000018"),
        ({"reference": "Patient/p1/_history/2"}, "p1"),
        (
            {"reference": "https://other.example/fhir/Patient/p1"},
            "https://other.example/fhir/Patient/p1",
        ),
        (
            {
                "reference": "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/9990000018"
            },
            "nhs:9990000018",
        ),
    ],
)
def test_a_subject_can_be_named_in_any_way_fhir_has(subject, number):
    assert numbers(said(observation(subject))) == [number]


def test_a_logical_reference_finds_the_patient_of_the_message():
    who = {"type": "Patient", "identifier": WITH_NHS[0]}
    reading = said(bundle(patient("p1", identifier=WITH_NHS), observation(who)))
    assert numbers(reading) == ["p1"]


def test_a_logical_reference_to_two_patients_is_nobodys():
    who = {"type": "Patient", "identifier": WITH_NHS[0]}
    twins = [patient(one, identifier=WITH_NHS) for one in ("p1", "p2")]
    reading = said(bundle(*twins, observation(who)))
    assert [(f.reason, f.place) for f in reading.faults] == [(Reason.SEVERAL_PATIENTS, "entry[2]")]


def test_twins_sent_under_one_number_are_not_silently_made_one():
    twins = [
        {
            "fullUrl": f"urn:uuid:{n}",
            "resource": {"resourceType": "Patient", "identifier": WITH_NHS},
        }
        for n in "12"
    ]
    reading = said(bundle(*twins, ORGANISATION))
    assert reading.patients == ()
    assert [f.reason for f in reading.faults] == [Reason.SHARED_KEY, Reason.SHARED_KEY]


def test_another_servers_patient_of_the_same_id_is_somebody_else():
    far = {"reference": "https://other.example/Patient/p1"}
    own = {"fullUrl": "https://elm.example/Patient/p1", "resource": patient("p1")}
    reading = said(bundle(own, {"resource": observation(far)}))
    assert numbers(reading) == ["p1", "https://other.example/Patient/p1"]


def test_a_contained_patient_is_who_the_patient_is():
    jab = {
        "resourceType": "Immunization",
        "id": "i",
        "contained": [patient("Pat1", identifier=WITH_NHS)],
        "patient": {"reference": "#Pat1"},
        "vaccineCode": {"text": "Flu"},
    }
    reading = said(jab)
    assert numbers(reading) == ["nhs:9990000018"]
    assert of_kind(reading, "Patient")[0]["identifier"] == WITH_NHS


def test_staff_and_places_go_with_the_one_patient_of_a_bundle():
    reading = said(bundle(patient("p1"), ORGANISATION))
    assert [one.kind for one in reading.patients[0].sayings] == ["Patient", "Organization"]
    assert reading.directory == ()


@pytest.mark.parametrize("patients", [(), (patient("p1"), patient("p2"))])
def test_staff_and_places_of_no_one_patient_go_to_the_directory(patients):
    reading = said(bundle(*patients, ORGANISATION))
    assert [one.kind for one in reading.directory] == ["Organization"]


def test_a_clinical_resource_without_a_subject_is_the_one_patients_or_a_fault():
    nobody = {"resourceType": "Condition", "id": "c", "code": {"text": "Gout"}}
    assert numbers(said(bundle(patient("p1"), nobody))) == ["p1"]
    reading = said(bundle(patient("p1"), patient("p2"), nobody))
    assert [(f.reason, f.place) for f in reading.faults] == [(Reason.NO_PATIENT, "entry[2]")]
    assert refused(nobody).reason is Reason.NO_PATIENT


def test_a_group_is_several_patients():
    assert refused(observation("Group/g")).reason is Reason.SEVERAL_PATIENTS


def test_a_subject_the_message_lacks_is_a_fault():
    assert refused(observation("urn:uuid:gone")).reason is Reason.PATIENT_UNKNOWN


def test_provenance_is_about_whoever_its_target_is_about():
    provenance = {"resourceType": "Provenance", "target": [{"reference": "Observation/o1"}]}
    reading = said(bundle(patient("p1"), patient("p2"), observation("Patient/p2"), provenance))
    assert [one.kind for one in reading.patients[1].sayings][-1] == "Provenance"


@pytest.mark.parametrize(
    ("resource", "detail"),
    [
        (
            {**observation("Patient/p1"), "status": 4},
            "Observation.status: expected text, found int",
        ),
        (
            {**observation("Patient/p1"), "code": None},
            "Observation.code: expected object, found null",
        ),
        ({**patient(), "birthDate": "1950-02-30"}, "Patient.birthDate: not a date"),
        ({**patient(), "name": "Ann Ashe"}, "Patient.name: expected array, found text"),
        ({"resourceType": "Obzervation"}, "Obzervation: not a resource type of FHIR R4"),
    ],
)
def test_what_is_not_fhir_is_parked_with_its_element_and_without_its_value(resource, detail):
    fault = refused(resource)
    assert fault.reason is Reason.NOT_FHIR
    assert fault.detail == detail


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "MedicationOrder", "patient": {"reference": "Patient/p1"}},
        {"resourceType": "Condition", "patient": {"reference": "Patient/p1"}},
        {"resourceType": "MedicationRequest", "medication": {"concept": {"text": "Aspirin"}}},
        {
            "resourceType": "Patient",
            "meta": {"profile": ["http://hl7.org/fhir/5.0/StructureDefinition/Patient"]},
        },
    ],
)
def test_another_version_of_fhir_is_named_and_parked(resource):
    assert refused(resource).reason is Reason.OTHER_VERSION


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n", Reason.EMPTY),
        (b'{"a": 1}', Reason.NOT_RECOGNISED),
        (b"[1, 2]", Reason.NOT_RECOGNISED),
        (b'{"resourceType": "Patient", "id"', Reason.CUT_SHORT),
        (b'{"resourceType": "Patient", "id": x}', Reason.NOT_JSON),
        (b'{"resourceType": "Patient", "id": "1", "id": "2"}', Reason.NOT_JSON),
        (b'{"resourceType": "Patient", "id": "\xff"}', Reason.NOT_JSON),
        ("{}".encode("utf-16"), Reason.NOT_TEXT),
        ({"resourceType": "OperationOutcome", "issue": []}, Reason.NO_PATIENT),
        ({"resourceType": "Parameters", "parameter": []}, Reason.NOT_READ_YET),
        (bundle(type="transaction"), Reason.EMPTY),
        (bundle({"request": {"method": "GET", "url": "Patient/1"}}), Reason.NOT_READ_YET),
    ],
)
def test_a_message_nobody_can_read_has_one_plain_reason(message, reason):
    assert refused(message).reason is reason


def test_a_search_that_found_nothing_is_read_and_says_nothing():
    assert read(kept(b'{"resourceType": "Bundle", "type": "searchset", "total": 0}')) == Reading()


def test_lines_are_read_one_by_one_and_a_bad_line_is_parked_alone():
    lines = (
        b'{"resourceType":"Patient","id":"1"}\n{broken}\n\n{"resourceType":"Patient","id":"2"}\n'
    )
    reading = said(lines)
    assert [(p.about.number, p.sayings[0].place) for p in reading.patients] == [
        ("1", "line 1"),
        ("2", "line 4"),
    ]
    assert [(f.reason, f.place) for f in reading.faults] == [(Reason.NOT_JSON, "line 2")]


def test_a_line_that_is_no_json_at_all_costs_no_other_line():
    reading = said(
        b'{"resourceType":"Patient","id":"1"}\noops\n{"resourceType":"Patient","id":"2"}'
    )
    assert numbers(reading) == ["1", "2"]
    assert [(f.reason, f.place) for f in reading.faults] == [(Reason.NOT_JSON, "line 2")]


def test_a_bundle_within_a_message_is_read_by_itself():
    inner = bundle(patient("p2"), {"resourceType": "Condition", "id": "c"})
    reading = said(bundle(patient("p1"), inner))
    assert numbers(reading) == ["p1", "p2"]
    assert [one.place for one in reading.patients[1].sayings] == [
        "entry[1] entry[0]",
        "entry[1] entry[1]",
    ]
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "b", "resource": inner}]}
    assert numbers(said(parameters)) == ["p2"]


def test_a_deletion_is_a_last_version_that_says_it_was_an_error():
    gone = {"request": {"method": "DELETE", "url": "Observation/o1"}}
    deleted = of_kind(said(bundle(patient("p1"), gone, type="transaction")), "Observation")[0]
    assert (deleted["id"], deleted["status"]) == ("o1", "entered-in-error")
    gone["request"]["url"] = "Condition/c1"
    condition = of_kind(said(bundle(patient("p1"), gone, type="transaction")), "Condition")[0]
    assert condition["verificationStatus"]["coding"][0]["code"] == "entered-in-error"


def test_a_deletion_that_cannot_be_said_is_parked():
    gone = {"request": {"method": "DELETE", "url": "Patient/p1"}}
    assert refused(bundle(gone, type="transaction")).reason is Reason.NOT_READ_YET


def test_a_history_is_filed_oldest_first():
    versions = [observation("Patient/p1", status=status) for status in ("amended", "final")]
    reading = said(bundle(*versions, type="history"))
    assert [one["status"] for one in of_kind(reading, "Observation")] == ["final", "amended"]


def test_the_same_thing_said_again_without_an_id_gets_the_same_id():
    item = {**observation("Patient/p1"), "identifier": [{"system": "s", "value": "1"}]}
    del item["id"]
    later = {**item, "status": "amended"}
    first, second = (of_kind(said(bundle(one)), "Observation")[0]["id"] for one in (item, later))
    assert first == second


def test_two_things_under_one_identifier_do_not_become_versions_of_each_other():
    item = {**observation("Patient/p1"), "identifier": [{"system": "s", "value": "1"}]}
    del item["id"]
    reading = said(bundle(item, {**item, "code": {"text": "Weight"}}))
    assert len({one["id"] for one in of_kind(reading, "Observation")}) == 2


@pytest.mark.parametrize(
    ("more", "envelope", "recorded"),
    [
        (
            {"meta": {"lastUpdated": "2020-01-01T00:00:00Z"}},
            "2021-01-01T00:00:00Z",
            "2020-01-01T00:00:00Z",
        ),
        ({"issued": "2020-01-01T00:00:00Z"}, "2021-01-01T00:00:00Z", "2021-01-01T00:00:00Z"),
        ({"issued": "2020-01-01T00:00:00Z"}, "", "2020-01-01T00:00:00Z"),
        ({"issued": "2020-01-01"}, "", None),
        ({}, "2021-01-01", None),
    ],
)
def test_when_it_was_said_is_the_best_full_moment_there_is(more, envelope, recorded):
    message = bundle(observation("Patient/p1", **more), timestamp=envelope)
    pulse = of_kind(said(message), "Observation")[0]
    assert pulse.get("meta", {}).get("lastUpdated") == recorded


def test_a_patient_replaced_by_another_is_merged_into_them():
    link = [{"type": "replaced-by", "other": {"reference": "Patient/new"}}]
    (merge,) = said(patient("old", link=link)).merges
    assert (merge.kept, merge.retired) == (PatientKey("gp", "new"), PatientKey("gp", "old"))


def test_decimals_keep_their_written_precision():
    message = (
        b'{"resourceType":"Observation","id":"o","code":{},"subject":{"reference":"Patient/1"},'
    )
    message += b'"valueQuantity":{"value":4.50}}'
    assert b'"value":4.50' in said(message).patients[0].sayings[0].body


def test_everything_a_resource_says_is_kept():
    whole = observation("Patient/p1", extension=[{"url": "x", "valueString": "ü"}], other=[None, 1])
    assert body(said(whole).patients[0].sayings[0]) == whole
