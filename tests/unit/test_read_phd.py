"""FHIR from personal health devices: MDC is told in LOINC, and who measured on what is said."""

import pytest

from tests.unit.messages import bundle, of_kind, patient
from tests.unit.messages import said as said_by
from wholerecord.intake.recognise import read

MDC = "urn:iso:std:iso:11073:10101"
DEVICE = {
    "resourceType": "Device",
    "id": "d1",
    "manufacturer": "Acme",
    "modelNumber": "BP 2",
    "type": {"coding": [{"system": MDC, "code": "65573"}]},
}
GATEWAY = {"resourceType": "Device", "id": "g1", "manufacturer": "Hearth", "modelNumber": "Hub"}


def coded(number, **more):
    return {"code": {"coding": [{"system": MDC, "code": number}], **more}}


def observation(**more):
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "performer": [{"reference": "Patient/p1"}],
        "device": {"reference": "Device/d1"},
        "effectiveDateTime": "2026-03-02T08:00:00Z",
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/observation-gatewayDevice",
                "valueReference": {"reference": "Device/g1"},
            }
        ],
        **more,
    }


def made(one, columns=b""):
    reading = said_by(read, bundle(patient("p1"), DEVICE, GATEWAY, one), columns)
    (found,) = of_kind(reading, "Observation")
    return found


@pytest.mark.parametrize(
    ("mdc", "loinc"), [("149530", "8867-4"), ("150364", "8310-5"), ("188736", "29463-7")]
)
def test_loinc_stands_beside_the_code_of_the_device(mdc, loinc):
    found = made(observation(**coded(mdc), valueQuantity={"value": 48, "code": "/min"}))
    assert [one["code"] for one in found["code"]["coding"]] == [mdc, loinc]


@pytest.mark.parametrize(("unit", "loinc"), [("mg/dL", "41653-7"), ("mmol/L", "14743-9")])
def test_glucose_is_coded_by_its_unit(unit, loinc):
    found = made(observation(**coded("160184"), valueQuantity={"value": 5, "code": unit}))
    assert found["code"]["coding"][-1]["code"] == loinc


def test_a_pressure_is_coded_in_its_parts_too():
    parts = [coded("150021"), coded("150022"), coded("150023", text="Mean of the cuff")]
    found = made(observation(**coded("150020"), component=parts))
    codes = [one["code"]["coding"][-1]["code"] for one in (found, *found["component"])]
    assert codes == ["85354-9", "8480-6", "8462-4", "8478-0"]
    assert found["component"][2]["code"]["text"] == "Mean of the cuff"


def test_a_code_that_has_loinc_already_or_has_none_is_left_as_it_is():
    both = {"coding": [{"system": MDC, "code": "150364"}, {"system": "http://loinc.org"}]}
    assert made(observation(code=both))["code"] == both
    assert made(observation(**coded("1")))["code"] == coded("1")["code"]


def test_who_measured_on_what_and_through_what_is_said():
    found = made(observation(**coded("150364")), b'{"devices": {"validated": ["Acme BP 2"]}}')
    assert found["device"]["display"] == "Acme BP 2"
    assert found["method"]["text"] == "patient measured, on a validated device"
    assert found["note"] == [{"text": "sent by Hearth Hub"}]


def test_a_professionals_measurement_is_not_the_patients():
    found = made(observation(**coded("150364"), performer=[{"display": "Nurse"}]))
    assert "method" not in found
