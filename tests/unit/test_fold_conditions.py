"""Conditions: which statements are one, which never."""

import pytest

from tests.unit.fold_statements import condition, one, statement, status
from wholerecord.fold import Condition, Kind, fold

HOSPITAL = {"category": [{"coding": [{"code": "encounter-diagnosis"}]}]}
PROBLEM = {"category": [{"coding": [{"code": "problem-list-item"}]}]}


def episodes(*statements):
    return fold(statements).of(Kind.CONDITION)


@pytest.mark.parametrize(
    ("days_later", "entries"),
    [("2026-03-02", 1), ("2026-03-20", 1), ("2026-05-30", 1), ("2026-08-01", 2)],
)
def test_a_gp_entry_up_to_120_days_after_a_hospital_stroke_is_its_echo(days_later, entries):
    found = episodes(
        condition(
            "acute", "a", "Cerebral infarction", "2026-03-01", codes={"icd10": "I63.9"}, **HOSPITAL
        ),
        condition("gp", "g", "Stroke", days_later, codes={"snomed": "230690007"}, **PROBLEM),
    )
    assert len(found) == entries


def test_five_sources_of_one_stroke_make_one_entry_with_the_most_specific_code():
    record = fold(
        [
            condition("acute", "1", "", "2026-03-01", codes={"icd10": "I639"}, **HOSPITAL),
            condition("gp", "2", "Stroke", "2026-03-13", codes={"snomed": "230690007"}),
            condition("mh", "3", "Ischaemic stroke", "2026-03-02"),
            condition("pharmacy", "4", "CVA", "2026-03"),
            condition("lab", "5", "", "2026-03-01", codes={"snomed": "422504002"}),
        ]
    )
    entry = one(record, Kind.CONDITION)
    assert entry.title == "Ischaemic stroke"
    assert entry.code is not None
    assert entry.code.code == "422504002"
    assert entry.sources == ("acute", "gp", "lab", "mh", "pharmacy")
    assert entry.why == "Same concept; recorded within 28 days."


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (("Ischaemic stroke", {}), ("Haemorrhagic stroke", {}), "not the same kind of stroke"),
        (("Broken hip, left", {}), ("Broken hip, right", {}), "the other side"),
        (
            ("Stroke", {}),
            ("Stroke", {"verificationStatus": status("refuted")}),
            "refuted is not confirmed",
        ),
        (
            ("Stroke", {}),
            ("Stroke", {"verificationStatus": status("provisional")}),
            "suspected is not confirmed",
        ),
        (("Stroke", {}), ("Family history of stroke", {}), "a relative's is not theirs"),
        (("Stroke", {}), ("Asthma", {}), "another concept"),
    ],
)
def test_these_are_never_joined(first, second, why):
    one_, more = first
    other, others = second
    side = {"codes": {"icd10": "S72.0"}} if "hip" in one_ else {}
    found = episodes(
        condition("gp", "1", one_, "2026-03-01", **more, **side),
        condition("acute", "2", other, "2026-03-01", **others, **side),
    )
    assert len(found) == 2, why


def test_sides_that_are_not_said_are_compatible_and_the_entry_says_the_side():
    entry = one(
        fold(
            [
                condition("gp", "1", "Hip fracture", "2026-03-05"),
                condition(
                    "acute",
                    "2",
                    "Fracture",
                    "2026-03-01",
                    codes={"icd10": "S72.0"},
                    bodySite=[{"text": "Left femur"}],
                ),
            ]
        ),
        Kind.CONDITION,
    )
    assert isinstance(entry.detail, Condition)
    assert entry.detail.side == "left"


