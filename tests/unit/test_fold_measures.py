"""Results and observations."""

from itertools import permutations
from typing import Any

import pytest

from tests.unit.fold_statements import coded, coded_as, one, places, result, statement
from wholerecord.fold import Kind, Measure, fold
from wholerecord.record import Statement

AT = "2025-03-01T09:00:00Z"


@pytest.mark.parametrize(
    ("first", "second", "entries"),
    [
        (("gp", 4.1, AT), ("acute", 4.1, AT), 1),  # the same value at the same moment
        (("gp", 4.1, AT), ("acute", 4.3, AT), 2),  # another value, no number in common
        (("gp", 4.1, "2025-03-01"), ("acute", 4.1, "2025-03-01"), 1),  # a day, two sources
        (("gp", 4.1, "2025-03-01"), ("gp", 4.1, "2025-03-01"), 2),  # a day, one source
        (("gp", 4.1, "2025-03-01"), ("acute", 4.1, "2025-03-02"), 2),  # another day
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
    entry = one(fold([statement("lab", "Observation", body)]), Kind.RESULT)
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


def test_equal_values_of_one_day_join_alike_in_whatever_order_they_arrive():
    statements = [
        result("gp", "1", "2823-3", 4.1, "2025-03-01"),
        result("gp", "2", "2823-3", 4.1, "2025-03-01"),
        result("acute", "3", "2823-3", 4.1, "2025-03-01"),
    ]
    first, *others = [fold(order) for order in permutations(statements)]
    assert sorted(len(entry.said_by) for entry in first.entries) == [1, 2]
    assert all(record == first for record in others)


def vital(id: str, code: str, value: float, when: str = AT, **more: Any) -> Statement:
    """An observation as HL7 v2 sends it: no category, a range."""
    body: dict[str, Any] = {
        "id": id,
        "status": "final",
        "code": coded(loinc=code),
        "effectiveDateTime": when,
        "valueQuantity": {"value": value, "unit": "mmHg"},
        "referenceRange": [{"low": {"value": 90}, "high": {"value": 140}}],
        **more,
    }
    return statement(more.pop("source", "acute"), "Observation", body)


@pytest.mark.parametrize(
    "code",
    [
        *("8867-4", "8310-5", "59408-5", "2708-6", "9279-1", "8480-6", "8462-4"),
        *("29463-7", "8302-2", "85354-9"),
    ],
)
def test_a_vital_sign_sent_without_a_category_is_an_observation(code):
    assert one(fold([vital("1", code, 98)]), Kind.OBSERVATION).detail.low == "90"


def test_a_source_that_says_laboratory_is_believed_before_the_concept():
    said = [vital("1", "8310-5", 37, category=[coded_as("laboratory")])]
    assert one(fold(said), Kind.RESULT).title == "Temperature"


def test_a_range_or_a_specimen_makes_what_is_not_known_a_result():
    ranged = vital("1", "99999-9", 3)
    bare = vital("2", "99998-9", 3, referenceRange=[])
    tissue = vital("3", "99997-9", 3, referenceRange=[], specimen={"display": "Blood"})
    record = fold([ranged, bare, tissue])
    assert {e.said_by[0].id for e in record.of(Kind.RESULT)} == {"1", "3"}
    assert {e.said_by[0].id for e in record.of(Kind.OBSERVATION)} == {"2"}


def test_systolic_and_diastolic_of_one_moment_are_one_blood_pressure():
    said = [
        vital("s", "8480-6", 128, interpretation=[coded_as("N")]),
        vital("d", "8462-4", 96, interpretation=[coded_as("H")]),
    ]
    entry = one(fold(said), Kind.OBSERVATION)
    assert entry.title == "Blood pressure"
    assert "one blood pressure" in entry.why
    assert entry.code is not None
    assert entry.code.code == "85354-9"
    assert isinstance(entry.detail, Measure)
    parts = entry.detail.parts
    assert [(p.title, p.value, p.low, p.high, p.flag) for p in parts] == [
        ("Systolic blood pressure", "128", "90", "140", "N"),
        ("Diastolic blood pressure", "96", "90", "140", "H"),
    ]
    assert entry.detail.flag == "H"
    assert fold(said[::-1]) == fold(said)


@pytest.mark.parametrize(
    "others",
    [
        [("d", "8462-4", 80, "2025-03-01T09:05:00Z", {})],  # another moment
        [("d", "8462-4", 80, AT, {"status": "preliminary"})],  # another status
        [("d", "8462-4", 80, AT, {"meta": {"tag": [{"code": "home"}]}})],  # another place
        [("d", "8462-4", 80, AT, {}), ("e", "8462-4", 90, AT, {})],  # whose is which?
    ],
)
def test_pressures_that_are_not_surely_one_measurement_stay_apart(others):
    said = [vital("s", "8480-6", 128)]
    said += [vital(*other, **more) for *other, more in others]
    assert len(fold(said).entries) == len(said)


def test_a_fault_in_the_range_is_parked_with_its_place():
    (parked,) = fold([vital("1", "8310-5", 37, referenceRange=[{"low": {"value": []}}])]).parked
    assert parked.why == "The Observation is not as FHIR R4 has it at referenceRange[0].low.value."
