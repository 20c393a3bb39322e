"""Right and wrong joins counted by group, on a table small enough to count by hand."""

import pytest

from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.fairness import fairness
from wholerecord.people.model import load

JOIN = 19.0


def said(number, person, given, phone, **other):
    return {
        "id": number,
        "person": person,
        "family": "Okafor",
        "given": given,
        "born": "1948-03-02",
        "sex": "female",
        "postcode": "LS2 9JT",
        "phone": phone,
        "origin": "african",
        **other,
    }


ROWS = [
    said("1", "a", "Grace", "07000900123"),
    said("2", "a", "Grace", "07000900123"),
    # As like the first two as can be, and somebody else: two false joins.
    said("3", "b", "Grace", "07000900123", origin="british"),
    # One person of whom the table says two things: no rule finds them.
    said("4", "c", "Peter", "", family="Hill", born="1960-05-06", sex="male", postcode="M1 1AE"),
    said("5", "c", "Wei", "", family="Chen", born="2019-07-08", sex="male", postcode="B1 1AA"),
]


def measured(rows, fewest=1):
    with Bulk() as bulk:
        bulk.take(rows)
        bulk.pairs(load(), least=JOIN)
        return {each.by: each for each in fairness(bulk, join=JOIN, fewest=fewest)}


def test_what_is_found_and_what_is_false_is_counted_for_each_group():
    by = measured(ROWS)

    women, men = by["sex"].groups
    assert (women.name, women.truly, women.found, women.joins, women.wrong) == (
        *("female", 1, 1, 3, 2),
    )
    assert (men.name, men.recall, men.false_joins, men.joins) == ("male", 0, 0, 0)
    assert by["sex"].gap == 1
    assert by["sex"].false_gap == pytest.approx(2 / 3)


def test_a_false_join_counts_for_the_groups_of_both():
    rows = [*ROWS, {**ROWS[2], "id": "6"}]  # the other is met twice, too

    groups = {each.name: each for each in measured(rows)["origin"].groups}

    assert (groups["british"].joins, groups["british"].wrong) == (5, 4)
    assert (groups["african"].joins, groups["african"].wrong) == (5, 4)


def test_a_group_of_whom_little_is_known_is_left_out():
    assert measured(ROWS, fewest=2).keys() == {"origin"}  # 1 and 2, 4 and 5
    assert measured([{**row, "origin": ""} for row in ROWS], fewest=2) == {}
