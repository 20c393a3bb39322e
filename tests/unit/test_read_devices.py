"""Readings from home: exact, attributed to the patient, and never with a guessed unit."""

import pytest

from tests.unit.messages import body, numbers, of_kind
from tests.unit.messages import refused as refused_by
from tests.unit.messages import said as said_by
from wholerecord.intake import Reason
from wholerecord.intake.devices import read

AT = "2026-03-02T08:00:00Z"
PRESSURE = {"type": "blood-pressure", "systolic": 142, "diastolic": 88, "at": AT, "id": "r1"}


def said(message):
    return said_by(read, message)


def refused(message):
    return refused_by(read, message)


def simple(*readings, **more):
    return {"device": {"make": "Acme"}, "person": {"id": "p-77"}, "readings": readings, **more}


def point(name, measured, user="u1", **header):
    schema = {"namespace": "omh", "name": name, "version": "2.0"}
    when = {"effective_time_frame": {"date_time": AT}}
    return {
        "header": {"id": "d1", "schema_id": schema, "user_id": user, **header},
        "body": {**when, **measured},
    }


def test_a_blood_pressure_is_one_observation_with_two_parts():
    (made,) = of_kind(said(simple(PRESSURE)), "Observation")
    assert made["id"] == "r1"
    assert made["code"]["coding"][0]["code"] == "85354-9"
    assert made["category"][0]["coding"][0]["code"] == "vital-signs"
    assert [
        (part["code"]["coding"][0]["code"], part["valueQuantity"]["value"])
        for part in made["component"]
    ] == [("8480-6", 142), ("8462-4", 88)]
    assert made["component"][0]["valueQuantity"]["code"] == "mm[Hg]"
    assert made["effectiveDateTime"] == AT
    assert made["subject"] == {"reference": "Patient/p-77"}


@pytest.mark.parametrize(
    ("validated", "words"),
    [
        ({}, "patient measured"),
        ({"validated": True}, "patient measured, on a validated device"),
        ({"validated": False}, "patient measured, on a device that is not validated"),
    ],
)
def test_the_method_says_who_measured_and_how_far_to_trust_the_device(validated, words):
    message = simple(PRESSURE, device={"make": "Acme", "model": "BP 2", **validated})
    (made,) = of_kind(said(message), "Observation")
    assert made["method"]["text"] == words
    assert made["device"] == {"display": "Acme BP 2"}
    assert of_kind(said(message), "Device")[0]["manufacturer"] == "Acme"


def test_the_pulse_of_a_blood_pressure_is_an_observation_too():
    made = of_kind(said(simple({**PRESSURE, "pulse": 72})), "Observation")
    assert [one["code"]["coding"][0]["code"] for one in made] == ["85354-9", "8867-4"]
    assert made[1]["id"] == "r1-pulse"


@pytest.mark.parametrize(
    ("reading", "code", "unit"),
    [
        ({"type": "body-weight", "value": 71, "unit": "kg"}, "29463-7", "kg"),
        ({"type": "weight", "value": 156, "unit": "lb"}, "29463-7", "[lb_av]"),
        ({"type": "spo2", "value": 97}, "2708-6", "%"),
        ({"type": "blood-glucose", "value": 5, "unit": "mmol/L"}, "14743-9", "mmol/L"),
        ({"type": "blood-glucose", "value": 95, "unit": "mg/dL"}, "41653-7", "mg/dL"),
        ({"type": "temperature", "value": 37, "unit": "°C"}, "8310-5", "Cel"),
        ({"type": "steps", "value": 4000}, "55423-8", "{steps}"),
        ({"type": "heart-rate", "value": 72}, "8867-4", "/min"),
        ({"type": "respiratory-rate", "value": 14}, "9279-1", "/min"),
    ],
)
def test_each_kind_has_its_code_and_its_unit(reading, code, unit):
    (made,) = of_kind(said(simple({**reading, "at": AT})), "Observation")
    assert made["code"]["coding"][0]["code"] == code
    assert made["valueQuantity"]["code"] == unit


