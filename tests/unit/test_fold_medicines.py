"""Medicines: lines of therapy."""

from itertools import permutations

import pytest

from tests.unit.fold_statements import coded, one, order, places, statement, titles
from wholerecord.fold import Kind, Medicine, fold


def medicines(*statements):
    return fold(statements).of(Kind.MEDICINE)


def test_one_substance_from_order_dispense_and_administration_is_one_line_with_every_dose():
    entry = one(
        fold(
            [
                order(
                    "gp",
                    "1",
                    "Metformin 500mg tablets",
                    "2026-01-01",
                    dosageInstruction=[{"text": "one twice a day"}],
                ),
                statement(
                    "pharmacy",
                    "MedicationDispense",
                    {
                        "id": "2",
                        "status": "completed",
                        "whenHandedOver": "2026-01-03",
                        "medicationCodeableConcept": coded("", snomed="109081006"),
                        "dosageInstruction": [{"text": "take one twice daily"}],
                    },
                ),
                statement(
                    "acute",
                    "MedicationAdministration",
                    {
                        "id": "3",
                        "status": "completed",
                        "effectiveDateTime": "2026-02-01T08:00:00Z",
                        "medicationCodeableConcept": coded("Metformin"),
                        "dosage": {"dose": {"value": 500, "unit": "mg"}, "route": coded("Oral")},
                    },
                ),
            ]
        ),
        Kind.MEDICINE,
    )
    assert entry.title == "Metformin"
    assert entry.status == "active"
    assert isinstance(entry.detail, Medicine)
    assert entry.detail.state == "administered"
    assert entry.detail.route == "oral"
    assert entry.detail.setting == ("gp",)
    assert entry.detail.doses == (
        "500 mg",
        "take one twice daily",
        "Metformin 500mg tablets: one twice a day",
    )


def _refused(status="not-done"):
    return statement(
        "acute",
        "MedicationAdministration",
        {
            "id": "3",
            "status": status,
            "effectiveDateTime": "2026-02-01T08:00:00Z",
            "medicationCodeableConcept": coded("Metformin"),
            "dosage": {"dose": {"value": 500, "unit": "mg"}, "route": coded("Oral")},
        },
    )


def test_a_dose_that_was_refused_is_never_called_administered():
    (entry,) = medicines(_refused())
    assert entry.detail.state == "not given"
    (entry,) = medicines(_refused("completed"))
    assert entry.detail.state == "administered"


def test_a_refused_dose_says_nothing_of_how_far_an_order_has_got():
    order = {
        "id": "1",
        "status": "active",
        "authoredOn": "2026-01-03",
        "medicationCodeableConcept": coded("Metformin"),
    }
    (entry,) = medicines(statement("acute", "MedicationRequest", order), _refused())
    assert entry.detail.state == "prescribed"
    assert entry.status == "active"
    assert len(entry.said_by) == 2


def test_two_strengths_active_from_one_source_are_not_collapsed():
    assert titles(
        medicines(
            order("gp", "1", "Warfarin 1mg tablets"),
            order("gp", "2", "Warfarin 5mg tablets", n=1),
        )
    ) == ["Warfarin", "Warfarin"]


def test_an_old_strength_that_was_stopped_is_the_same_line():
    entry = one(
        fold(
            [
                order("gp", "1", "Ramipril 2.5mg capsules", "2025-12-01", status="stopped"),
                order("gp", "2", "Ramipril 5mg capsules", "2026-01-05"),
            ]
        ),
        Kind.MEDICINE,
    )
    assert entry.status == "active"
    assert len(entry.said_by) == 2


def test_products_that_should_not_be_switched_stay_apart():
    assert titles(
        medicines(
            order("gp", "1", "Prograf 1mg capsules", codes={"snomed": "109129008"}),
            order("acute", "2", "Adoport 1mg capsules", codes={"snomed": "109129008"}),
        )
    ) == ["Adoport 1mg capsules", "Prograf 1mg capsules"]
    assert (
        len(
            medicines(
                order("gp", "1", "Metformin 500mg modified-release tablets"),
                order("acute", "2", "Metformin 500mg tablets"),
            )
        )
        == 2
    )


