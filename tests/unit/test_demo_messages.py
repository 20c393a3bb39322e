"""Every message of the region is one that the product reads, except those that must be parked."""

from collections import Counter

from tests.unit.demo_region import loaded, region
from wholerecord.intake.reading import Unreadable
from wholerecord.people import from_patient


def test_exactly_what_must_be_parked_is_parked():
    parked = [
        {"source": source, "delivery": name, "reason": fault.reason.name}
        for source, name, fault in loaded().faults
    ]
    expected = region().truth["parked"]
    assert sorted(parked, key=str) == sorted(expected, key=str)
    assert {each["reason"] for each in expected} == {
        "CUT_SHORT",
        "UNKNOWN_COLUMN",
        "OTHER_VERSION",
    }


def test_every_patient_a_message_names_is_one_the_truth_knows_and_the_other_way_round():
    named = set(loaded().statements)
    true = {
        (source, number)
        for person in region().truth["people"]
        for source, number in person["patients"]
    }
    assert named == true


def test_the_merge_is_read_as_the_truth_has_it():
    merges = [
        {"source": merge.kept.source, "kept": merge.kept.number, "retired": merge.retired.number}
        for reading in loaded().readings.values()
        if not isinstance(reading, Unreadable)
        for merge in reading.merges
    ]
    assert merges == region().truth["merged"]


def test_every_delivery_says_something():
    for name, reading in loaded().readings.items():
        assert isinstance(reading, Unreadable) or reading.patients, name


def test_each_source_says_its_own_kinds_of_things():
    kinds: dict[str, Counter[str]] = {}
    for (source, _), statements in loaded().statements.items():
        kinds.setdefault(source, Counter()).update(each.kind for each in statements)
    expected = {
        "aireborough-gp": {"Condition", "MedicationRequest", "Immunization", "Composition"},
        "aireborough-hospital": {"Encounter", "DiagnosticReport", "DocumentReference"},
        "chevin-mental-health": {"Encounter", "Condition", "CarePlan", "Flag"},
        "wharfe-pharmacies": {"MedicationDispense", "Condition"},
        "wharfedale-social-care": {"CarePlan", "Condition", "RelatedPerson"},
        "hearth-home-devices": {"Observation", "Device"},
    }
    for source, some in expected.items():
        assert some <= set(kinds[source]), source


def test_where_somebody_restricted_lives_is_said_by_neither_practice_nor_hospital():
    person = next(
        each for each in region().truth["people"] if each["name"].endswith("Rebecca Tordoff")
    )
    restricted = {
        source: from_patient(statement.body)
        for source, number in person["patients"]
        for statement in loaded().statements[source, number]
        if statement.kind == "Patient"
    }
    for source in ("aireborough-gp", "aireborough-hospital"):
        assert restricted[source].restricted
        assert not restricted[source].addresses
        assert not restricted[source].phones
