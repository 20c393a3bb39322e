"""What cannot be right, or should not be: shown as said, marked, never dropped, never an error."""

from itertools import permutations

import pytest

from tests.unit.fold_statements import (
    coded,
    condition,
    one,
    order,
    places,
    statement,
)
from tests.unit.test_fold_cancers import morphology
from tests.unit.test_fold_kinds import replacing
from wholerecord.fold import Kind, fold

CIRCLE = "Its versions say that each replaces the other."


@pytest.mark.parametrize("length", [1, 2, 3])
def test_documents_that_replace_each_other_in_a_circle_are_one_that_says_so(length):
    names = "abc"[:length]
    told = [
        replacing("gp", name, names[(n + 1) % length], f"Letter {name}")
        for n, name in enumerate(names)
    ]
    first, *others = [fold(given) for given in permutations(told)]
    assert all(record == first for record in others)
    assert one(first, Kind.DOCUMENT).conflict == CIRCLE
    assert places(first) == length


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("Observation", "hasMember"),
        ("DiagnosticReport", "result"),
        ("CarePlan", "goal"),
        ("MedicationDispense", "authorizingPrescription"),
        ("MedicationRequest", "priorPrescription"),
        ("DeviceUseStatement", "device"),
    ],
)
def test_references_that_go_in_a_circle_or_to_themselves_lose_nothing(kind, field):
    several = field not in {"priorPrescription", "device"}

    def said(id, target):
        reference = {"reference": f"{kind}/{target}"}
        body = {"id": id, "status": "active", "code": coded("Thing")}
        return statement("gp", kind, {**body, field: [reference] if several else reference})

    told = [said("a", "b"), said("b", "a"), said("c", "c")]
    first, *others = [fold(given) for given in permutations(told)]
    assert all(record == first for record in others)
    assert places(first) == 3


def undated(kind):
    what = {"code": coded("Thing"), "vaccineCode": coded("Flu vaccine"), "status": "final"}
    return statement("gp", kind, {"id": "1", **what})


@pytest.mark.parametrize(
    "kind",
    ["Condition", "Observation", "Immunization", "Procedure", "Encounter", "DiagnosticReport"],
)
def test_what_has_no_date_is_shown_without_one(kind):
    (entry,) = fold([undated(kind)]).entries
    assert entry.when is None
    assert entry.conflict == ""


@pytest.mark.parametrize("when", ["2025-13-45", "yesterday", "0000-00-00", "2025-02-30"])
def test_a_date_that_is_none_is_no_date(when):
    (entry,) = fold([condition("gp", "1", "Stroke", when)]).entries
    assert entry.when is None


@pytest.mark.parametrize(
    ("when", "marked"), [("2019-01-01", False), ("2026-01-02", False), ("2062-01-01", True)]
)
def test_an_event_dated_after_its_statement_was_received_is_shown_and_marked(when, marked):
    (entry,) = fold([condition("gp", "1", "Stroke", when)]).entries
    assert entry.when is not None
    assert entry.when.text == when
    assert entry.conflict == (f"gp dates it {when}, after that was received." if marked else "")


CANCERS = {
    "undated": {},
    "no date": {"onsetDateTime": "yesterday"},
    "future": {"onsetDateTime": "2062-01-01"},
    "before anybody was born": {"onsetDateTime": "0001-01-01"},
    "a stage without words": {"stage": [{"assessment": [{"reference": "Observation/none"}]}]},
    "a stage of itself": {"stage": [{"assessment": [{"reference": "Condition/1"}]}]},
    "an unknown histology": morphology("9999/9"),
    "no histology": morphology("none at all"),
    "another state": {"clinicalStatus": coded("odd")},
}


@pytest.mark.parametrize("how", CANCERS)
def test_a_cancer_said_oddly_is_shown_as_said_and_still_joins_the_one_it_is(how):
    odd = condition("gp", "1", "Breast cancer", **CANCERS[how])
    true = condition("acute", "2", "", "2020-01-01", codes={"icd10": "C50.9"})
    first, second = fold([odd, true]), fold([true, odd])
    assert first == second
    assert places(first) == 2
    [entry] = first.of(Kind.CONDITION)
    assert entry.title == "Breast cancer"
    assert ("dates it 2062" in entry.conflict) == (how == "future")


def test_two_cancers_in_one_code_are_one_line_that_says_so():
    codes = {"snomed": "399068003", "icd10": "C50.9"}
    (entry,) = fold([condition("gp", "1", "Cancer", "2020", codes=codes)]).entries
    assert entry.conflict == "Two codes of gp disagree: Breast cancer and Prostate cancer."


