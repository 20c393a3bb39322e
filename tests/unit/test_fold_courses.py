"""When a medicine is a new line: courses, reports, brands, routes as codes."""

from itertools import permutations

import pytest

from tests.unit.fold_statements import coded, order, places, statement
from wholerecord.fold import Kind, Medicine, fold
from wholerecord.fold.policy import POLICY
from wholerecord.terms import CONCEPTS

ENDED = {"status": "completed"}


def lines(*statements):
    first, *others = [fold(given) for given in permutations(statements)]
    assert all(record == first for record in others)
    assert places(first) == len(statements)
    return first.of(Kind.MEDICINE)


def dispensed(source, id, words, when, of=""):
    body = {
        "id": id,
        "status": "completed",
        "whenHandedOver": when,
        "medicationCodeableConcept": coded(words),
    }
    if of:
        body["authorizingPrescription"] = [{"reference": f"MedicationRequest/{of}"}]
    return statement(source, "MedicationDispense", body)


def test_every_substance_given_in_courses_is_one_we_know():
    assert set(POLICY.course_substances) <= set(CONCEPTS)


@pytest.mark.parametrize(
    ("words", "second", "status", "entries"),
    [
        ("Amoxicillin 500mg capsules", "2026-02-20", "completed", 1),  # within two months
        ("Amoxicillin 500mg capsules", "2026-04-01", "completed", 2),
        ("Amoxicillin 500mg capsules", "2026-04-01", "active", 1),  # the first goes on
        ("Ramipril 5mg capsules", "2026-04-01", "completed", 1),  # not given in courses
    ],
)
def test_an_antibacterial_begun_again_after_two_months_is_another_course(
    words, second, status, entries
):
    found = lines(
        order("gp", "1", words, "2026-01-02", status=status),
        order("gp", "2", words, second, **ENDED),
    )
    assert len(found) == entries


def test_a_report_of_what_was_taken_one_day_does_not_hold_a_line_open():
    taken = {"id": "3", "status": "active", "effectiveDateTime": "2020-03-01"}
    report = {**taken, "medicationCodeableConcept": coded("Ramipril")}
    found = lines(
        order("gp", "1", "Ramipril", "2020-01-02", **ENDED),
        order("gp", "2", "Ramipril", "2024-01-02"),
        statement("acute", "MedicationStatement", report),
    )
    assert sorted(entry.said_by[-1].when.text for entry in found if entry.said_by[-1].when) == [
        "2020-03-01",
        "2024-01-02",
    ]


def test_a_brand_is_what_its_order_says_it_is():
    (entry,) = lines(
        order("gp", "1", "Ramipril 5mg capsules", "2026-01-02"),
        dispensed("gp", "2", "Zanzapril 5mg capsules", "2026-01-03", of="1"),
    )
    assert len(entry.said_by) == 2
    assert entry.why == "Same substance and route: one line of therapy."
    assert isinstance(entry.detail, Medicine)
    assert entry.detail.substance == "Ramipril"


def test_a_brand_that_two_substances_are_handed_out_for_stays_apart():
    found = lines(
        order("gp", "1", "Zanzapril", "2026-01-02"),
        order("gp", "2", "Zanzapril", "2026-02-02"),
        dispensed("gp", "3", "Ramipril", "2026-01-03", of="1"),
        dispensed("gp", "4", "Lisinopril", "2026-02-03", of="2"),
    )
    assert len(found) == 3


@pytest.mark.parametrize("route", [{"snomed": "26643006"}, {"words": "PO"}, {"words": "By mouth"}])
def test_a_route_is_one_route_however_it_is_coded(route):
    (entry,) = lines(
        order("gp", "1", "Ramipril", dosageInstruction=[{"route": coded("Oral")}]),
        order("acute", "2", "Ramipril", dosageInstruction=[{"route": coded(**route)}]),
    )
    assert isinstance(entry.detail, Medicine)
    assert entry.detail.route == "oral"


def test_a_well_known_brand_is_its_substance_without_a_release():
    (entry,) = lines(
        order("gp", "1", "Eliquis 5mg tablets"), order("acute", "2", "Apixaban 5mg tablets")
    )
    assert entry.title == "Apixaban"
