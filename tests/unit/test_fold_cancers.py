"""Cancers: which statements are of one tumour, what came back, what spread, what is none."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from tests.unit.fold_statements import PATIENTS, RECEIVED, condition, places, status
from wholerecord.fold import About, Entry, Kind, Record, Ruling, Verdict, fold
from wholerecord.fold.cancer import Cancer, Role
from wholerecord.fold.cancer_said import HISTOLOGY_EXTENSION
from wholerecord.record import Statement


def told(source: str, id: str, icd10: str, when: str = "", words: str = "", **more: Any):
    return condition(source, id, words, when, codes={"icd10": icd10}, **more)


def morphology(code: str, words: str = "") -> dict[str, Any]:
    coding = {"system": "http://terminology.hl7.org/CodeSystem/icd-o-3", "code": code}
    return {
        "extension": [
            {
                "url": HISTOLOGY_EXTENSION,
                "valueCodeableConcept": {"coding": [coding], "text": words},
            }
        ]
    }


def cancers(*said: Statement) -> tuple[Entry, ...]:
    """The entries, whatever the order of the statements."""
    first = fold(said)
    assert places(first) == len(said)
    for order in list(permutations(said))[:24]:
        assert fold(order) == first
    return of_cancer(first)


def of_cancer(record: Record) -> tuple[Entry, ...]:
    return tuple(one for one in record.of(Kind.CONDITION) if cancer(one, none=True))


def cancer(entry: Entry, *, none: bool = False) -> Cancer:
    found = getattr(entry.detail, "cancer", None)
    assert none or found
    return found


def by_role(entries: tuple[Entry, ...], role: Role) -> list[Entry]:
    return [one for one in entries if cancer(one).role is role]


@pytest.mark.parametrize(
    ("first", "second", "tumours"),
    [
        (("C50.9", "Breast cancer"), ("C50.4", "Malignant neoplasm of breast"), 1),
        (("C18.7", ""), ("", "Bowel cancer"), 1),
        (("C18.7", ""), ("C20", ""), 2),
        (("C33", ""), ("C34.1", ""), 1),
        (("C67.9", ""), ("C66", ""), 1),
        (("C64", ""), ("C67.9", ""), 2),
        (("C50.9", "left breast"), ("C50.9", "right breast"), 2),
        (("C50.9", "left breast"), ("C50.9", ""), 1),
        (("C44.3", "basal cell carcinoma"), ("C44.3", "squamous cell carcinoma"), 2),
        (("C44.3", "basal cell carcinoma"), ("C44.9", "carcinoma of skin"), 1),
        (("C34.1", "non-small cell carcinoma"), ("C34.1", "adenocarcinoma"), 1),
        (("C34.1", "small cell carcinoma"), ("C34.1", "adenocarcinoma"), 2),
        (("C91.0", ""), ("C95.9", ""), 1),
        (("C91.0", ""), ("C92.0", ""), 2),
        (("C80", ""), ("C50.9", ""), 2),
    ],
)
def test_one_tumour_for_a_site_a_side_and_a_histology(first, second, tumours):
    (code, words), (other, others) = first, second
    codes = {"codes": {"icd10": code}} if code else {}
    more = {"codes": {"icd10": other}} if other else {}
    found = cancers(
        condition("gp", "1", words, "2012-01-01", **codes),
        condition("acute", "2", others, "2024-06-01", **more),
    )
    assert len(by_role(found, Role.PRIMARY)) == tumours


def test_histology_is_read_as_mcode_gives_it_and_parts_two_tumours_of_one_lung():
    one, other = by_role(
        cancers(
            told("gp", "1", "C34.1", "2020", **morphology("8140/3", "Adenocarcinoma")),
            told("acute", "2", "C34.1", "2020", **morphology("8041/3", "Small cell carcinoma")),
            told("mh", "3", "C34.9", "2020-02", **morphology("8550/3")),
        ),
        Role.PRIMARY,
    )
    groups = {cancer(one).histology, cancer(other).histology}
    assert groups == {"carcinoma/adeno", "carcinoma/other"}
    assert "Adenocarcinoma" in (*cancer(one).histologies, *cancer(other).histologies)


def test_a_cancer_in_general_with_a_body_site_is_a_cancer_of_that_site_and_side():
    side = {
        "url": "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-laterality-qualifier",
        "valueCodeableConcept": {
            "coding": [{"system": "http://snomed.info/sct", "code": "7771000"}]
        },
    }
    [entry] = cancers(
        condition(
            "acute",
            "1",
            "Malignant neoplastic disease",
            "2019-04-01",
            codes={"snomed": "363346000"},
            bodySite=[{"text": "Breast structure", "extension": [side]}],
            stage=[{"summary": {"text": "IIIC"}, "type": {"text": "Clinical"}}],
        ),
        condition("gp", "2", "Left breast cancer", "2019-04-02"),
    )
    assert (entry.title, cancer(entry).site) == ("Breast cancer", "breast")
    assert getattr(entry.detail, "side", "") == "left"
    assert [(stage.text, stage.type, stage.source) for stage in cancer(entry).stages] == [
        ("IIIC", "Clinical", "acute")
    ]


def test_metastases_are_a_line_for_each_place_and_never_a_second_primary():
    found = cancers(
        told("acute", "1", "C50.9", "2012-01-01"),
        told("acute", "2", "C78.7", "2019-01-01", "Liver metastases"),
        condition("gp", "3", "Secondary malignant neoplasm of liver", "2019-03-01"),
        told("acute", "4", "C79.5", "2020-01-01"),
        told("gp", "5", "C79.9", "2020-02-01", "Metastases"),
    )
    assert len(by_role(found, Role.PRIMARY)) == 1
    assert sorted(one.title for one in by_role(found, Role.SECONDARY)) == [
        "Secondary cancer",
        "Secondary cancer in bone",
        "Secondary cancer in the liver",
    ]


def test_metastatic_breast_cancer_is_breast_cancer():
    [entry] = cancers(
        told("acute", "1", "C50.9", "2012-01-01"),
        condition("gp", "2", "Metastatic breast cancer", "2019-01-01"),
    )
    assert cancer(entry).role is Role.PRIMARY


def test_a_recurrence_is_kept_apart_with_its_own_date_and_two_words_of_it_are_one():
    found = cancers(
        told("acute", "1", "C50.9", "2012-01-01"),
        told("acute", "2", "C50.9", "2019-02-01", clinicalStatus=status("recurrence")),
        condition("gp", "3", "Recurrence of breast cancer", "2019-03-01"),
        condition("gp", "4", "Breast cancer, local recurrence", "2023-03-01"),
    )
    [first] = by_role(found, Role.PRIMARY)
    assert first.when is not None
    assert first.when.text == "2012-01-01"
    again = by_role(found, Role.RECURRENCE)
    assert [(one.title, one.status, one.when and one.when.text) for one in again] == [
        ("Recurrence: Breast cancer", "unknown", "2023-03-01"),
        ("Recurrence: Breast cancer", "active", "2019-02-01"),
    ]


def test_a_recurrence_dated_by_the_first_diagnosis_is_a_state_of_that():
    [entry] = cancers(
        told("acute", "1", "C50.9", "2012-01-01", recordedDate="2012-01-01"),
        told(
            "gp",
            "2",
            "C50.9",
            "2012-01-20",
            clinicalStatus=status("recurrence"),
            recordedDate="2019-01-01",
        ),
    )
    assert (cancer(entry).role, entry.status) == (Role.PRIMARY, "active")


def coded_stay(id: str, onset: str, written: str, source: str = "acute", **more: Any) -> Statement:
    category = [{"coding": [{"code": "encounter-diagnosis"}]}]
    return told(source, id, "C50.9", onset, recordedDate=written, category=category, **more)


FIRST = condition("gp", "1", "Breast cancer", "2012-01-01", recordedDate="2012-01-02")
BACK = condition("gp", "2", "Recurrence of breast cancer", "2019-03-01", recordedDate="2019-03-01")


@pytest.mark.parametrize(
    ("said", "joins"),
    [
        # Dated by the stay, or by the first diagnosis: a hospital does both.
        ((coded_stay("3", "2019-02-10", "2019-02-10"),), True),
        ((coded_stay("3", "2012-01-01", "2019-02-10"),), True),
        ((coded_stay("3", "2019-04-20", "2019-04-20"),), True),
        # Long before or after: nobody can tell what it was for.
        ((coded_stay("3", "2018-10-01", "2018-10-01"),), False),
        ((coded_stay("3", "2019-09-01", "2019-09-01"),), False),
        # What alone says how early the first was stays with it.
        ((coded_stay("3", "2011-11-11", "2019-02-10"),), False),
        # Of another side, or no stay's own diagnosis.
        ((coded_stay("3", "2019-02-10", "2019-02-10", bodySite=[{"text": "left"}]),), True),
        ((told("acute", "3", "C18.7", "2019-02-10", recordedDate="2019-02-10"),), False),
        ((condition("mh", "3", "Breast cancer", "2019-02-10", recordedDate="2019-02-10"),), False),
        # A hospital that codes the recurrence as one means the first where it does not.
        (
            (
                coded_stay("3", "2019-02-10", "2019-02-10"),
                coded_stay("4", "2019-02-20", "2019-02-20", clinicalStatus=status("recurrence")),
            ),
            False,
        ),
    ],
)
def test_a_stay_while_it_came_back_is_of_what_came_back(said: tuple[Statement, ...], joins: bool):
    found = cancers(FIRST, BACK, *said)
    [again] = by_role(found, Role.RECURRENCE)
    assert ("3" in {one.id for one in again.said_by}) is joins
    assert again.when is not None
    assert again.when.start.year == 2019
    assert again.conflict == ""
    first = min(by_role(found, Role.PRIMARY), key=lambda one: one.when.start if one.when else 0)
    assert "1" in {one.id for one in first.said_by}


def test_a_stay_with_no_other_word_of_a_recurrence_is_of_the_tumour():
    [entry] = cancers(FIRST, coded_stay("3", "2019-02-10", "2019-02-10"))
    assert cancer(entry).role is Role.PRIMARY


def test_a_ruling_about_something_else_leaves_a_recurrence_one():
    said = [
        FIRST,
        BACK,
        coded_stay("3", "2019-02-10", "2019-02-10"),
        condition("gp", "9", "Asthma"),
    ]
    disputed = Ruling(
        n=1,
        verdict=Verdict.DISPUTED,
        about=(About(PATIENTS["gp"], "Condition", "9"),),
        by="Dr Hale",
        why="not mine",
        at=RECEIVED,
    )
    [again] = by_role(of_cancer(fold(said, [disputed])), Role.RECURRENCE)
    assert len(again.said_by) == 2
    wrong = replace(
        disputed, verdict=Verdict.WRONG, about=(About(PATIENTS["gp"], "Condition", "2"),)
    )
    roles = [cancer(one).role for one in of_cancer(fold(said, [wrong]))]
    assert roles.count(Role.RECURRENCE) == 1  # what was ruled wrong, alone
    assert roles.count(Role.PRIMARY) == 2


def test_remission_is_a_state_and_sources_that_say_otherwise_are_shown():
    def said(source: str, id: str, state: str, recorded: str) -> Statement:
        more = {"clinicalStatus": status(state), "recordedDate": recorded}
        return told(source, id, "C50.9", "2012-01-01", **more)

    [alone] = cancers(said("gp", "1", "remission", "2015-01-01"))
    assert (alone.status, alone.conflict) == ("remission", "")
    [both] = cancers(
        said("gp", "1", "remission", "2015-01-01"), said("acute", "2", "active", "2014-01-01")
    )
    assert both.status == "remission"
    assert both.conflict == "acute says it is active; gp says it is in remission."


def test_what_is_told_after_a_remission_is_not_shown_as_in_remission():
    [entry] = cancers(
        told("gp", "1", "C50.9", clinicalStatus=status("remission"), recordedDate="2015-01-01"),
        told("acute", "2", "C50.9", recordedDate="2020-01-01"),
    )
    assert entry.status == "unknown"
    assert entry.conflict == "gp says it is in remission; acute tells of it since."


@pytest.mark.parametrize("state", ["active", "", "recurrence"])
def test_a_history_of_cancer_is_never_active(state):
    more = {"clinicalStatus": status(state)} if state else {}
    for said in (
        told("gp", "1", "Z85.3", "2020-01-01", **more),
        condition("gp", "1", "History of breast cancer", "2020-01-01", **more),
    ):
        [entry] = cancers(said)
        assert (entry.title, entry.status) == ("History of: Breast cancer", "resolved")


def test_a_history_joins_the_only_tumour_it_can_be_of_and_none_of_two():
    [entry] = cancers(
        told("acute", "1", "C34.1", "2012-01-01", clinicalStatus=status("active")),
        told("gp", "2", "Z85.1", "2020-01-01"),
    )
    assert entry.status == "resolved"
    assert entry.conflict == "acute says it is active; gp says it is over."
    found = cancers(
        told("acute", "1", "C50.9", "2012-01-01", "left breast"),
        told("acute", "2", "C50.9", "2012-01-10", "right breast"),
        told("gp", "3", "Z85.3", "2020-01-01"),
    )
    assert len(by_role(found, Role.PRIMARY)) == 2
    assert len(by_role(found, Role.HISTORY)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Breast cancer screening invitation",
        "Breast cancer screening declined",
        "Breast cancer excluded",
        "No evidence of cancer",
    ],
)
def test_screening_and_words_that_deny_are_no_cancer_whatever_the_code(words):
    found = cancers(
        told("acute", "1", "C50.9", "2012-01-01"), told("gp", "2", "C50.9", "2012-02-01", words)
    )
    assert len(by_role(found, Role.PRIMARY)) == 1
    [other] = by_role(found, Role.NONE)
    assert other.title == f"Not a cancer: {words}"
    assert "words tell of screening" in other.conflict
    assert not [one for one in cancers(condition("gp", "1", words, "2012")) if cancer(one)]


def test_a_cancer_that_a_screening_found_is_one():
    [entry] = cancers(told("gp", "1", "C50.9", "2012", "Breast cancer detected at screening"))
    assert cancer(entry).role is Role.PRIMARY


@pytest.mark.parametrize("certainty", ["provisional", "refuted"])
def test_suspected_and_refuted_cancers_are_never_joined_with_confirmed(certainty):
    found = cancers(
        told("acute", "1", "C50.9", "2012-01-01"),
        told("gp", "2", "C50.9", "2012-01-01", verificationStatus=status(certainty)),
        condition("mh", "3", "Family history of breast cancer", "2012-01-01"),
    )
    assert len(found) == 2
    assert all(len(one.said_by) == 1 for one in found)


@pytest.mark.parametrize(
    ("other", "differ"), [("2012-03-01", False), ("2012", False), ("2013-06-01", True)]
)
def test_two_dates_of_diagnosis_are_one_line_and_a_difference_is_shown(other, differ):
    [entry] = cancers(told("acute", "1", "C50.9", "2012-01-01"), told("gp", "2", "C50.9", other))
    assert ("Dates of diagnosis differ" in entry.conflict) == differ


def test_thousands_of_cancers_of_one_person_are_all_kept():
    said = [
        told(
            ("gp", "acute", "mh")[n % 3],
            str(n),
            f"C{n % 96:02}.{n % 9}",
            f"20{n % 25:02}",
            ("", "left", "right")[n % 3],
            **morphology(f"8{n % 900:03}/3"),
            **({"clinicalStatus": status("recurrence")} if n % 5 == 0 else {}),
        )
        for n in range(6000)
    ]
    assert places(fold(said)) == 6000
