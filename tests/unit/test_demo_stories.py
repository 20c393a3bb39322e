"""Each story's record shows what the story says: the fold over what the sources really sent."""

from tests.unit.demo_region import record_of, region, told_of
from wholerecord.demo.coding import snomed
from wholerecord.fold import Allergy, Entry, Kind, Measure, Medicine, fold
from wholerecord.terms import concept


def entries(name: str, kind: Kind, title: str) -> list[Entry]:
    return [each for each in record_of(name).of(kind) if each.title == title]


def the(name: str, kind: Kind, title: str) -> Entry:
    (only,) = entries(name, kind, title)
    return only


def test_the_stroke_is_one_entry_said_by_five_sources():
    record = record_of("Margaret Holroyd")
    strokes = [each for each in record.of(Kind.CONDITION) if "stroke" in each.title.lower()]
    (stroke,) = strokes
    (event,) = (each for each in region().truth["events"] if each["concept"] == "stroke")
    assert list(stroke.sources) == event["sources"]
    assert len(stroke.sources) == 5
    assert len({said.words for said in stroke.said_by}) == 5
    assert stroke.title == "Ischaemic stroke"


def test_the_denied_penicillin_allergy_stands_and_says_who_denied_it():
    allergy = the("Peter Stansfield", Kind.ALLERGY, "Penicillins")
    assert isinstance(allergy.detail, Allergy)
    assert allergy.detail.criticality == "high"
    assert [said.source for said in allergy.detail.denied_by] == ["aireborough-hospital"]
    assert allergy.conflict
    amoxicillin = the("Peter Stansfield", Kind.MEDICINE, "Amoxicillin")
    assert amoxicillin.sources == ("aireborough-hospital",)


def test_both_anticoagulants_are_active_from_their_two_settings():
    warfarin = the("Baldev Singh", Kind.MEDICINE, "Warfarin")
    apixaban = the("Baldev Singh", Kind.MEDICINE, "Apixaban")
    assert warfarin.status == apixaban.status == "active"
    assert "aireborough-gp" in warfarin.sources
    assert apixaban.sources == ("aireborough-hospital",)


def test_the_childs_dose_and_weight_can_both_be_read():
    medicine = the("Isla Pickles", Kind.MEDICINE, "Dalteparin")
    assert isinstance(medicine.detail, Medicine)
    assert any("20,000 units" in dose for dose in medicine.detail.doses)
    weight = the("Isla Pickles", Kind.OBSERVATION, "Weight")
    assert isinstance(weight.detail, Measure)
    assert weight.detail.value == "20.0"


def test_the_corrected_potassium_is_one_result_that_remembers_what_it_was():
    corrected = [
        each.detail
        for each in entries("Ernest Midgley", Kind.RESULT, "Potassium")
        if isinstance(each.detail, Measure) and each.detail.corrected_from
    ]
    (detail,) = corrected
    assert detail.value == "4.9"
    assert detail.corrected_from[0].startswith("6.9")


def test_the_retracted_diagnosis_is_kept_and_is_no_entry():
    record = record_of("Laura Kershaw")
    assert not record.of(Kind.CONDITION)
    retracted = [each for each in record.superseded if each.said.kind == "Condition"]
    assert {each.said.words for each in retracted} == {"Epilepsy"}


def test_the_longest_record_has_ten_thousand_entries_and_another_two_thousand():
    assert 10_000 <= len(record_of("Vikram Desai").entries) <= 11_500
    assert 1_800 <= len(record_of("Doreen Lumb").entries) <= 2_400


def test_nothing_anybody_was_told_is_lost_or_parked_by_the_fold():
    for person in region().truth["people"]:
        told = told_of(person)
        record = fold(told)
        assert record.statements == len(told)
        assert not record.parked, person["human"]


def test_every_medicine_and_condition_the_region_codes_is_a_concept_that_is_known():
    for key in ("stroke", "amoxicillin", "potassium", "blood-pressure", "influenza-vaccine"):
        found = concept("http://snomed.info/sct", snomed(key))
        assert found is not None
        assert found.id == key
