"""Allergies, and statements that there are none."""

import pytest

from tests.unit.fold_statements import allergy, coded, condition, one, order, places, status
from wholerecord.fold import Allergy, Kind, fold
from wholerecord.safety import checks

NONE_KNOWN = {"snomed": "716186003"}
NO_DRUG = {"snomed": "409137002"}


def test_no_known_allergies_anywhere_never_hides_an_allergy_and_is_named_in_it():
    record = fold(
        [
            allergy(
                "acute", "1", "No known allergies", codes=NONE_KNOWN, recordedDate="2026-03-03"
            ),
            allergy("gp", "2", "Allergy to penicillin", codes={"snomed": "91936005"}),
        ]
    )
    entry = one(record, Kind.ALLERGY)
    assert entry.title == "Penicillins"
    assert entry.status == "active"
    assert entry.conflict == (
        "acute said “No known allergies” on 3 Mar 2026; but this allergy is recorded by gp."
    )
    assert isinstance(entry.detail, Allergy)
    assert [said.source for said in entry.detail.denied_by] == ["acute"]
    assert [negative.said.source for negative in record.negatives] == ["acute"]
    assert places(record) == record.statements == 2


@pytest.mark.parametrize(
    "words", ["No known allergies", "NKA", "no known allergies.", "No known food allergies", "NKDA"]
)
def test_words_alone_can_say_that_there_is_none(words):
    record = fold([allergy("gp", "1", words)])
    assert record.entries == ()
    assert len(record.negatives) == 1


def test_no_known_drug_allergies_does_not_contradict_a_food_allergy():
    record = fold(
        [
            allergy("acute", "1", "", codes=NO_DRUG),
            allergy("gp", "2", "Peanut allergy", category=["food"]),
            allergy("gp", "3", "Penicillin", category=["medication"]),
        ]
    )
    denied = {
        entry.title: bool(entry.detail.denied_by)
        for entry in record.of(Kind.ALLERGY)
        if isinstance(entry.detail, Allergy)
    }
    assert denied == {"Peanut": False, "Penicillins": True}


def test_one_substance_is_one_entry_with_the_highest_criticality_and_every_reaction():
    entry = one(
        fold(
            [
                allergy(
                    "gp",
                    "1",
                    "Penicillin",
                    criticality="low",
                    reaction=[{"manifestation": [coded("Rash")]}],
                ),
                allergy(
                    "acute",
                    "2",
                    "",
                    codes={"snomed": "764146007"},
                    criticality="high",
                    reaction=[{"manifestation": [coded("Anaphylaxis")], "severity": "severe"}],
                ),
                condition("mh", "3", "H/O: penicillin allergy"),
            ]
        ),
        Kind.ALLERGY,
    )
    assert isinstance(entry.detail, Allergy)
    assert entry.detail.criticality == "high"
    assert sorted(entry.detail.reactions) == ["Anaphylaxis (severe)", "Rash"]
    assert entry.sources == ("acute", "gp", "mh")
    assert entry.why == "Same substance."


def test_a_refuted_allergy_stands_apart_from_the_one_that_holds():
    found = fold(
        [
            allergy("gp", "1", "Latex", clinicalStatus=status("active")),
            allergy("acute", "2", "Latex", verificationStatus=status("refuted")),
        ]
    ).of(Kind.ALLERGY)
    assert sorted(entry.status for entry in found) == ["active", "refuted"]


def test_resolved_in_one_source_and_active_in_another_stays_active():
    entry = one(
        fold(
            [
                allergy("gp", "1", "Latex", clinicalStatus=status("active")),
                allergy("acute", "2", "Latex", clinicalStatus=status("resolved")),
            ]
        ),
        Kind.ALLERGY,
    )
    assert entry.status == "active"
    assert entry.conflict == "gp says it is active; acute says it is not."


def test_no_known_conditions_is_a_negative_of_conditions_and_denies_no_allergy():
    record = fold([condition("gp", "1", "No known conditions"), allergy("gp", "2", "Latex")])
    assert [negative.kind for negative in record.negatives] == [Kind.CONDITION]
    assert not one(record, Kind.ALLERGY).conflict


@pytest.mark.parametrize(
    "words",
    ["Adverse reaction to Prednisolone", "Allergy to prednisolone", "Allergic to Prednisolone"],
)
def test_words_that_say_to_what_an_allergy_is_mean_that_substance(words):
    told = [
        allergy("gp", "1", words, recordedDate="2010-08-09"),
        allergy("acute", "2", "Prednisolone", recordedDate="2020-01-01"),
    ]
    entry = one(fold(told), Kind.ALLERGY)
    assert entry.title == "Prednisolone"
    assert entry.said_by[0].words == words
    given = order("gp", "3", "Prednisolone 5mg tablets")
    [alert] = checks(fold([told[0], given]))
    assert "Prednisolone is current" in alert.says
