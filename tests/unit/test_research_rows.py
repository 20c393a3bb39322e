"""What of a record stands in the tables that are counted."""

from datetime import date, datetime

import pytest

from tests.unit.fold_statements import SNOMED, coded, condition, statement, status
from wholerecord.fold import fold
from wholerecord.record import Statement
from wholerecord.research.codes import text_value, unit_of
from wholerecord.research.rows import Rows, rows_of
from wholerecord.research.tables import CONCEPT, TABLES

STROKE = {"snomed": "230690007"}


def rows(*said: Statement) -> Rows:
    return rows_of(7, fold(said))


def test_a_row_has_the_columns_of_its_table():
    made = rows(
        condition("gp", "c", "Stroke", "2024-02-01", codes=STROKE),
        statement("gp", "Immunization", {"id": "i", "status": "completed",
            "vaccineCode": coded("Flu", snomed="x1"), "occurrenceDateTime": "2024"}),
        statement("gp", "Procedure", {"id": "p", "status": "completed",
            "code": coded("Hip", snomed="52734007"), "performedDateTime": "2024-03"}),
        statement("gp", "AllergyIntolerance", {"id": "a", "code": coded("x", snomed="91936005")}),
        statement("gp", "CarePlan", {"id": "q", "status": "active",
            "category": [coded("x", snomed="736055001")], "period": {"start": "2024-01-01"}}),
        statement("gp", "Encounter", {"id": "e", "status": "finished", "class": {"code": "IMP"},
            "period": {"start": "2024-01-01", "end": "2024-01-04"}}),
    )  # fmt: skip
    for name, each in made.items():
        assert each, name
        for row in each:
            assert len(row) == len(TABLES[name].columns), name
            assert row[0] == 7
    assert made["encounter"] == [
        (7, "encounter-inpatient", CONCEPT, date(2024, 1, 1), date(2024, 1, 4), "inpatient")
    ]
    assert made["person"] == [(7, "unknown", None, None, None, None, None, None)]


@pytest.mark.parametrize(
    "more",
    [
        {"verificationStatus": status("refuted")},
        {"verificationStatus": status("provisional")},
        {"verificationStatus": status("entered-in-error")},
    ],
)
def test_what_is_not_confirmed_is_in_no_row(more):
    made = rows(condition("gp", "c", "Stroke", "2024-02-01", codes=STROKE, **more))
    assert not made.get("condition")


def test_a_vaccine_not_given_and_a_procedure_not_done_are_in_no_row():
    made = rows(
        statement("gp", "Immunization", {"id": "i", "status": "not-done",
            "vaccineCode": coded("Flu", snomed="x1"), "occurrenceDateTime": "2024"}),
        statement("gp", "Procedure", {"id": "p", "status": "not-done",
            "code": coded("Hip", snomed="52734007")}),
    )  # fmt: skip
    assert not made.get("immunisation")
    assert not made.get("procedure")


def test_words_that_mean_one_of_our_concepts_are_counted_without_a_code():
    made = rows(condition("gp", "c", "Stroke", "2024-02"))
    assert made["condition"] == [(7, "stroke", CONCEPT, date(2024, 2, 1), None, "unknown")]
    assert not rows(condition("gp", "c", "Fell out with Jane", "2024-02")).get("condition")


def test_each_part_of_a_blood_pressure_is_a_measurement():
    part = {"snomed": "271649006"}
    made = rows(
        statement("gp", "Observation", {
            "id": "o", "status": "final", "effectiveDateTime": "2024-02-01T09:00:00+01:00",
            "code": coded("BP", snomed="75367002"),
            "component": [{"code": coded("Systolic", **part),
                "valueQuantity": {"value": 141, "unit": "mmHg"}}],
        })
    )  # fmt: skip
    moment = datetime.fromisoformat("2024-02-01T08:00:00")
    assert (7, "systolic", CONCEPT, moment, 141.0, "mmHg", None) in made["observation"]
    assert (7, "271649006", SNOMED, moment, 141.0, "mmHg", None) in made["observation"]


def test_a_result_in_free_words_keeps_its_code_and_loses_its_words():
    made = rows(
        statement("gp", "Observation", {"id": "o", "status": "final", "code": coded("x", loinc="1"),
            "effectiveDateTime": "2024-02-01", "valueString": "as I told Mrs Oak"}),
        statement("gp", "Observation", {"id": "p", "status": "final", "code": coded("y", loinc="2"),
            "effectiveDateTime": "2024-02-01", "valueCodeableConcept": coded("Positive")}),
    )  # fmt: skip
    assert {(row[1], row[6]) for row in made["observation"]} == {("1", None), ("2", "positive")}


@pytest.mark.parametrize(
    ("said", "kept"),
    [("mmol/L", True), ("10*9/L", True), ("%", True), ("", False), ("as Mrs Oak said", False),
     ("x" * 17, False)],
)  # fmt: skip
def test_a_unit_is_ucums_or_short_and_plain(said, kept):
    assert (unit_of(said) == said) is kept


def test_a_value_in_words_is_one_of_a_closed_list():
    assert text_value(" Positive ") == "positive"
    assert text_value("positive, told Jane") is None
