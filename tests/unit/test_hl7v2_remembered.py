"""What HL7 v2 codes, units and ranges mean is remembered: no message changes another's meaning."""

import json
from datetime import UTC, datetime

from wholerecord.intake import Kept, Reading
from wholerecord.intake.hl7v2 import datatypes, lasting, numbered, read
from wholerecord.record import MessageId

_MSH = "MSH|^~\\&|PAS|RXX|WR|WR|20260701120000||{}|C1|P|2.5.1"
_PID = "PID|1||{}^^^RXX^MR||Example^Ann||19500601|F"
_OBR = "OBR|1|P1|F1|UE^Urea and electrolytes^L|||20260701090000"
_OBX = "OBX|1|NM|2823-3^Potassium^LN||4.50|mmol/L^^UCUM|3.5-5.3|N|||F|||20260701090000"
_VISIT = "PV1|1|I|W3^B2^4^RXX|{}|||C7654321^Consultant^Con^^^Dr||||||||||||V1^^^RXX^VN"


def bodies(*segments):
    kept = Kept(
        message=MessageId(1),
        source="pas",
        name="x",
        body="\r".join(segments).encode(),
        received=datetime(2026, 11, 21, tzinfo=UTC),
    )
    reading = read(kept)
    assert isinstance(reading, Reading), reading
    return [saying.body for patient in reading.patients for saying in patient.sayings]


def result(obx, patient="123"):
    last = bodies(_MSH.format("ORU^R01"), _PID.format(patient), _OBR, obx)[1]
    return json.loads(last)


def admission(*more, admitted="1"):
    head = (_MSH.format("ADT^A01^ADT_A01"), _PID.format("123"), _VISIT.format(admitted))
    return bodies(*head, *more)


def test_a_message_says_the_same_after_all_that_use_its_codes_otherwise():
    first = admission("DG1|1||I63.9^Stroke^I10||20260701|A")
    admission("DG1|1||I63.9^Stroke^I10|Another word|20260701|A")  # DG1-4 says it in other words
    admission(admitted="E")
    admission("PR1|1||I63.9^Stroke^I10|Something else", admitted="1^Planned")
    assert admission("DG1|1||I63.9^Stroke^I10||20260701|A") == first


def test_values_that_are_alike_but_for_value_and_time_keep_their_own():
    said = result(_OBX)
    other = result(
        _OBX.replace("OBX|1", "OBX|2").replace("4.50", "7.1").replace("0701090000", "0702100000")
    )
    assert said["valueQuantity"]["value"] == 4.5
    assert other["valueQuantity"]["value"] == 7.1
    assert other["effectiveDateTime"].startswith("2026-07-02T10:00")
    assert other["referenceRange"] == said["referenceRange"]
    assert said["referenceRange"][0]["low"]["unit"] == "mmol/L"


def test_the_same_characters_mean_something_else_with_other_delimiters():
    usual = result(_OBX)
    said = bodies(
        r"MSH|!~\&|PAS|RXX|WR|WR|20260701120000||ORU!R01|C1|P|2.5.1",
        "PID|1||123!!!RXX!MR||Example!Ann||19500601|F",
        _OBR,
        _OBX,
    )
    assert usual["code"]["coding"][0]["code"] == "2823-3"
    assert json.loads(said[1])["code"]["coding"][0]["code"] == "2823-3^Potassium^LN"


def test_nothing_of_a_patient_and_nothing_long_is_remembered():
    result(_OBX)  # its codes are remembered now
    before = _remembered()
    result(_OBX, patient="H-456")
    result(_OBX, patient="123^7^M11")  # with a check digit, which is of one number alone
    assert _remembered() == before
    result(_OBX.replace("Potassium", "Potassium " * 100))
    assert _remembered() == before


def _remembered():
    return [
        each.cache_info().currsize
        for each in (
            datatypes._remembered_concept,
            datatypes._remembered_staff,
            datatypes._remembered_place,
            lasting._remembered_lasting,
            numbered._remembered,
        )
    ]
