"""Results compared by what they mean: units, numbers of specimens, copies by the day."""

from itertools import permutations

import pytest

from tests.unit.fold_statements import one, places, result, statement
from wholerecord.fold import Kind, Measure, fold

AT = "2025-03-01T09:00:00Z"
SPECIMEN = {"specimen": {"identifier": {"system": "urn:lab", "value": "26-1"}}}
#: Short names of LOINC codes.
CODES = {"potassium": "2823-3", "hb": "718-7", "sodium": "2951-2", "platelets": "777-3"}


def said(source, id, name, value, when, **more):
    return result(source, id, CODES.get(name, name), value, when, **more)


def results(*statements):
    first, *others = [fold(order) for order in permutations(statements)]
    assert all(record == first for record in others)
    assert places(first) == len(statements)
    return first.of(Kind.RESULT)


@pytest.mark.parametrize(
    ("name", "first", "second", "entries"),
    [
        ("potassium", (4.5, "mmol/L"), (4.50, "mmol/l"), 1),
        ("hb", (132, "g/L"), (13.2, "g/dL"), 1),
        ("hb", (132, "g/L"), (13.3, "g/dL"), 2),
        ("platelets", (220, "10*9/L"), (220, "x10^9/L"), 1),
        ("sodium", (140, "mmol/L"), (140, "mEq/L"), 1),  # an ion of one charge
        ("2000-8", (2.4, "mmol/L"), (2.4, "mEq/L"), 2),  # calcium has two: never guessed
        ("4548-4", (48, "mmol/mol"), (4.8, "%"), 2),  # no number of one is a number of the other
        ("potassium", (4.5, "mmol/L"), (4.5, "furlongs"), 2),  # cannot be converted: kept apart
        ("potassium", (4.5, "furlongs"), (4.5, "Furlongs"), 1),
    ],
)
def test_values_are_compared_by_what_they_mean(name, first, second, entries):
    found = results(
        said("gp", "1", name, first[0], AT, unit=first[1]),
        said("acute", "2", name, second[0], AT, unit=second[1]),
    )
    assert len(found) == entries
    assert all(not entry.conflict for entry in found)


def test_a_value_in_another_unit_is_shown_as_it_was_sent():
    (entry,) = results(
        said("gp", "1", "hb", 132, AT, unit="g/L", issued="2025-03-01T10:00:00Z"),
        said("acute", "2", "hb", 13.2, AT, unit="g/dL", issued="2025-03-01T11:00:00Z"),
    )
    assert isinstance(entry.detail, Measure)
    assert (entry.detail.value, entry.detail.unit) == ("13.2", "g/dL")
    assert entry.detail.corrected_from == ()


@pytest.mark.parametrize("value", ["1e999999", "-1e-999999", "9" * 5000])
def test_a_monstrous_number_costs_nothing_and_is_kept(value):
    body = (
        '{"resourceType":"Observation","id":"1","status":"final",'
        '"code":{"coding":[{"system":"http://loinc.org","code":"2823-3"}]},'
        f'"valueQuantity":{{"value":{value},"unit":"mmol/L"}}}}'
    )
    record = fold([statement("gp", "Observation", body.encode())])
    assert places(record) == 1


@pytest.mark.parametrize(
    ("copies", "entries"),
    [
        ([4.1], 1),
        ([4.2], 2),  # another value
        ([4.1, 4.1], 1),  # one copy from each of two other sources
    ],
)
def test_a_copy_that_says_only_the_day_joins_the_measurement_of_that_day(copies, entries):
    told = [
        said(source, str(n), "potassium", value, "2025-03-01")
        for n, (source, value) in enumerate(zip(("gp", "mh"), copies, strict=False))
    ]
    found = results(said("lab", "9", "potassium", 4.1, AT), *told)
    assert len(found) == entries
    assert AT in {entry.when.text for entry in found if entry.when}


def test_a_copy_of_one_of_two_equal_measurements_of_a_day_stays_apart():
    found = results(
        said("lab", "1", "potassium", 4.1, AT),
        said("lab", "2", "potassium", 4.1, "2025-03-01T15:00:00Z"),
        said("gp", "3", "potassium", 4.1, "2025-03-01"),
    )
    assert len(found) == 3


def test_the_specimens_number_says_which_of_the_two_it_was():
    found = results(
        said("lab", "1", "potassium", 4.1, AT, **SPECIMEN),
        said("lab", "2", "potassium", 4.1, "2025-03-01T15:00:00Z"),
        said("gp", "3", "potassium", 4.1, "2025-03-01", **SPECIMEN),
    )
    assert sorted(len(entry.said_by) for entry in found) == [1, 2]


def test_a_copy_without_a_number_joins_a_corrected_result_by_its_right_value():
    found = results(
        said("gp", "1", "potassium", 4.1, AT),
        said("lab", "2", "potassium", 6.1, AT, **SPECIMEN),
        said("lab", "3", "potassium", 4.1, AT, status="corrected", **SPECIMEN),
    )
    (entry,) = found
    assert entry.status == "corrected"
    assert isinstance(entry.detail, Measure)
    assert entry.detail.value == "4.1"


@pytest.mark.parametrize(
    ("issued", "entries"),
    [(("2025-03-01T10:00:00Z",) * 2, 1), (("2025-03-01T10:00:00Z", "2025-03-01T16:00:00Z"), 2)],
)
def test_one_source_that_writes_a_days_value_twice_at_one_moment_says_it_once(issued, entries):
    found = results(
        *(
            said("gp", str(n), "potassium", 4.1, "2025-03-01", issued=at)
            for n, at in enumerate(issued)
        )
    )
    assert len(found) == entries


def test_two_values_of_one_specimen_are_one_result_that_says_they_differ():
    entry = one(
        fold(
            [
                said("lab", "1", "hb", 132, AT, unit="g/L", **SPECIMEN),
                said("gp", "2", "hb", 12.3, AT, unit="g/dL", **SPECIMEN),
            ]
        ),
        Kind.RESULT,
    )
    assert entry.conflict == "Sources give different values: 12.3 g/dL (gp) and 132 g/L (lab)."