def test_a_long_term_condition_is_one_from_its_earliest_onset_and_keeps_who_disagrees():
    entry = one(
        fold(
            [
                condition(
                    "gp",
                    "1",
                    "Diabetes",
                    "2011-05",
                    clinicalStatus=status("active"),
                    recordedDate="2011-06-01",
                ),
                condition(
                    "acute",
                    "2",
                    "Type 2 diabetes",
                    "2019-01-01",
                    clinicalStatus=status("resolved"),
                    recordedDate="2019-01-01",
                ),
            ]
        ),
        Kind.CONDITION,
    )
    assert entry.title == "Type 2 diabetes"
    assert entry.when is not None
    assert entry.when.text == "2011-05"
    assert entry.status == "resolved"
    assert entry.conflict == "gp says it is active; acute says it is resolved."


def test_a_flare_up_that_is_over_does_not_end_a_disease_that_is_on_a_problem_list():
    resolved = {"clinicalStatus": status("resolved"), "recordedDate": "2025-12-28"}
    flare = condition(
        "acute", "2", "", "2025-12-22", codes={"icd10": "J44.1"}, **HOSPITAL, **resolved
    )
    active = {"clinicalStatus": status("active"), "recordedDate": "2023-09-28"}
    listed = condition("acute", "1", "COPD", "2023-09-28", **PROBLEM, **active)
    [entry] = episodes(listed, flare)
    assert (entry.status, entry.until, entry.conflict) == ("active", None, "")
    [alone] = episodes(flare)
    assert alone.status == "resolved"
    over = condition("gp", "3", "COPD", "2023-09-28", **PROBLEM, **resolved)
    [entry] = episodes(listed, over)
    assert entry.conflict == "acute says it is active; gp says it is resolved."


def test_what_is_suspected_says_so_once():
    maybe = {"verificationStatus": status("provisional")}
    titles = {
        episodes(condition("gp", "1", words, "2020-12-14", **maybe))[0].title
        for words in ("Suspected sarcoidosis", "Sarcoidosis")
    }
    assert titles == {"Suspected sarcoidosis", "Suspected: Sarcoidosis"}


def test_stages_of_kidney_disease_are_one_condition_and_types_of_diabetes_are_not():
    kidney = episodes(
        condition("gp", "1", "CKD stage 3", "2015", codes={"snomed": "433144002"}),
        condition("gp", "2", "CKD stage 4", "2021", codes={"snomed": "431857002"}),
    )
    assert len(kidney) == 1
    diabetes = episodes(
        condition("gp", "1", "Type 1 diabetes", "2015"),
        condition("acute", "2", "Type 2 diabetes", "2016"),
    )
    assert len(diabetes) == 2


def test_a_second_stroke_of_one_source_after_the_window_is_a_second_stroke():
    assert (
        len(
            episodes(
                condition("acute", "1", "Stroke", "2026-01-01", **HOSPITAL),
                condition("acute", "2", "Stroke", "2026-02-15", **HOSPITAL),
            )
        )
        == 2
    )


def test_breast_cancer_is_one_whatever_the_date():
    assert (
        len(
            episodes(
                condition("gp", "1", "Breast cancer", "2012-01-01"),
                condition("acute", "2", "", "2024-01-01", codes={"icd10": "C50.9"}),
            )
        )
        == 1
    )


def test_an_unknown_concept_is_compared_by_its_code_and_says_so():
    entry = one(
        fold(
            [
                condition("gp", "1", "Rare thing", "2026-01-01", codes={"snomed": "1"}),
                condition("acute", "2", "A rare thing", "2026-01-03", codes={"snomed": "1"}),
            ]
        ),
        Kind.CONDITION,
    )
    assert "the concept is not known" in entry.why


def test_a_relatives_conditions_are_an_entry_of_their_own():
    entry = one(
        fold(
            [
                statement(
                    "gp",
                    "FamilyMemberHistory",
                    {
                        "id": "f",
                        "status": "completed",
                        "relationship": {"text": "Mother"},
                        "condition": [{"code": {"text": "Stroke"}}, {"code": {"text": "Asthma"}}],
                    },
                )
            ]
        ),
        Kind.CONDITION,
    )
    assert entry.title == "Family history: Mother: Stroke, Asthma"
    assert isinstance(entry.detail, Condition)
    assert entry.detail.certainty == "family"
