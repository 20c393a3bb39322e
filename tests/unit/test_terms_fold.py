"""The fold with a release loaded, and what it says without one."""

import itertools
from pathlib import Path

import pytest

from tests.unit import terms_releases as made
from tests.unit.fold_statements import allergy, coded, condition, one, order, statement
from tests.unit.portal_site import region
from wholerecord.fold import Kind, fold
from wholerecord.terms import CONCEPTS, Terminology, concept, is_a, substance_of, take_up
from wholerecord.terms.loading import read_release
from wholerecord.terms.release import Shelf

SNOMED = "http://snomed.info/sct"
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "terminology" / "dmd-sample" / "dmd"
PROBLEM = {"category": [{"coding": [{"code": "problem-list-item"}]}]}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("releases")
    shelf = Shelf(folder / "terms")
    shelf.load(read_release("snomed", [made.snomed(folder / "rf2")]))
    shelf.load(read_release("dmd", [made.dmd(folder / "dmd")]))
    table = folder / "ICD10_CodesAndTitles_20160401.txt"
    table.write_text("D86\tSarcoidosis\nD86.0\tSarcoidosis of lung\nD86.9\tSarcoidosis, NOS\n")
    shelf.load(read_release("icd10", [table]))
    (folder / "rcsctmap2_uk_20200401.txt").write_text(
        "ReadCode\tTermCode\tConceptId\tIS_ASSURED\tEffectiveDate\tMapStatus\n"
        f"H57y.\t00\t{made.SARCOIDOSIS}\t1\t20180401\t1\n"
    )
    shelf.load(read_release("read2", [folder / "rcsctmap2_uk_20200401.txt"]))
    return folder / "terms"


@pytest.fixture
def loaded(shelf):
    take_up(Terminology.of(shelf))
    yield
    take_up(Terminology())


@pytest.fixture
def _nothing_loaded():
    take_up(Terminology())


@pytest.fixture
def here():
    made_up = region()
    with made_up.runner:
        yield made_up


def desk_page(here):
    return here.client("governance").get("/desk").text


def conditions(*statements):
    return fold(statements).of(Kind.CONDITION)


def measured(source, id, *, codes):
    body = {
        "id": id,
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": coded("", **codes),
        "effectiveDateTime": "2026-03-01T10:00:00Z",
        "valueQuantity": {"value": 4.5, "unit": "mmol/L"},
    }
    return statement(source, "Observation", body)


def by_code(source, id, code, when="2026-03-01", **more):
    return condition(source, id, "", when, codes={"snomed": code}, **more)


@pytest.mark.usefixtures("loaded")
def test_a_kind_of_stroke_that_only_the_release_knows_joins_the_stroke():
    [entry] = conditions(
        by_code("acute", "a", made.POSTERIOR),
        condition("gp", "g", "Stroke", "2026-03-02"),
    )
    assert entry.title == "Posterior cardioembolic stroke"
    assert entry.code.code == made.POSTERIOR


@pytest.mark.usefixtures("_nothing_loaded")
def test_without_a_release_it_stands_alone_and_says_so():
    entries = conditions(
        by_code("acute", "a", made.POSTERIOR), condition("gp", "g", "Stroke", "2026-03-02")
    )
    assert len(entries) == 2
    [unknown] = [entry for entry in entries if entry.title != "Stroke"]
    assert "no terminology release is loaded" in unknown.why


@pytest.mark.usefixtures("loaded")
def test_two_codes_that_only_the_release_knows_are_one_when_one_is_a_kind_of_the_other():
    [entry] = conditions(
        by_code("gp", "g", made.SARCOIDOSIS, **PROBLEM),
        by_code("acute", "a", made.LUNG_SARCOIDOSIS, "2020-01-01", **PROBLEM),
        by_code("mh", "m", made.OLD_SARCOIDOSIS, **PROBLEM),
    )
    assert entry.title == "Lung sarcoidosis"
    assert len(entry.said_by) == 3


@pytest.mark.usefixtures("loaded")
def test_a_hospital_code_of_icd10_joins_the_snomed_code_that_maps_to_it():
    [entry] = conditions(
        by_code("gp", "g", made.LUNG_SARCOIDOSIS),
        condition("acute", "a", "", "2026-03-01", codes={"icd10": "D860"}),
    )
    assert len(entry.said_by) == 2


@pytest.mark.usefixtures("loaded")
def test_a_read_code_means_what_it_maps_to():
    assert concept("http://read.info/readv2", "H57y.00").id == f"snomed:{made.SARCOIDOSIS}"


@pytest.mark.usefixtures("loaded")
def test_every_order_of_arrival_gives_the_same_record():
    said = [
        by_code("gp", "g", made.SARCOIDOSIS, **PROBLEM),
        by_code("acute", "a", made.LUNG_SARCOIDOSIS, **PROBLEM),
        condition("lab", "l", "", "2026-03-01", codes={"icd10": "D869"}),
        by_code("pharmacy", "p", made.POSTERIOR),
        condition("mh", "m", "Stroke", "2026-03-02"),
    ]
    [record] = {repr(fold(each).entries) for each in itertools.permutations(said)}
    assert "Lung sarcoidosis" in record