@pytest.mark.parametrize(
    "icd10", ["C99", "C500", "C50.9.9.9", "c50.9", "C", "C77.", "Z85", "C7A.0"]
)
def test_a_code_that_is_nearly_a_cancers_is_kept_and_never_an_error(icd10):
    (entry,) = fold([condition("gp", "1", "Woozles", "2020", codes={"icd10": icd10})]).entries
    assert entry.said_by[0].codes[0].code == icd10


def test_a_medicine_may_begin_later():
    (entry,) = fold([order("gp", "1", "Ramipril", "2027-01-01")]).entries
    assert entry.conflict == ""


def test_a_future_date_marks_its_own_event_and_leaves_the_true_one_whole():
    found = fold(
        [condition("gp", "1", "Stroke", "2062"), condition("acute", "2", "Stroke", "2020")]
    )
    assert {entry.conflict != "" for entry in found.of(Kind.CONDITION)} == {True, False}


@pytest.mark.parametrize(
    "coding",
    [
        {"system": "http://example.org/retired", "code": "X1", "display": "Old disease"},
        {"system": "urn:oid:1.2.3", "code": "9"},
        {"system": "", "code": "9"},
        {"code": "\ud7ff"},
        {"display": "Only words"},
        {},
    ],
)
def test_a_code_of_a_system_that_nobody_knows_is_kept_with_its_words(coding):
    body = {"id": "1", "code": {"coding": [coding], "text": "Woozles"}}
    (entry,) = fold([statement("gp", "Condition", body)]).entries
    assert entry.title == "Woozles"
    assert [said.codes[0].code for said in entry.said_by] == [coding.get("code", "")]


DISAGREEING = {
    "coding": [
        {"system": "http://snomed.info/sct", "code": "230690007"},
        {"system": "http://hl7.org/fhir/sid/icd-10", "code": "J18"},
    ]
}


def test_two_codes_that_disagree_are_shown_and_marked():
    (entry,) = fold([statement("gp", "Condition", {"id": "1", "code": DISAGREEING})]).entries
    assert entry.conflict == "Two codes of gp disagree: Pneumonia and Stroke."
    assert len(entry.said_by[0].codes) == 2


@pytest.mark.parametrize(
    "icd10",
    ["I64", "I63.9"],  # the same, and a kind of it
)
def test_two_codes_that_can_be_one_thing_are_not_marked(icd10):
    code = coded("Stroke", snomed="230690007", icd10=icd10)
    (entry,) = fold([statement("gp", "Condition", {"id": "1", "code": code})]).entries
    assert entry.conflict == ""


def test_codes_that_disagree_are_marked_beside_what_sources_disagree_about():
    (entry,) = fold(
        [
            statement(
                "gp",
                "Observation",
                {
                    "id": "1",
                    "status": "final",
                    "effectiveDateTime": "2025-01-01",
                    "code": coded("Potassium", loinc="2823-3", snomed="1000661000000107"),
                    "valueQuantity": {"value": 4.1, "unit": "mmol/L"},
                },
            )
        ]
    ).entries
    assert entry.conflict == "Two codes of gp disagree: Potassium and Sodium."


ALIKE = {
    "Condition": {"code": coded("Stroke"), "onsetDateTime": "2020-01-01"},
    "Observation": {"code": coded("Potassium"), "effectiveDateTime": "2020-01-01"},
    "Encounter": {"class": {"code": "EMER"}, "period": {"start": "2020-01-01"}},
    "DocumentReference": {"type": coded("Letter"), "date": "2020-01-01"},
    "FamilyMemberHistory": {"relationship": coded("Aunt")},
    "Flag": {"code": coded("Alone"), "status": "active"},
    "Device": {"manufacturer": "Acme"},
    "MoonReading": {"phase": "full"},
    "MedicationRequest": {"medicationCodeableConcept": coded("Ramipril"), "status": "active"},
    "Immunization": {"vaccineCode": coded("Flu vaccine"), "occurrenceDateTime": "2020-01-01"},
    "Procedure": {"code": coded("Colonoscopy"), "performedDateTime": "2020-01-01"},
}


@pytest.mark.parametrize("kind", ALIKE)
def test_two_thousand_alike_of_one_kind_are_all_kept(kind):
    told = [
        statement(("gp", "acute")[n % 2], kind, {"id": str(n), **ALIKE[kind]}, n=n)
        for n in range(2000)
    ]
    assert places(fold(told)) == 2000