@pytest.mark.parametrize(
    ("reading", "reason", "detail"),
    [
        ({"type": "weight", "value": 71}, Reason.BAD_VALUE, "value: needs a unit"),
        ({"type": "glucose", "value": 5}, Reason.BAD_VALUE, "value: needs a unit"),
        (
            {"type": "weight", "value": 71, "unit": "stone"},
            Reason.BAD_VALUE,
            "value: a unit that is not read for it",
        ),
        ({"type": "spo2", "value": "97"}, Reason.BAD_VALUE, "value: not a number"),
        ({"type": "spo2", "value": True}, Reason.BAD_VALUE, "value: not a number"),
        ({"type": "spo2", "value": 97, "at": "today"}, Reason.BAD_VALUE, "at: not a date and time"),
        ({**PRESSURE, "diastolic": None}, Reason.BAD_VALUE, "diastolic: not a number"),
        ({"type": "mood"}, Reason.NOT_READ_YET, "reading mood"),
        ({}, Reason.NOT_READ_YET, "reading without a type"),
        (7, Reason.BAD_VALUE, "expected an object"),
    ],
)
def test_a_reading_that_cannot_be_read_is_parked_and_the_rest_filed(reading, reason, detail):
    if isinstance(reading, dict):
        reading = {"at": AT, **reading}
    result = said(simple(reading, {"type": "spo2", "value": 97, "at": AT}))
    assert [(f.reason, f.place, f.detail) for f in result.faults] == [
        (reason, "readings[0]", detail)
    ]
    assert len(of_kind(result, "Observation")) == 1


def test_decimals_keep_their_written_precision():
    message = b'{"person":{"id":1},"readings":[{"type":"weight","value":71.40,"unit":"kg","at":"'
    reading = said(message + AT.encode() + b'"}]}')
    assert b'"value":71.40' in reading.patients[0].sayings[-1].body


@pytest.mark.parametrize(
    ("person", "number"),
    [
        ({"id": "p-77", "nhs_number": "9990000018"}, "p-77"),
        ({"nhs_number": "999 000 0018"}, "nhs:9990000018"),
        ({"id": 77}, "77"),
    ],
)
def test_a_person_is_known_by_the_senders_number_else_the_nhs_number(person, number):
    assert numbers(said(simple(PRESSURE, person=person))) == [number]


@pytest.mark.parametrize("person", [{}, {"nhs_number": "9990000019"}, {"id": ""}, "Ann"])
def test_readings_of_nobody_are_parked(person):
    assert refused(simple(PRESSURE, person=person)).reason is Reason.NO_PATIENT


def test_what_was_said_of_the_person_is_a_patient():
    person = {"id": "p-77", "nhs_number": "9990000018", "family": "Ashe", "born": "1950-03-02"}
    (who,) = of_kind(said(simple(PRESSURE, person=person)), "Patient")
    assert who["birthDate"] == "1950-03-02"
    assert who["identifier"][0]["value"] == "9990000018"


def test_an_open_mhealth_blood_pressure_is_the_same_observation():
    reading = said(
        point(
            "blood-pressure",
            {
                "systolic_blood_pressure": {"value": 142, "unit": "mmHg"},
                "diastolic_blood_pressure": {"value": 88, "unit": "mmHg"},
                "body_posture": "sitting",
            },
            creation_date_time=AT,
            acquisition_provenance={"source_name": "Acme app", "modality": "sensed"},
        )
    )
    assert numbers(reading) == ["u1"]
    (made,) = of_kind(reading, "Observation")
    assert [part["valueQuantity"]["value"] for part in made["component"]] == [142, 88]
    assert [note["text"] for note in made["note"]] == ["body posture: sitting", "sensed"]
    assert made["meta"]["lastUpdated"] == AT


