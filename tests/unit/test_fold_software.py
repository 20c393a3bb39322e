"""What software made, until a named professional attests it."""

from datetime import UTC, datetime

from tests.unit.fold_statements import (
    PATIENTS,
    RECEIVED,
    allergy,
    coded,
    condition,
    one,
    places,
    statement,
)
from wholerecord.fold import About, Kind, Ruling, Verdict, fold

BY_SOFTWARE = {"meta": {"security": [{"code": "AIAST"}]}}
DRAFT = statement(
    "gp",
    "DocumentReference",
    {"id": "d", "status": "current", "description": "Clinic note", **BY_SOFTWARE},
    t=3,
)


def attested(*about, at=datetime(2026, 3, 1, tzinfo=UTC), withdrawn=None):
    return Ruling(
        n=7,
        verdict=Verdict.ATTESTED,
        about=about or (About(PATIENTS["gp"], "DocumentReference", "d"),),
        by="dr-hale",
        why="Dr Hale, doctor: I was there",
        at=at,
        withdrawn=withdrawn,
    )


def test_a_draft_of_software_is_unverified_until_a_professional_attests_it():
    entry = one(fold([DRAFT]), Kind.DOCUMENT)
    assert entry.unverified
    assert [said.software for said in entry.said_by] == [True]
    entry = one(fold([DRAFT], [attested()]), Kind.DOCUMENT)
    assert not entry.unverified
    assert (entry.attested, entry.rulings) == ((7,), ())
    assert [said.software for said in entry.said_by] == [True]


def test_an_attestation_that_is_withdrawn_is_as_if_never_made():
    assert fold([DRAFT], [attested(withdrawn=RECEIVED)]) == fold([DRAFT])


def test_a_version_received_after_the_attestation_is_attested_anew():
    early = attested(at=datetime(2026, 1, 2, tzinfo=UTC))
    assert one(fold([DRAFT], [early]), Kind.DOCUMENT).unverified


def test_what_a_person_says_too_is_not_marked_as_unverified():
    drafted = condition("gp", "a", "Stroke", "2026-01-01", **BY_SOFTWARE)
    human = condition("acute", "b", "Stroke", "2026-01-01")
    entry = one(fold([drafted, human]), Kind.CONDITION)
    assert not entry.unverified
    assert sorted(said.software for said in entry.said_by) == [False, True]


def test_a_denial_by_software_says_that_software_made_it():
    record = fold(
        [
            allergy("gp", "n", "No known allergies", **BY_SOFTWARE),
            allergy("acute", "p", "Penicillin"),
        ]
    )
    assert [negative.said.software for negative in record.negatives] == [True]
    [entry] = record.of(Kind.ALLERGY)
    assert [said.software for said in entry.detail.denied_by] == [True]


def denial(*rulings):
    said = [
        allergy("gp", "n", "No known allergies", **BY_SOFTWARE),
        allergy("acute", "p", "Penicillin"),
    ]
    return fold(said, rulings)


def about_denial(**more):
    return attested(About(PATIENTS["gp"], "AllergyIntolerance", "n"), **more)


def test_a_denial_by_software_is_unverified_until_a_professional_attests_it():
    [negative] = denial().negatives
    assert (negative.unverified, negative.attested) == (True, ())
    [negative] = denial(about_denial()).negatives
    assert (negative.unverified, negative.attested, negative.said.software) == (False, (7,), True)
    assert denial(about_denial(withdrawn=RECEIVED)) == denial()
    [negative] = denial(about_denial(at=datetime(2020, 1, 1, tzinfo=UTC))).negatives
    assert negative.unverified


def test_a_denial_that_is_attested_hides_no_allergy():
    [entry] = denial(about_denial()).of(Kind.ALLERGY)
    assert entry.title == "Penicillins"
    assert entry.detail.denied_by
    assert entry == one(denial(), Kind.ALLERGY)


def test_a_denial_by_a_person_needs_no_attestation():
    [negative] = fold([allergy("gp", "n", "No known allergies")]).negatives
    assert (negative.unverified, negative.attested) == (False, ())


def provenance(*agents, **more):
    return statement(
        "gp",
        "Provenance",
        {
            "id": "p",
            "target": [{"reference": "Condition/a"}, {"reference": 7}, "x"],
            "agent": list(agents),
            **more,
        },
    )


ASSEMBLER = {
    "type": {"coding": [{"code": "assembler"}]},
    "who": {"reference": "Device/scribe"},
}
DOCTOR = {"type": coded("author"), "who": {"reference": "Practitioner/1"}}


def test_a_provenance_that_names_only_a_device_marks_its_targets():
    said = condition("gp", "a", "Stroke")
    record = fold([said, provenance(ASSEMBLER)])
    assert one(record, Kind.CONDITION).unverified
    assert places(record) == 2
    named = {**ASSEMBLER, "who": {"display": "Scribe", "type": "Device"}}
    assert one(fold([said, provenance(named)]), Kind.CONDITION).unverified
    labelled = provenance(DOCTOR, **BY_SOFTWARE)
    assert one(fold([said, labelled]), Kind.CONDITION).unverified


def test_a_device_that_only_put_together_what_a_person_wrote_marks_nothing():
    said = condition("gp", "a", "Stroke")
    sent = {"type": {"coding": [{"code": "transmitter"}]}, "who": {"reference": "Device/1"}}
    for agents in ((ASSEMBLER, DOCTOR), (sent,), (), ({"who": 3},)):
        assert not one(fold([said, provenance(*agents)]), Kind.CONDITION).unverified


def test_attesting_what_a_person_wrote_changes_nothing():
    said = condition("gp", "a", "Stroke")
    ruling = attested(About(PATIENTS["gp"], "Condition", "a"))
    assert fold([said], [ruling]) == fold([said])
