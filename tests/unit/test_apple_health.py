"""Apple Health: cut between days, read part by part, and never more than people can read."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise

import pytest

from tests.unit.messages import body as body_of
from wholerecord.intake import Kept, Reading, Reason, Unreadable
from wholerecord.intake import cut_health as cutting
from wholerecord.intake.cut import cut
from wholerecord.intake.recognise import read
from wholerecord.record import MessageId

HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14; it's theirs -->
<!ELEMENT HealthData (ExportDate,Me,(Record)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
]>
<HealthData locale="en_GB">
 <ExportDate value="2026-03-02 09:00:00 +0000"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1950-03-02" \
HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale"/>
"""
TAIL = b"</HealthData>\n"
WHOSE = b'{"devices": {"people": {"p-77": {"nhs_number": "9990000018"}}, "validated": ["Acme W2"]}}'
BEGUN = datetime(2026, 3, 1, tzinfo=UTC)
DEVICE = "&lt;&lt;HKDevice: 0x1&gt;, name:Watch, manufacturer:Acme, model:W2&gt;"


def record(kind, value, at=BEGUN, unit="count/min", inside="", **more):
    attributes = {"type": f"HKQuantityTypeIdentifier{kind}", "sourceName": "Watch"}
    attributes |= {"unit": unit, "device": DEVICE, "startDate": f"{at:%Y-%m-%d %H:%M:%S +0000}"}
    attributes |= {"endDate": f"{at:%Y-%m-%d %H:%M:%S +0000}", "value": value, **more}
    said = " ".join(f'{name}="{one}"' for name, one in attributes.items())
    return f" <Record {said}>{inside}</Record>\n".encode()


def export(*records):
    return HEAD + b"".join(records) + TAIL


def kept(body, name="p-77/export.xml", columns=WHOSE):
    return Kept(
        message=MessageId(1),
        source="phone",
        name=name,
        body=body,
        received=datetime(2026, 3, 2, tzinfo=UTC),
        columns=columns,
    )


def said(*records, **more):
    reading = read(kept(export(*records), **more))
    assert isinstance(reading, Reading), reading
    return reading


def bodies(reading, kind="Observation"):
    return [body_of(s) for one in reading.patients for s in one.sayings if s.kind == kind]


def measured(observation):
    """Each component's words and number, as they were written."""
    return {one["code"]["text"]: one["valueQuantity"]["value"] for one in observation["component"]}


def test_a_reading_is_an_observation_of_its_own():
    (made,) = bodies(said(record("BodyMass", "71.40", unit="kg")))
    assert made["code"]["coding"][0]["code"] == "29463-7"
    assert (str(made["valueQuantity"]["value"]), made["valueQuantity"]["code"]) == ("71.4", "kg")
    assert made["method"]["text"] == "patient measured, on a validated device"
    assert made["device"] == {"display": "Acme W2"}


def test_a_decimal_keeps_what_the_watch_wrote():
    reading = said(record("BodyMass", "71.40", unit="kg"))
    assert b'"value":71.40' in reading.patients[0].sayings[1].body


def test_who_it_is_about_is_declared_and_the_export_adds_what_it_knows():
    (who,) = bodies(said(), "Patient")
    assert (who["id"], who["birthDate"], who["gender"]) == ("p-77", "1950-03-02", "female")
    assert who["identifier"][0]["value"] == "9990000018"


@pytest.mark.parametrize(
    "name",
    ["p-77.xml", "p-77/export.xml", "p-77.zip/apple_health_export/export.xml elements 1-9"],
)
def test_the_name_of_the_file_says_whose_it_is(name):
    assert said(name=name).patients[0].about.number == "p-77"


@pytest.mark.parametrize(
    "name", ["export.xml", "post", "p-78.xml", "apple_health_export/export.xml"]
)
def test_an_export_that_names_nobody_known_is_parked(name):
    refused = read(kept(export(), name=name))
    assert isinstance(refused, Unreadable)
    assert refused.fault.reason is Reason.NO_PATIENT


def test_any_name_is_a_number_only_where_the_source_says_so():
    columns = b'{"devices": {"number_in_name": true}}'
    assert said(name="q-1.xml", columns=columns).patients[0].about.number == "q-1"
    assert isinstance(read(kept(export(), name="export.xml", columns=columns)), Unreadable)


def test_many_readings_of_one_day_are_one_saying():
    rates = [60 + n * 7 % 30 for n in range(30)]
    pulses = [
        record("HeartRate", str(rate), BEGUN + timedelta(minutes=n)) for n, rate in enumerate(rates)
    ]
    (made,) = bodies(said(*pulses))
    assert measured(made) == {"Readings": 30, "Lowest": 60, "Highest": 89, "Mean": 74.5}
    assert made["effectivePeriod"]["start"] == "2026-03-01T00:00:00+00:00"
    assert made["effectivePeriod"]["end"] == "2026-03-01T00:29:00+00:00"
    assert "valueQuantity" not in made


