"""The maps that ship with the program: each makes of its tables what it says."""

import json
from importlib.resources import files

import pytest

from tests.unit.messages import numbers, of_kind
from tests.unit.messages import said as said_by
from wholerecord.intake.csv import Columns, read
from wholerecord.intake.csv.preview import preview

MAPS = files("wholerecord.intake.csv") / "maps"
NAMES = sorted(one.name for one in MAPS.iterdir() if one.name.endswith(".json"))
PERSON = {"Person ID": "77", "NHS Number": "9990000018"}


def declared(name):
    return (MAPS / f"{name}.json").read_bytes()


def table(name, *rows):
    """A table of the map's columns, each row with the values given."""
    columns = Columns.parse(declared(name))
    if columns.fixed:
        return "".join(fixed(columns.fixed, row) for row in rows).encode()
    header = sorted(columns.mapped | set(columns.ignore))
    lines = [",".join(header)]
    lines += [",".join({**PERSON, **row}.get(one, "") for one in header) for row in rows]
    return "\n".join(lines).encode()


def fixed(places, row):
    line = [" "] * max(first + n - 1 for first, n in places.values())
    for name, said in {**PERSON, **row}.items():
        first, n = places[name]
        line[first - 1 : first - 1 + n] = said.ljust(n)
    return "".join(line).rstrip() + "\r\n"


def said(name, *rows):
    reading = said_by(read, table(name, *rows), declared(name))
    assert reading.faults == ()
    assert numbers(reading) == ["77"]
    assert preview(table(name, *rows), Columns.parse(declared(name))).whole
    return reading


def made(name, kind, **row):
    (one,) = of_kind(said(name, row), kind)
    return one