def test_a_statistic_is_not_shown_as_a_single_reading():
    measured = {
        "heart_rate": {"value": 50, "unit": "beats/min"},
        "descriptive_statistic": "minimum",
    }
    (made,) = of_kind(said(point("heart-rate", measured)), "Observation")
    assert made["code"]["text"] == "Heart rate (minimum)"


def test_an_interval_keeps_both_its_ends():
    interval = {"start_date_time": AT, "end_date_time": "2026-03-02T09:00:00Z"}
    measured = {
        "step_count": {"value": 4000, "unit": "steps"},
        "effective_time_frame": {"time_interval": interval},
    }
    (made,) = of_kind(said(point("step-count", measured)), "Observation")
    assert made["effectivePeriod"] == {"start": AT, "end": "2026-03-02T09:00:00Z"}


def test_a_schema_that_is_not_known_is_named():
    fault = refused(point("geoposition", {}))
    assert (fault.reason, fault.detail) == (Reason.NOT_READ_YET, "omh:geoposition:2.0")


@pytest.mark.parametrize(
    ("name", "unit", "code"),
    [
        ("rr-interval", "ms", "ms"),
        ("minute-volume", "L/min", "L/min"),
        ("ventilation-cycle-time", "sec", "s"),
        ("breath-carbon-monoxide", "ppm", "[ppm]"),
    ],
)
def test_what_no_loinc_code_is_sure_of_is_said_under_its_own_name(name, unit, code):
    measured = {name.replace("-", "_"): {"value": 7, "unit": unit}}
    (made,) = of_kind(said(point(name, measured)), "Observation")
    [coding] = made["code"]["coding"]
    assert coding["code"] == name
    assert coding["system"].startswith("https://wholerecord.example/")
    assert made["valueQuantity"] == {
        "value": 7,
        "unit": unit,
        "system": "http://unitsofmeasure.org",
        "code": code,
    }


TENORMIN = {"trade_name": "Tenormin", "strength": [{"value": 50, "unit": "mg"}], "rxnorm_code": 7}
TAKEN, MISSED = "single-medication-dose-taken", "reason-single-medication-dose-not-taken"


def test_a_dose_taken_is_one_given_of_that_medicine():
    dose = {"dose": {"value": 0.5, "unit": "tablet"}, "medication": TENORMIN}
    why = {"reason_dose_taken_not_as_prescribed": "nearly out of it"}
    (made,) = of_kind(said(point(TAKEN, {**dose, **why})), "MedicationAdministration")
    assert made["status"] == "completed"
    assert made["medicationCodeableConcept"]["text"] == "Tenormin 50 mg"
    assert made["medicationCodeableConcept"]["coding"][0]["code"] == "7"
    assert made["dosage"] == {"dose": {"value": 0.5, "unit": "tablet"}}
    assert made["note"] == [{"text": "nearly out of it"}]
    assert made["performer"] == [{"actor": {"reference": "Patient/u1"}}]


def test_a_dose_left_out_says_nothing_of_the_treatment():
    reading = said(point(MISSED, {"medication": TENORMIN, "reason_for_missing_dose": "ran out"}))
    [saying] = reading.patients[0].sayings
    assert saying.kind == "Observation"  # nothing that the medicines of a record are made of
    (made,) = of_kind(reading, "Observation")
    assert made["valueString"] == "Tenormin 50 mg: ran out"
    assert "method" not in made


@pytest.mark.parametrize(
    ("body", "element"),
    [
        ({"dose": {"value": 1}}, "medication"),
        ({"medication": TENORMIN}, "dose"),
        ({"medication": TENORMIN, "dose": {"value": "one"}}, "dose"),
        ({"medication": {**TENORMIN, "strength": [{}]}, "dose": {"value": 1}}, "strength"),
    ],
)
def test_a_dose_of_nothing_or_of_no_number_is_parked(body, element):
    fault = refused(point(TAKEN, body))
    assert fault.reason is Reason.BAD_VALUE
    assert element in fault.detail