@pytest.mark.usefixtures("loaded")
def test_products_of_one_substance_are_one_line_of_therapy():
    entry = one(
        fold(
            [
                order("gp", "g", "", codes={"snomed": "900120001"}),
                order("acute", "a", "Amoxicillin 500mg capsules"),
            ]
        ),
        Kind.MEDICINE,
    )
    assert entry.title == "Amoxicillin"


@pytest.mark.usefixtures("loaded")
def test_products_whose_brands_differ_stay_apart():
    entries = fold(
        [
            order("gp", "g", "Examplamab 10mg tablets", codes={"snomed": "900110002"}),
            order("acute", "a", "Examplamab 10mg MR tablets", codes={"snomed": "900110003"}),
        ]
    ).of(Kind.MEDICINE)
    assert len(entries) == 2


@pytest.mark.usefixtures("loaded")
def test_a_narrower_allergy_is_apart_and_counts_as_the_wider_for_safety():
    entries = fold(
        [
            allergy("gp", "1", "Penicillin allergy", codes={"snomed": made.PENICILLIN_ALLERGY}),
            allergy("gp", "2", "Ampicillin allergy", codes={"snomed": made.AMPICILLIN_ALLERGY}),
        ]
    ).of(Kind.ALLERGY)
    assert len(entries) == 2
    assert substance_of(SNOMED, made.AMPICILLIN_ALLERGY).id == "penicillins"
    assert substance_of(SNOMED, made.AMOXICILLIN_ALLERGY).id == "amoxicillin"


@pytest.mark.usefixtures("loaded")
def test_a_record_says_which_releases_it_was_folded_with():
    policy = fold([condition("gp", "g", "Stroke", "2026-03-02")]).policy
    assert "snomed 20260301 (" in policy
    assert "dmd 3010326 (" in policy


@pytest.mark.usefixtures("_nothing_loaded")
def test_a_record_folded_without_a_release_says_that():
    record = fold([condition("gp", "g", "Stroke", "2026-03-02")])
    assert record.policy.endswith("no terminology release is loaded")


@pytest.mark.usefixtures("loaded")
def test_our_own_value_set_has_the_first_word():
    for own in CONCEPTS.values():
        for code in own.codes.get("snomed", ()):
            assert concept(SNOMED, code) is own


@pytest.mark.usefixtures("loaded")
def test_the_desk_says_which_releases_are_in_force(here):
    assert "snomed 20260301" in desk_page(here)


@pytest.mark.usefixtures("_nothing_loaded")
def test_the_desk_says_that_none_is_loaded(here):
    assert "No terminology release is loaded" in desk_page(here)


@pytest.mark.usefixtures("loaded")
def test_words_that_a_release_calls_one_thing_join_its_code():
    [entry] = conditions(
        by_code("gp", "g", made.SARCOIDOSIS, **PROBLEM),
        condition("acute", "a", "besnier-boeck disease", "2026-03-01", **PROBLEM),
    )
    assert entry.title == "Sarcoidosis"


@pytest.mark.usefixtures("loaded")
def test_words_about_an_absence_are_not_taken_for_the_thing():
    entries = conditions(
        by_code("gp", "g", made.SARCOIDOSIS, **PROBLEM),
        condition("acute", "a", "no sarcoidosis", "2026-03-01", **PROBLEM),
    )
    assert len(entries) == 2


@pytest.mark.usefixtures("loaded")
def test_a_result_with_a_code_of_ours_and_one_of_a_release_is_ours():
    both = {"snomed": made.LEVEL, "loinc": "2823-3"}
    record = fold(
        [
            measured("lab", "1", codes=both),
            measured("gp", "2", codes={"snomed": "1000651000000109"}),
            measured("acute", "3", codes={"snomed": made.LEVEL}),
        ]
    )
    assert sorted(entry.title for entry in record.of(Kind.RESULT)) == ["Example level", "Potassium"]


@pytest.mark.shared_data
def test_the_published_dmd_sample_gives_products_their_substance(tmp_path):
    if not SAMPLE.is_dir():
        pytest.skip("shared/data/terminology/dmd-sample is not here")
    Shelf(tmp_path).load(read_release("dmd", [SAMPLE / "1"]))
    take_up(Terminology.of(tmp_path))
    try:
        adenosine = concept(SNOMED, "35894711000001106")
        assert (adenosine.title, adenosine.kind) == ("Adenosine", "medicine")
        paracetamol = concept(SNOMED, "90332006")
        assert paracetamol.id == "paracetamol"
    finally:
        take_up(Terminology())


@pytest.mark.usefixtures("loaded")
def test_a_rule_written_for_stroke_holds_for_every_kind_of_stroke():
    assert concept(SNOMED, made.POSTERIOR).parents == ("ischaemic-stroke", "stroke")
    assert concept(SNOMED, made.POSTERIOR).course == "acute"
    assert is_a(concept(SNOMED, made.POSTERIOR), concept(SNOMED, made.CARDIOEMBOLIC))
    assert not is_a(concept(SNOMED, made.SARCOIDOSIS), CONCEPTS["stroke"])
