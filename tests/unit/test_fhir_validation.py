"""What is told of a resource that is not as R4 has its type: every problem, with its place."""

import pytest

from wholerecord.fhir.validation import checked, wrong
from wholerecord.record import read_json

GOOD = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"text": "Potassium"},
    "valueQuantity": {"value": 4, "unit": "mmol/L"},
}


def told(resource):
    kind = resource["resourceType"]
    return {(one.place.removeprefix(f"{kind}."), one.code) for one in wrong(kind, resource)}


def test_what_is_as_its_type_has_it_has_nothing_wrong():
    assert not wrong("Observation", GOOD)


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"status": None}, "status", "value"),
        ({"status": "done"}, "status", "code-invalid"),
        ({"status": ["final"]}, "status", "structure"),
        ({"category": {"text": "x"}}, "category", "structure"),
        ({"category": []}, "category", "structure"),
        ({"category": [None]}, "category[0]", "structure"),
        ({"category": [{}]}, "category[0]", "structure"),
        ({"code": "x"}, "code", "structure"),
        ({"code": {"text": ""}}, "code.text", "value"),
        ({"code": {"coding": [{"system": "a b"}]}}, "code.coding[0].system", "value"),
        ({"valueString": "x"}, "valueString", "structure"),
        ({"valueNothing": 1}, "valueNothing", "structure"),
        ({"value": 1}, "value", "structure"),
        ({"_code": {"id": "a"}}, "_code", "structure"),
        ({"effectiveDateTime": "2024-13-01"}, "effectiveDateTime", "value"),
        ({"effectiveDateTime": "2023-02-29"}, "effectiveDateTime", "value"),
        ({"issued": "2024-01-01"}, "issued", "value"),
        ({"contained": [{"resourceType": "Nobody"}]}, "contained[0].resourceType", "structure"),
        ({"contained": [{"resourceType": "HumanName"}]}, "contained[0].resourceType", "structure"),
        ({"extension": [{"valueString": "x"}]}, "extension[0].url", "required"),
        ({"component": [{"valueString": "x"}]}, "component[0].code", "required"),
        ({"referenceRange": [{"low": {"value": "1"}}]}, "referenceRange[0].low.value", "value"),
    ],
)
def test_each_problem_is_told_with_its_place(change, place, code):
    assert told(GOOD | change) == {(place, code)}


def test_what_must_be_there_and_is_not_is_told():
    assert told({"resourceType": "Observation"}) == {("status", "required"), ("code", "required")}


def test_an_extension_beside_a_primitive_stands_for_it():
    absent = {"extension": [{"url": "http://x.example", "valueCode": "unknown"}]}
    said = {name: value for name, value in GOOD.items() if name != "status"}
    assert not wrong("Observation", said | {"_status": absent})
    given = {"resourceType": "Patient", "name": [{"given": [None, "A"], "_given": [absent, None]}]}
    assert not wrong("Patient", given)


def test_a_decimal_is_a_number_and_a_whole_number_is_no_decimal():
    assert not wrong(
        "Observation",
        read_json(
            b'{"resourceType":"Observation","status":"final",'
            b'"code":{"text":"x"},"valueQuantity":{"value":4.50}}'
        ),
    )
    assert told(GOOD | {"valueInteger": 1} | {"valueQuantity": True})
    said = {"resourceType": "Patient", "multipleBirthInteger": read_json(b"1.0")}
    assert told(said) == {("multipleBirthInteger", "value")}


def test_no_value_is_told_back_and_no_more_than_can_be_read():
    many = {"resourceType": "Patient"} | {f"secret{n}": 1 for n in range(500)}
    found = wrong("Patient", many)
    assert len(found) == 100
    assert "Secret" not in str(wrong("Patient", {"resourceType": "Patient", "gender": "Secret"}))


def test_what_is_deep_is_refused_in_time():
    deep = {"url": "http://x.example"}
    for _ in range(300):
        deep = {"url": "http://x.example", "extension": [deep]}
    assert ("too-costly") in {
        one.code for one in wrong("Patient", {"resourceType": "Patient", "extension": [deep]})
    }


CONDITION = {"resourceType": "Condition", "subject": {"reference": "Patient/1"}}
ACTIVE = {
    "coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}
    ]
}