def test_there_is_a_map_for_each_kind_of_care():
    assert [name.removesuffix(".json") for name in NAMES] == [
        "adult_social_care",
        "community",
        "education",
        "employment",
        "mental_health",
        "safeguarding",
        "screening",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_map_says_what_it_is_for_and_is_one(name):
    assert Columns.parse((MAPS / name).read_bytes()).about


EVENT = {"Event Reference": "E1", "Event Start": "02/03/2026"}


def test_a_social_care_service_is_a_plan_with_who_provides_it():
    row = {**EVENT, "Event Type": "Service", "Service Component": "Home care"}
    plan = made("adult_social_care", "CarePlan", **row, Provider="Kindly", **{"Event End": "NULL"})
    assert (plan["title"], plan["status"]) == ("Home support", "active")
    assert plan["category"][0]["coding"][0]["code"] == "social-care"


def test_a_social_care_request_and_an_assessment_with_its_need():
    request = made("adult_social_care", "ServiceRequest", **EVENT, **{"Event Type": "Request"})
    assert request["code"]["text"] == "Request for support"
    row = {**EVENT, "Event Type": "Assessment", "Event Outcome": "Eligible needs"}
    reading = said("adult_social_care", {**row, "Primary Support Reason": "Memory and cognition"})
    (found,) = of_kind(reading, "Observation")
    assert found["valueCodeableConcept"]["text"] == "Has eligible needs"
    (need,) = of_kind(reading, "Condition")
    assert need["code"]["coding"][0]["code"] == "memory"


def test_a_detention_is_a_flag_and_a_diagnosis_is_labelled_sensitive():
    row = {"Record ID": "R1", "Start Date": "2026-03-02"}
    flag = made("mental_health", "Flag", **row, Record="Legal status", Code="02")
    assert "section 2" in flag["code"]["text"].lower()
    ill = made("mental_health", "Condition", **row, Record="Diagnosis", Code="F20.0")
    assert ill["meta"]["security"][0]["code"] == "PSY"


def test_a_mental_health_contact_says_how_they_met():
    row = {"Record ID": "R1", "Start Date": "2026-03-02", "Record": "Contact"}
    row |= {"Consultation Mechanism": "02", "Attended": "5", "Professional": "J Kaur"}
    met = made("mental_health", "Encounter", **row)
    assert (met["class"]["code"], met["status"]) == ("VR", "finished")
    assert met["participant"] == [{"individual": {"display": "J Kaur"}}]


def test_a_score_keeps_its_number():
    row = {"Record ID": "R1", "Start Date": "2026-03-02", "Record": "Score", "Score": "14"}
    score = made("mental_health", "Observation", **row, Description="PHQ-9", Code="720433000")
    assert score["valueQuantity"] == {"value": 14}


def test_a_community_row_is_a_referral_a_contact_and_what_was_done():
    row = {
        "Referral ID": "F1",
        "Service": "01",
        "Referral Date": "2026-03-01",
        "Contact ID": "C1",
        "Contact Time": "2026-03-02 10:30",
        "Medium": "02",
        "Attendance": "Attended",
        "Procedure": "Dressing of wound",
        "Procedure Code": "3895009",
        "Observation": "Pain score",
        "Observation Code": "225908003",
        "Observation Value": "3",
    }
    reading = said("community", row)
    kinds = [saying.kind for saying in reading.patients[0].sayings]
    assert kinds == ["Patient", "ServiceRequest", "Encounter", "Procedure", "Observation"]
    assert of_kind(reading, "Encounter")[0]["class"]["code"] == "HH"
    assert of_kind(reading, "Procedure")[0]["performedDateTime"].startswith("2026-03-02T10:30")


def test_a_screening_line_is_read_by_where_its_values_stand():
    row = {"Date of Birth": "19600102", "Programme": "BCS", "Test ID": "T1", "Tested": "20260302"}
    row |= {"Result": "P", "Next": "00000000", "Laboratory": "Hub North"}
    found = made("screening", "Observation", **row)
    assert found["valueCodeableConcept"]["coding"][0]["code"] == "positive"
    assert found["performer"] == [{"display": "Hub North"}]
    assert "note" not in found


def test_employment_is_a_status_and_a_fit_note():
    row = {"Record ID": "R1", "As At": "02/03/2026", "Employment Status": "04", "Fit Note": "MF"}
    row |= {"Fit Note From": "02/03/2026", "Adjustments": "Shorter days"}
    reading = said("employment", row)
    (status,) = of_kind(reading, "Observation")
    assert status["valueCodeableConcept"]["text"] == "Long-term sick or disabled"
    (note,) = of_kind(reading, "Condition")
    assert note["note"] == [{"text": "Adjustments: Shorter days"}]


def test_a_pupil_has_a_need_and_a_plan():
    row = {"Pupil ID": "77", "Primary Need": "SLCN", "Provision": "E"}
    reading = said("education", {**row, "Provision Start": "02/03/2026", "School": "Moor Lane"})
    (need,) = of_kind(reading, "Condition")
    assert need["code"]["coding"][0]["display"] == "Speech, language and communication needs"
    assert of_kind(reading, "CarePlan")[0]["title"] == "Education, health and care plan"


def test_a_child_protection_plan_is_a_flag_that_ends():
    row = {"Plan ID": "P1", "Plan Type": "CPP", "Start Date": "2026-03-02"}
    row |= {"Contact Telephone": "0113 496 0000"}
    flag = made("safeguarding", "Flag", **row)
    assert (flag["id"], flag["status"]) == ("flag-P1", "active")
    assert flag["code"]["text"] == "Child protection plan (Tell: 0113 496 0000)"
    assert made("safeguarding", "Flag", **row, **{"End Date": "2026-04-01"})["status"] == "inactive"


def test_a_code_that_a_map_does_not_know_parks_its_row():
    row = {"Plan ID": "P1", "Plan Type": "NEW", "Start Date": "2026-03-02"}
    reading = said_by(read, table("safeguarding", row), declared("safeguarding"))
    assert [fault.detail for fault in reading.faults] == ["Plan Type"]


def test_a_fixed_line_with_text_outside_of_its_columns_is_parked():
    columns = {"fixed": {"Person": [3, 4]}, "person": {"number": "Person"}, "rows": []}
    reading = said_by(read, b"  0001\nx 0002\n  0003 y\n", json.dumps(columns).encode())
    assert numbers(reading) == ["0001"]
    assert [fault.place for fault in reading.faults] == ["line 2", "line 3"]
