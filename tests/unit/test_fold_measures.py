"""Results and observations."""

import pytest

from tests.unit.fold_statements import coded, coded_as, one, places, result, statement
from wholerecord.fold import Kind, Measure, fold

AT = "2026-03-01T09:00:00Z"


@pytest.mark.parametrize(
    ("first", "second", "entries"),
    [
        (("gp", 4.1, AT), ("acute", 4.1, AT), 1),  # the same value at the same moment
        (("gp", 4.1, AT), ("acute", 4.3, AT), 2),  # another value, no number in common
        (("gp", 4.1, "2026-03-01"), ("acute", 4.1, "2026-03-01"), 1),  # a day, two sources
        (("gp", 4.1, "2026-03-01"), ("gp", 4.1, "2026-03-01"), 2),  # a day, one source
        (("gp", 4.1, "2026-03-01"), ("acute", 4.1, "2026-03-02"), 2),  # another day
    ],
)
def test_equal_values_are_one_result_only_at_the_same_time(first, second, entries):
    statements = [
        result(source, str(n), "2823-3", value, when)
        for n, (source, value, when) in enumerate((first, second))
    ]
    assert len(fold(statements).of(Kind.RESULT)) == entries


def test_another_unit_is_another_result():
    found = fold(
        [
            result("gp", "1", "4548-4", 48, AT, unit="mmol/mol"),
            result("acute", "2", "4548-4", 48, AT, unit="%"),
        ]
    ).of(Kind.RESULT)
    assert len(found) == 2


def test_a_corrected_result_beats_the_final_one_and_keeps_its_value():
    entry = one(
        fold(
            [
                result("lab", "1", "2823-3", 6.1, AT, status="corrected", t=1),
                result("lab", "1", "2823-3", 4.1, AT, status="final", t=2),
            ]
        ),
        Kind.RESULT,
    )
    assert entry.status == "corrected"
    assert isinstance(entry.detail, Measure)
    assert entry.detail.value == "6.1"
    assert entry.detail.corrected_from == ("4.1 mmol/L",)


def test_a_shared_specimen_number_joins_two_sources_and_their_disagreement_is_said():
    number = {"identifier": [{"system": "urn:lab", "value": "26-1"}]}
    entry = one(
        fold(
            [
                result("gp", "1", "2823-3", 4.1, AT, **number),
                result("acute", "2", "2823-3", 4.3, AT, **number),
            ]
        ),
        Kind.RESULT,
    )
    assert (
        entry.conflict == "Sources give different values: 4.1 mmol/L (gp) and 4.3 mmol/L (acute)."
    )


def test_a_value_is_kept_as_it_was_written():
    body = (
        b'{"code":{"text":"Potassium"},"id":"1","resourceType":"Observation","status":"final",'
        b'"valueQuantity":{"comparator":"<","unit":"mmol/L","value":4.50}}'
    )
    entry = one(fold([statement("lab", "Observation", body)]), Kind.OBSERVATION)
    assert isinstance(entry.detail, Measure)
    assert entry.detail.value == "<4.50"
    assert entry.detail.number is None  # less than is not a number to plot


def test_a_report_that_only_names_its_results_gives_them_its_name_and_stands_in_the_first():
    record = fold(
        [
            result("lab", "na", "2951-2", 140, AT),
            result("lab", "k", "2823-3", 4.1, AT),
            statement(
                "lab",
                "DiagnosticReport",
                {
                    "id": "r",
                    "status": "final",
                    "code": coded("Urea and electrolytes"),
                    "result": [{"reference": "Observation/na"}, {"reference": "Observation/k"}],
                },
            ),
        ]
    )
    groups = [entry.detail.group for entry in record.entries if isinstance(entry.detail, Measure)]
    assert groups == ["Urea and electrolytes", "Urea and electrolytes"]
    assert places(record) == 3


def test_blood_pressure_has_parts_and_one_taken_at_home_says_so():
    entry = one(
        fold(
            [
                statement(
                    "gp",
                    "Observation",
                    {
                        "id": "bp",
                        "status": "final",
                        "category": [coded_as("vital-signs")],
                        "code": coded(loinc="85354-9"),
                        "effectiveDateTime": AT,
                        "performer": [{"reference": "Patient/1"}],
                        "component": [
                            {"code": coded("Systolic"), "valueQuantity": {"value": 142}},
                            {"code": coded("Diastolic"), "valueQuantity": {"value": 88}},
                        ],
                    },
                )
            ]
        ),
        Kind.OBSERVATION,
    )
    assert entry.title == "Blood pressure (measured at home)"
    assert isinstance(entry.detail, Measure)
    assert [(part.title, part.value) for part in entry.detail.parts] == [
        ("Systolic", "142"),
        ("Diastolic", "88"),
    ]