@pytest.mark.parametrize(
    ("resource", "place", "code"),
    [
        (GOOD | {"subject": {"reference": "Condition/1"}}, "subject.reference", "value"),
        (GOOD | {"subject": {"type": "Condition"}}, "subject.type", "value"),
        (GOOD | {"subject": {"reference": "#p"}}, "subject.reference", "not-found"),
        (GOOD | {"dataAbsentReason": {"text": "x"}}, "", "invariant"),
        (GOOD | {"component": [{"code": GOOD["code"]}]}, None, None),
        (
            GOOD | {"referenceRange": [{"age": {"low": {"value": 1}}}]},
            "referenceRange[0]",
            "invariant",
        ),
        (
            GOOD | {"effectivePeriod": {"start": "2024-02", "end": "2024-01"}},
            "effectivePeriod",
            "invariant",
        ),
        (GOOD | {"valueQuantity": {"value": 1, "code": "g"}}, "valueQuantity", "invariant"),
        (GOOD | {"extension": [{"url": "http://x.example"}]}, "extension[0]", "invariant"),
        (
            GOOD | {"contained": [{"resourceType": "Patient", "id": "p"}]},
            "contained[0]",
            "invariant",
        ),
        (CONDITION | {"clinicalStatus": ACTIVE}, None, None),
        (CONDITION | {"clinicalStatus": {"text": "active"}}, "clinicalStatus", "code-invalid"),
        (
            CONDITION | {"clinicalStatus": ACTIVE, "abatementDateTime": "2024"},
            "",
            "invariant",
        ),
        ({"resourceType": "Patient", "contact": [{"gender": "male"}]}, "contact[0]", "invariant"),
        ({"resourceType": "Patient", "telecom": [{"value": "1"}]}, "telecom[0]", "invariant"),
        ({"resourceType": "Patient", "id": "a b"}, "id", "value"),
        ({"resourceType": "Patient", "birthDate": "0000"}, "birthDate", "value"),
        ({"resourceType": "Patient", "birthDate": "2024-04-31"}, "birthDate", "value"),
        ({"resourceType": "Patient", "photo": [{"data": "abc="}]}, "photo[0]", "invariant"),
        ({"resourceType": "Patient", "photo": [{"data": "abc"}]}, "photo[0].data", "value"),
        (
            {
                "resourceType": "Organization",
                "name": "x",
                "telecom": [{"system": "phone", "use": "home"}],
            },
            "telecom[0]",
            "invariant",
        ),
        ({"resourceType": "Organization"}, "", "invariant"),
    ],
)
def test_what_r4_says_beyond_the_shape_is_asked_too(resource, place, code):
    kind = resource["resourceType"]
    found = [(one.place, one.code) for one in wrong(kind, resource)]
    assert found == ([(f"{kind}.{place}".rstrip("."), code)] if code else [])


def test_a_contained_resource_that_something_refers_to_is_well():
    inside = {"resourceType": "Patient", "id": "p"}
    assert not wrong("Observation", GOOD | {"contained": [inside], "subject": {"reference": "#p"}})


def test_each_entry_of_a_bundle_is_its_own_whole():
    inside = {"resourceType": "Patient", "id": "p"}
    one = GOOD | {"contained": [inside], "subject": {"reference": "#p"}}
    other = GOOD | {"subject": {"reference": "#p"}}
    bundle = {"resourceType": "Bundle", "type": "collection"}
    bundle["entry"] = [{"resource": one}, {"resource": other}]
    [found] = wrong("Bundle", bundle)
    assert found.place == "Bundle.entry[1].resource.subject.reference"


def test_what_is_only_unwise_is_a_warning():
    said = {"resourceType": "Condition", "subject": {"reference": "Patient/1"}}
    said["category"] = [{"coding": [{"code": "problem-list-item"}]}]
    found = checked("Condition", said)
    assert not found.wrong
    assert {one.severity for one in found.warned} <= {"warning"}


def test_long_white_space_is_read_in_time():
    said = {"resourceType": "Patient", "photo": [{"contentType": "a", "data": " " * 60 + "!"}]}
    assert [one.place for one in wrong("Patient", said)] == ["Patient.photo[0].data"]


def test_what_is_large_is_checked_in_time():
    codes = [{"system": "http://x.example", "code": f"{n}"} for n in range(5_000)]
    parts = [{"code": {"coding": [{"code": f"{n}"}]}} for n in range(5_000)]
    large = GOOD | {"code": {"coding": codes}, "component": parts}
    assert not wrong("Observation", large)
    same = large | {"component": [*parts, {"code": {"coding": codes[:1]}}]}
    assert [one.code for one in wrong("Observation", same)] == ["invariant"]
    inside = [{"resourceType": "Patient", "id": f"p{n}"} for n in range(5_000)]
    to = [{"reference": f"#p{n}"} for n in range(5_000)]
    assert not wrong("Observation", GOOD | {"contained": inside, "performer": to})