@pytest.mark.parametrize(
    ("brand", "generic"),
    [
        ("Lipitor 40mg tablets", "Atorvastatin 40mg tablets"),
        ("Clenil Modulite 100micrograms/dose inhaler", "Beclometasone 100micrograms/dose inhaler"),
        ("Amoxil 500mg capsules", "Amoxicillin 500mg capsules"),
    ],
)
def test_a_brand_is_one_line_with_its_substance(brand: str, generic: str):
    entry = one(fold([order("gp", "1", brand), order("acute", "2", generic)]), Kind.MEDICINE)
    assert len(entry.said_by) == 2
    assert entry.why.startswith("Same substance")


def test_a_brand_that_nothing_knows_is_compared_by_its_words_and_says_so():
    record = fold(
        [
            order("gp", "1", "Wondrol 5mg tablets"),
            order("acute", "2", "wondrol 5mg tablets"),
            order("mh", "3", "MST Continus 10mg tablets"),
            order("mh", "4", "Morphine sulfate 10mg/5ml oral solution"),
        ]
    )
    entries = {entry.title: entry for entry in record.of(Kind.MEDICINE)}
    assert len(entries) == 3
    assert len(entries["Wondrol 5mg tablets"].said_by) == 2
    assert "the substance is not known" in entries["Wondrol 5mg tablets"].why


def test_routes_stay_apart():
    assert (
        len(
            medicines(
                order("gp", "1", "Morphine", dosageInstruction=[{"route": coded("Oral")}]),
                order("acute", "2", "Morphine", dosageInstruction=[{"route": coded("IV")}]),
            )
        )
        == 2
    )


def test_a_referenced_medication_says_what_it_is_and_stands_in_the_entry():
    record = fold(
        [
            statement("gp", "Medication", {"id": "m", "code": coded("", snomed="27658006")}),
            statement(
                "gp",
                "MedicationRequest",
                {
                    "id": "1",
                    "status": "active",
                    "medicationReference": {"reference": "Medication/m"},
                },
                n=1,
            ),
        ]
    )
    entry = one(record, Kind.MEDICINE)
    assert entry.title == "Amoxicillin"
    assert sorted(said.kind for said in entry.said_by) == ["Medication", "MedicationRequest"]
    assert places(record) == 2


def test_sources_that_disagree_leave_it_active_and_say_so():
    entry = one(
        fold(
            [
                order("gp", "1", "Aspirin 75mg tablets"),
                order("acute", "2", "Aspirin", status="stopped", statusReason=coded("Bleeding")),
            ]
        ),
        Kind.MEDICINE,
    )
    assert entry.status == "active"
    assert entry.conflict == "gp says it is current; acute says it has ended."


def test_a_course_a_year_after_the_last_one_ended_is_another_line():
    found = medicines(
        order("gp", "1", "Amoxicillin", "2020-01-01", status="completed"),
        order("gp", "2", "Amoxicillin", "2026-01-01"),
    )
    assert sorted(entry.status for entry in found) == ["active", "stopped"]


def test_courses_are_told_apart_alike_in_whatever_order_they_arrive():
    ended = {"status": "completed"}
    statements = [
        order("gp", "1", "Amoxicillin", "2023-01-02", **ended),
        order("gp", "2", "Amoxicillin", "2023-01-09", n=1, **ended),
        order("acute", "3", "Amoxicillin", "2025-06-02", **ended),
    ]
    first, *others = [fold(given) for given in permutations(statements)]
    assert sorted(len(entry.said_by) for entry in first.of(Kind.MEDICINE)) == [1, 2]
    assert all(record == first for record in others)