def test_few_readings_are_each_a_saying():
    pulses = [record("HeartRate", "60", BEGUN + timedelta(minutes=n)) for n in range(24)]
    assert len(bodies(said(*pulses))) == 24


def test_what_counts_up_is_one_saying_a_day_with_its_total():
    steps = [
        record("StepCount", "10.1", BEGUN + timedelta(hours=20 * n), unit="count") for n in range(3)
    ]
    first, second = bodies(said(*steps))
    assert measured(first)["Total"] == 20.2
    assert measured(second)["Readings"] == 1


def test_another_export_says_the_same_day_again_and_not_a_second_one():
    pulses = [record("HeartRate", str(60 + n), BEGUN + timedelta(minutes=n)) for n in range(40)]
    (morning,), (evening,) = bodies(said(*pulses[:30])), bodies(said(*pulses))
    assert morning["id"] == evening["id"]
    assert measured(evening)["Readings"] == 40


def test_a_pressure_in_its_correlation_and_beside_it_is_said_once():
    parts = record("BloodPressureSystolic", "142", unit="mmHg")
    parts += record("BloodPressureDiastolic", "88", unit="mmHg")
    together = b' <Correlation type="HKCorrelationTypeIdentifierBloodPressure">\n' + parts
    made = bodies(said(parts, together + b" </Correlation>\n"))
    assert [one["code"]["coding"][0]["code"] for one in made] == ["8480-6", "8462-4"]


@pytest.mark.parametrize(
    ("kind", "unit", "value", "said_value", "code"),
    [
        ("OxygenSaturation", "%", "0.97", "97", "%"),
        ("OxygenSaturation", "%", "0.975", "97.5", "%"),
        ("BloodGlucose", "mmol&lt;180.1558800000541&gt;/L", "5.4", "5.4", "mmol/L"),
        ("Height", "ft", "5.5", "5.5", "[ft_i]"),
        ("WalkingSpeed", "km/hr", "4.1", "4.1", "km/h"),
    ],
)
def test_units_are_ucum_and_a_fraction_called_percent_is_one(kind, unit, value, said_value, code):
    (made,) = bodies(said(record(kind, value, unit=unit)))
    quantity = made["valueQuantity"]
    assert (str(quantity["value"]), quantity["code"]) == (said_value, code) or (
        float(said_value) == quantity["value"]
    )
    assert quantity["code"] == code


def test_what_was_typed_in_is_not_said_to_be_measured_by_a_validated_device():
    typed = '<MetadataEntry key="HKWasUserEntered" value="1"/>'
    (made,) = bodies(said(record("BodyMass", "71", unit="kg", inside=typed)))
    assert made["method"]["text"] == "patient measured"
    assert {"text": "entered by hand"} in made["note"]


def test_sleep_is_minutes_asleep_and_a_workout_what_it_was():
    asleep = record("x", "", type="HKCategoryTypeIdentifierSleepAnalysis").replace(
        b'endDate="2026-03-01 00:00:00', b'endDate="2026-03-01 07:30:00'
    )
    core = asleep.replace(b'value=""', b'value="HKCategoryValueSleepAnalysisAsleepCore"')
    bed = asleep.replace(b'value=""', b'value="HKCategoryValueSleepAnalysisInBed"')
    walk = (
        b'<Workout workoutActivityType="HKWorkoutActivityTypeWalking" duration="30.5" '
        b'durationUnit="min" startDate="2026-03-01 10:00:00 +0000" '
        b'endDate="2026-03-01 10:30:30 +0000"/>'
    )
    walked, slept = bodies(said(core, bed, walk))
    assert measured(slept)["Total"] == 450
    assert (walked["valueString"], measured(walked)) == ("Walking", {"Exercise duration": 30.5})


def test_sleep_at_a_time_that_cannot_be_is_parked():
    night = record("x", "", type="HKCategoryTypeIdentifierSleepAnalysis")
    abroad = night.replace(b"+0000", b"+6000", 1)
    reading = said(abroad, record("HeartRate", "60", at=BEGUN))
    assert [fault.reason for fault in reading.faults] == [Reason.BAD_VALUE]
    assert len(bodies(reading)) == 1


def test_what_is_not_read_is_parked_once_with_its_number():
    stand = b'<Record type="HKCategoryTypeIdentifierAppleStandHour"/>'
    reading = said(stand, stand, record("HeartRate", "sixty"), record("HeartRate", "60", at=BEGUN))
    assert {(fault.reason, fault.detail) for fault in reading.faults} == {
        (Reason.NOT_READ_YET, "category AppleStandHour, 2 of them"),
        (Reason.BAD_VALUE, "HeartRate value: not a number"),
    }
    assert len(bodies(reading)) == 1


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999999999", "9" * 4000, "-", ""])
def test_a_number_that_is_none_is_parked(value):
    assert said(record("BodyMass", value, unit="kg")).faults[0].reason is Reason.BAD_VALUE