def test_data_points_come_as_an_array_or_as_lines():
    one = point("heart-rate", {"heart_rate": {"value": 72, "unit": "beats/min"}})
    assert len(of_kind(said([one, one]), "Observation")) == 2
    import json

    lines = json.dumps(one).encode() + b"\n{broken\n" + json.dumps(one).encode()
    reading = said(lines)
    assert [saying.place for saying in reading.patients[0].sayings] == ["line 1", "line 3"]
    assert [(f.reason, f.place) for f in reading.faults] == [(Reason.NOT_JSON, "line 2")]
    assert body(reading.patients[0].sayings[0])["resourceType"] == "Observation"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"{", Reason.NOT_JSON),
        (b"[]", Reason.NOT_RECOGNISED),
        (b'{"resourceType":"Patient"}', Reason.NOT_RECOGNISED),
    ],
)
def test_what_is_not_readings_is_parked(message, reason):
    assert refused(message).reason is reason


def test_many_points_of_one_day_are_one_saying_and_few_are_each_their_own():
    def points(n):
        return [
            point(
                "heart-rate",
                {
                    "heart_rate": {"value": 60 + m, "unit": "beats/min"},
                    "effective_time_frame": {"date_time": f"2026-03-02T08:{m:02d}:00Z"},
                },
                id=f"d{m}",
            )
            for m in range(n)
        ]

    assert len(of_kind(said(points(24)), "Observation")) == 24
    (made,) = of_kind(said(points(25)), "Observation")
    numbers_of = [part["valueQuantity"]["value"] for part in made["component"]]
    assert numbers_of == [25, 60, 84, 72]
    assert made["code"]["text"] == "Heart rate (by day)"


def test_who_measured_on_what_is_declared_where_the_message_does_not_say():
    columns = b'{"devices": {"validated": ["Acme BP 2"]}}'
    message = simple(PRESSURE, device={"make": "Acme", "model": "BP 2"})
    (made,) = of_kind(said_by(read, message, columns), "Observation")
    assert made["method"]["text"] == "patient measured, on a validated device"
    (made,) = of_kind(said_by(read, simple(PRESSURE), columns), "Observation")
    assert made["method"]["text"] == "patient measured, on a device that is not validated"


@pytest.mark.parametrize(
    ("name", "measured", "code"),
    [
        ("body-mass-index", {"body_mass_index": {"value": 24, "unit": "kg/m2"}}, "39156-5"),
        ("body-fat-percentage", {"body_fat_percentage": {"value": 30, "unit": "%"}}, "41982-0"),
        ("sleep-duration", {"sleep_duration": {"value": 7, "unit": "h"}}, "93832-4"),
        ("sleep-episode", {"total_sleep_time": {"value": 465, "unit": "min"}}, "93832-4"),
        ("calories-burned", {"kcal_burned": {"value": 160, "unit": "kcal"}}, "41981-2"),
        ("minutes-moderate-activity", {"minutes_moderate_activity": 30}, None),
    ],
)
def test_more_open_mhealth_schemas_have_their_codes(name, measured, code):
    reading = said_by(read, [point(name, measured), point("heart-rate", {"heart_rate": 1})])
    made = of_kind(reading, "Observation")
    if code is None:  # minutes must say that they are minutes
        assert "needs a unit" in reading.faults[0].detail
    else:
        assert made[0]["code"]["coding"][0]["code"] == code


def test_a_physical_activity_is_words_with_what_was_measured_of_it():
    walk = {"activity_name": "walking", "distance": {"value": 3, "unit": "mi"}}
    (made,) = of_kind(said(point("physical-activity", walk)), "Observation")
    assert made["valueString"] == "walking"
    assert made["component"][0]["valueQuantity"]["code"] == "[mi_i]"
