"""Care Connect and UK Core extensions that mean something clinically: none is lost on the way."""

import pytest

from tests.unit.fhir_xml import as_xml
from tests.unit.messages import NHS, bundle, of_kind
from tests.unit.messages import said as said_by
from wholerecord.intake.recognise import read
from wholerecord.people import demographics_of

CARE_CONNECT = "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-"
GP_CONNECT = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-"
UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-"
PROFILE = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-{}-1"


def stu3(kind, **said):
    return {"resourceType": kind, "id": kind, "meta": {"profile": [PROFILE.format(kind)]}, **said}


def coded(url, system, code):
    return {"url": url, "valueCodeableConcept": {"coding": [{"system": system, "code": code}]}}


def person(make, verification, system, ethnic):
    number = {
        "system": NHS,
        "value": "9990000018",
        "extension": [coded(verification, system, "01")],
    }
    ethnicity = coded(ethnic, "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory", "A")
    return make("Patient", identifier=[number], extension=[ethnicity], name=[{"family": "Okafor"}])


def r4(kind, **said):
    return {"resourceType": kind, "id": kind, **said}


SPELLINGS = [
    (
        stu3,
        f"{CARE_CONNECT}NHSNumberVerificationStatus-1",
        "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1",
        f"{CARE_CONNECT}EthnicCategory-1",
    ),
    (
        stu3,
        f"{GP_CONNECT}NHSNumberVerificationStatus-1",
        "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1",
        f"{GP_CONNECT}EthnicCategory-1",
    ),
    (
        r4,
        f"{UK_CORE}NHSNumberVerificationStatus",
        "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
        f"{UK_CORE}EthnicCategory",
    ),
]


@pytest.mark.parametrize("form", [dict, as_xml])
@pytest.mark.parametrize(("make", "verification", "system", "ethnic"), SPELLINGS)
def test_a_verified_number_and_the_ethnic_category_are_known_in_every_spelling(
    form, make, verification, system, ethnic
):
    reading = said_by(read, form(person(make, verification, system, ethnic)))
    known = demographics_of(reading.patients[0].sayings)
    assert known is not None
    assert known.nhs_status == "01"
    (one,) = of_kind(reading, "Patient")
    assert one["extension"][0]["url"] == f"{UK_CORE}EthnicCategory"
    assert one["identifier"][0]["extension"][0]["url"] == f"{UK_CORE}NHSNumberVerificationStatus"


@pytest.mark.parametrize("form", [dict, as_xml])
def test_a_problem_keeps_what_it_names_and_how_significant_it_is(form):
    condition = stu3(
        "Condition",
        clinicalStatus="active",
        code={"text": "Asthma"},
        subject={"reference": "Patient/p1"},
        extension=[
            {
                "url": f"{CARE_CONNECT}ActualProblem-1",
                "valueReference": {"reference": "Observation/o1"},
            },
            {"url": f"{CARE_CONNECT}ProblemSignificance-1", "valueCode": "major"},
        ],
    )
    reading = said_by(read, form(bundle(condition)))
    (one,) = of_kind(reading, "Condition")
    assert {each["url"] for each in one["extension"]} == {
        f"{UK_CORE}ActualProblem",
        f"{UK_CORE}ProblemSignificance",
    }


@pytest.mark.parametrize("form", [dict, as_xml])
def test_a_repeat_medicine_keeps_how_often_it_may_be_issued(form):
    repeat = {
        "url": f"{GP_CONNECT}MedicationRepeatInformation-1",
        "extension": [
            {"url": "numberOfRepeatPrescriptionsAllowed", "valuePositiveInt": 6},
            {"url": "authorisationExpiryDate", "valueDateTime": "2026-09-01"},
        ],
    }
    request = stu3(
        "MedicationRequest",
        status="active",
        intent="plan",
        subject={"reference": "Patient/p1"},
        medicationReference={"reference": "Medication/m1"},
        extension=[repeat],
    )
    (one,) = of_kind(said_by(read, form(bundle(request))), "MedicationRequest")
    assert one["extension"] == [{**repeat, "url": f"{UK_CORE}MedicationRepeatInformation"}]