def test_a_type_that_nobody_wants_may_be_declared_to_mean_nothing():
    columns = b'{"devices": {"people": {"p-77": {}}, "ignore": ["HKQuantityTypeIdentifierVO2Max"]}}'
    reading = said(record("VO2Max", "31", unit="mL/min·kg"), columns=columns)
    assert (bodies(reading), reading.faults) == ([], ())


def test_an_entity_in_the_document_type_is_never_expanded():
    bomb = HEAD.replace(b"]>", b'<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>')
    for name in (b"a", b"b"):
        refused = read(kept(bomb + b'<Record type="&' + name + b';"/>' + TAIL))
        assert isinstance(refused, Unreadable)
        assert refused.fault.reason is Reason.BAD_XML


@pytest.mark.parametrize("head", [b"<!DOCTYPE HealthData [" + b"<!--" * 9000, b"<HealthData><a"])
def test_a_document_that_does_not_end_is_parked(head):
    refused = read(kept(head))
    assert isinstance(refused, Unreadable)
    assert refused.fault.reason is Reason.BAD_XML


# Cutting


@pytest.fixture
def small(monkeypatch):
    """Parts of a few records."""
    monkeypatch.setattr(cutting, "_BLOCK", 2000)
    monkeypatch.setattr(cutting, "_FULL", 20_000)


def week():
    return export(
        *(
            record(kind, str(50 + n), BEGUN + timedelta(hours=4 * n))
            for kind in ("HeartRate", "RespiratoryRate")
            for n in range(40)
        )
    )


class Drip:
    def __init__(self, body, size):
        self._stream, self._size = BytesIO(body), size

    def read(self, _, /):
        return self._stream.read(self._size)


@pytest.mark.parametrize("size", [1, 7, 100, 5000, 10**6])
@pytest.mark.usefixtures("small")
def test_joined_parts_are_the_file_whatever_a_read_gives(size):
    parts = list(cut("phone", "p-77/export.xml", Drip(week(), size)))
    assert b"".join(part.body for part in parts) == week()
    assert [p.name for p in parts] == [
        p.name for p in cut("phone", "p-77/export.xml", BytesIO(week()))
    ]
    assert len(parts) > 5


@pytest.mark.usefixtures("small")
def test_each_part_is_read_by_itself_and_together_they_say_what_the_whole_says():
    parts = list(cut("phone", "p-77/export.xml", week()))
    whole = read(kept(week()))
    assert isinstance(whole, Reading)
    apart, people = [], 0
    for part in parts:
        reading = read(kept(part.body, part.name))
        assert isinstance(reading, Reading), part.name
        assert reading.faults == ()
        apart += bodies(reading)
        people += len(bodies(reading, "Patient"))
    assert {one["id"]: one for one in apart} == {one["id"]: one for one in bodies(whole)}
    assert (len(apart), people) == (80, 1)
    assert parts[1].name.startswith("p-77/export.xml elements ")


@pytest.mark.usefixtures("small")
def test_a_day_of_one_type_is_not_cut_in_two():
    days = [
        {one["effectiveDateTime"][:10] + one["code"]["text"] for one in bodies(reading)}
        for part in cut("phone", "p-77/export.xml", week())
        if isinstance(reading := read(kept(part.body, part.name)), Reading)
    ]
    assert all(not a & b for a, b in pairwise(days))


@pytest.mark.usefixtures("small")
def test_an_element_is_never_cut_from_what_is_inside_it():
    inside = "".join(f'<MetadataEntry key="k{n}" value="&gt;"/>' for n in range(100))
    body = export(
        *(record("HeartRate", "60", BEGUN + timedelta(days=n), inside=inside) for n in range(9))
    )
    parts = list(cut("phone", "p-77/export.xml", body))
    assert len(parts) == 9
    assert all(isinstance(read(kept(part.body, part.name)), Reading) for part in parts)


@pytest.mark.usefixtures("small")
def test_an_element_larger_than_can_be_read_is_kept_in_pieces(monkeypatch):
    from wholerecord.intake import cut as whole

    monkeypatch.setattr(whole, "_PIECE", 50_000)
    huge = record("HeartRate", "60", inside="<MetadataEntry/>" * 20_000)
    body = export(record("HeartRate", "60"), huge, record("HeartRate", "61"))
    parts = list(cut("phone", "p-77/export.xml", Drip(body, 4096)))
    assert b"".join(part.body for part in parts) == body
    assert max(len(part.body) for part in parts) < 60_000
    outcomes = [read(kept(part.body, part.name)) for part in parts]
    reasons = {one.fault.reason for one in outcomes if isinstance(one, Unreadable)}
    assert reasons <= {Reason.TOO_LARGE, Reason.BAD_XML}
    assert isinstance(outcomes[-1], Reading)
