"""Checks: each finds its hazard, and is silent without it."""

import pytest

from tests.unit.fold_statements import allergy, order, status
from wholerecord.fold import fold
from wholerecord.safety import DEMONSTRATION, checks


def hazards(*statements):
    return [alert.hazard for alert in checks(fold(statements))]


def test_two_anticoagulants_from_different_settings_are_an_alert_with_both_entries():
    record = fold([order("gp", "1", "Warfarin 3mg tablets"), order("acute", "2", "Apixaban 5mg")])
    (alert,) = checks(record)
    assert alert.hazard == "HAZ-01"
    assert "Warfarin (gp)" in alert.says
    assert "Apixaban (acute)" in alert.says
    assert alert.entries == tuple(sorted(entry.key for entry in record.entries))
    assert alert.demonstration == DEMONSTRATION
    assert alert.source


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("gp", "Warfarin", {}), ("gp", "Enoxaparin", {})),  # one setting knows of both
        (("gp", "Warfarin", {"status": "stopped"}), ("acute", "Apixaban", {})),
        (("gp", "Warfarin", {}), ("acute", "Clopidogrel", {})),  # not an anticoagulant
        (("gp", "Warfarin 1mg", {}), ("acute", "Warfarin 3mg", {})),  # one substance
    ],
)
def test_these_are_not_two_anticoagulants(first, second):
    statements = [
        order(source, str(n), words, **more)
        for n, (source, words, more) in enumerate((first, second))
    ]
    assert hazards(*statements) == []


@pytest.mark.parametrize(
    ("allergen", "medicine", "expected"),
    [
        ("Penicillin", "Amoxicillin 500mg capsules", ["HAZ-02"]),
        ("Penicillin", "Co-amoxiclav 625mg tablets", ["HAZ-02"]),
        ("Amoxicillin", "Co-amoxiclav 625mg tablets", ["HAZ-02"]),
        ("Amoxicillin", "Flucloxacillin 500mg capsules", []),
        ("Penicillin", "Clarithromycin 500mg tablets", []),
        ("NSAIDs", "Ibuprofen 400mg tablets", ["HAZ-02"]),
        ("Latex", "Amoxicillin 500mg capsules", []),
    ],
)
def test_an_allergy_speaks_against_its_substance_and_its_class(allergen, medicine, expected):
    assert hazards(allergy("gp", "1", allergen), order("acute", "2", medicine)) == expected


@pytest.mark.parametrize(
    ("of_allergy", "of_order"),
    [
        ({"verificationStatus": status("refuted")}, {}),
        ({"clinicalStatus": status("resolved")}, {}),
        ({}, {"status": "stopped"}),
    ],
)
def test_what_does_not_stand_or_has_ended_is_no_alert(of_allergy, of_order):
    statements = (
        allergy("gp", "1", "Penicillin", **of_allergy),
        order("acute", "2", "Amoxicillin", **of_order),
    )
    assert hazards(*statements) == []


def test_an_allergy_that_was_denied_is_an_alert():
    (alert,) = checks(
        fold([allergy("gp", "1", "Penicillin"), allergy("acute", "2", "No known allergies")])
    )
    assert alert.hazard == "HAZ-03"
    assert "acute said there are no known allergies" in alert.says


def test_a_record_without_hazards_has_no_alert():
    assert hazards(order("gp", "1", "Paracetamol 500mg tablets")) == []
