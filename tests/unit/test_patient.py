"""Reading who a patient is from FHIR R4 Patient."""

import json

import pytest

from wholerecord.nhs import NhsNumber
from wholerecord.people import Address, Demographics, Name, from_patient

UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
CARE_CONNECT = (
    "https://fhir.hl7.org.uk/STU3/StructureDefinition/"
    "Extension-CareConnect-NHSNumberVerificationStatus-1"
)
NHS = "https://fhir.nhs.uk/Id/nhs-number"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


def read(**said: object) -> Demographics:
    return from_patient(json.dumps({"resourceType": "Patient", **said}).encode())


def number(value: str, status: str = "", url: str = UK_CORE, **more: object) -> dict[str, object]:
    extension = [{"url": url, "valueCodeableConcept": {"coding": [{"code": status}]}}]
    return {"system": NHS, "value": value, "extension": extension if status else [], **more}


def test_a_whole_patient_is_read():
    said = read(
        name=[
            {"family": "Old", "given": ["Ann"], "use": "old"},
            {"family": " Example ", "given": ["Ann", "Bea"], "prefix": ["Ms"], "use": "official"},
        ],
        birthDate="1950-03-12",
        deceasedDateTime="2024-01-02T03:04:05+00:00",
        gender="female",
        identifier=[number("999 000 0018", "01"), {"system": "urn:hospital", "value": "H1"}],
        address=[{"line": ["1 The Lane", ""], "city": "Leeds", "postalCode": "ls29jt"}],
        telecom=[
            {"system": "phone", "value": "0113 496 0000"},
            {"system": "phone", "value": "0113 496 0001", "use": "old"},
            {"system": "email", "value": "a@example.org"},
        ],
        generalPractitioner=[{"identifier": {"system": ODS, "value": "y12345"}}],
        managingOrganization={"identifier": {"system": ODS, "value": "RR8"}},
    )

    assert said.name == Name(family="Example", given=("Ann", "Bea"), prefix="Ms", use="official")
    assert len(said.names) == 2
    assert said.born is not None
    assert said.born.text == "1950-03-12"
    assert said.dead
    assert said.died is not None
    assert said.sex == "female"
    assert said.nhs_number == NhsNumber("9990000018")
    assert said.nhs_status == "01"
    assert said.identifiers == ((NHS, "999 000 0018"), ("urn:hospital", "H1"))
    assert said.addresses == (Address(lines=("1 The Lane", "Leeds"), postcode="LS2 9JT"),)
    assert said.phones == ("0113 496 0000",)
    assert said.emails == ("a@example.org",)
    assert said.practice == "Y12345"
    assert not said.restricted


@pytest.mark.parametrize(
    ("url", "said", "code"),
    [
        (UK_CORE, "01", "01"),
        (UK_CORE, "number-present-and-verified", "01"),
        (UK_CORE, "number-present-but-not-traced", "02"),
        (CARE_CONNECT, "03", "03"),
        (CARE_CONNECT, "trace-postponed-baby-under-six-weeks-old", "08"),
        (UK_CORE, "09", ""),
        ("https://example.org/another", "01", ""),
    ],
)
def test_a_verification_status_is_read_as_its_code(url: str, said: str, code: str):
    assert read(identifier=[number("9990000018", said, url)]).nhs_status == code


def test_a_number_that_fails_its_check_is_kept_apart():
    said = read(identifier=[number("9990000019", "01")])

    assert said.nhs_number is None
    assert said.bad_nhs_number == "9990000019"
    assert said.identifiers == ((NHS, "9990000019"),)


def test_the_verified_of_two_numbers_is_the_number():
    said = read(identifier=[number("9990000026", "02"), number("9990000018", "01")])

    assert said.nhs_number == NhsNumber("9990000018")


def test_a_number_no_longer_in_use_is_not_the_number():
    assert read(identifier=[number("9990000018", "01", use="old")]).nhs_number is None


def test_a_pseudo_postcode_is_no_postcode():
    said = read(address=[{"line": ["No fixed abode"], "postalCode": "ZZ99 3VZ"}])

    assert said.addresses == (Address(lines=("No fixed abode",), postcode=None),)


@pytest.mark.parametrize("label", ["R", "V", "S"])
def test_a_restricted_person_is_known_as_one(label: str):
    assert read(meta={"security": [{"code": label}]}).restricted
    assert not read(meta={"security": [{"code": "U"}]}).restricted


def test_a_hospital_is_nobodys_practice():
    hospital = {"identifier": {"system": ODS, "value": "RR8"}}
    practice = {"identifier": {"system": ODS, "value": "A81001"}}

    assert read(managingOrganization=hospital).practice == ""
    assert read(managingOrganization=practice).practice == "A81001"


def test_a_name_of_which_only_the_text_is_known_is_kept_undivided():
    assert read(name=[{"text": "Mr A N Example"}]).names == (Name(family="Mr A N Example"),)


def test_a_part_that_is_not_fhir_costs_only_itself():
    said = read(
        name=[{"family": 7}, {"family": "Example", "given": [None, "Ann"]}, "Ann Example"],
        birthDate=1950,
        gender="F",
        deceasedBoolean="yes",
        identifier=[{"system": NHS, "value": "9990000018", "extension": {"url": 1}}, 5],
        address="Leeds",
        telecom=[{"system": "phone", "value": "0113 496 0000"}, None],
        meta=[],
    )

    assert said.names == (Name(family="Example", given=("Ann",)),)
    assert said.born is None
    assert said.sex == ""
    assert not said.dead
    assert said.nhs_number == NhsNumber("9990000018")
    assert said.nhs_status == ""
    assert said.addresses == ()
    assert said.phones == ("0113 496 0000",)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"\xff", b'{"name":"\xff"}', b"[" * 100_000, b'{"name": {']
)
def test_what_is_no_patient_says_nothing_and_raises_nothing(body: bytes):
    assert from_patient(body) == Demographics()
