"""Rulings that something took another's place, is of somebody else, or was on another side."""

import pytest

from tests.unit.fold_statements import PATIENTS, allergy, condition, places, statement, status
from tests.unit.test_fold_rulings import STROKES, ruling
from wholerecord.fold import About, Kind, Ruling, Verdict, fold

OLD = condition("gp", "a", "Stroke", "2020-01-01")
NEW = condition("acute", "b", "TIA", "2026-01-01")
LEFT = condition("gp", "h", "Hip fracture", "2026-01-01", bodySite=[{"text": "left hip"}])
RIGHT = condition("acute", "h", "Hip fracture", "2026-01-01", bodySite=[{"text": "right hip"}])


def over(n: int, *about: tuple[str, str], kind: str = "Condition") -> Ruling:
    """The first takes the place of the others."""
    made = ruling(n, Verdict.SUPERSEDED)
    abouts = tuple(About(PATIENTS[source], kind, own) for source, own in about)
    return Ruling(n=n, verdict=made.verdict, about=abouts, by=made.by, why=made.why, at=made.at)


def side(n: int, source: str, to: str, kind: str = "Condition") -> Ruling:
    made = ruling(n, Verdict.SIDE, source, kind=kind, id="h")
    return Ruling(
        n=n, verdict=made.verdict, about=made.about, by=made.by, why="the film", at=made.at, side=to
    )


def standing(record) -> dict[str, str]:
    assert places(record) == record.statements
    return {entry.title: entry.status for entry in record.entries}


def test_what_is_superseded_is_shown_so_and_what_took_its_place_stands():
    record = fold([OLD, NEW], [over(1, ("acute", "b"), ("gp", "a"))])
    by_status = {entry.status: entry for entry in record.entries}
    assert by_status["superseded"].sources == ("gp",)
    assert by_status["superseded"].why == "Ruled superseded by Dr Hale: seen the notes"
    assert by_status["unknown"].sources == ("acute",)
    assert by_status["unknown"].rulings == ()
    assert places(record) == 2


def test_one_statement_of_an_entry_is_superseded_and_the_others_stand():
    record = fold(STROKES, [over(1, ("acute", "s"), ("gp", "s"))])
    assert sorted((entry.status, len(entry.said_by)) for entry in record.entries) == [
        ("superseded", 1),
        ("unknown", 4),
    ]


@pytest.mark.parametrize(
    "gone",
    [
        (),
        (condition("acute", "b", "TIA", t=2, verificationStatus=status("entered-in-error")),),
        (condition("acute", "b", "No known problems", t=2),),
    ],
)
def test_what_was_superseded_stands_again_when_what_took_its_place_does_not(gone):
    statements = [OLD, NEW, *gone] if gone else [OLD]
    ruled = [over(1, ("acute", "b"), ("gp", "a"))]
    [entry] = [one for one in fold(statements, ruled).entries if one.sources == ("gp",)]
    assert entry.status == "unknown"
    assert "does not stand, so this does" in entry.conflict


def test_what_was_superseded_by_what_is_ruled_wrong_stands_again():
    ruled = [over(1, ("acute", "b"), ("gp", "a")), ruling(2, Verdict.WRONG, "acute", id="b")]
    assert standing(fold([OLD, NEW], ruled)) == {
        "Stroke": "unknown",
        "Transient ischaemic attack": "refuted",
    }


def test_of_statements_that_supersede_each_other_in_a_circle_each_stands():
    ruled = [over(1, ("acute", "b"), ("gp", "a")), over(2, ("gp", "a"), ("acute", "b"))]
    assert set(standing(fold([OLD, NEW], ruled)).values()) == {"unknown"}


def test_a_chain_of_what_superseded_what_ends_in_what_stands():
    last = condition("mh", "c", "Migraine", "2026-02-01")
    ruled = [over(1, ("acute", "b"), ("gp", "a")), over(2, ("mh", "c"), ("acute", "b"))]
    assert sorted(standing(fold([OLD, NEW, last], ruled)).values()) == [
        "superseded",
        "superseded",
        "unknown",
    ]


def test_that_there_is_none_takes_the_place_of_no_allergy():
    said = [allergy("acute", "n", "No known allergies"), allergy("gp", "p", "Penicillin")]
    ruled = [over(1, ("acute", "n"), ("gp", "p"), kind="AllergyIntolerance")]
    record = fold(said, ruled)
    [entry] = record.of(Kind.ALLERGY)
    assert entry.status == "active"
    assert len(record.negatives) == 1


def test_that_there_is_none_is_superseded_by_what_there_is():
    said = [allergy("acute", "n", "No known allergies"), allergy("gp", "p", "Penicillin")]
    record = fold(said, [over(1, ("gp", "p"), ("acute", "n"), kind="AllergyIntolerance")])
    assert record.negatives == ()
    assert standing(record) == {"Penicillins": "active", "No known allergies": "superseded"}
    assert [entry.conflict for entry in record.entries] == ["", ""]


def test_what_is_of_another_person_is_taken_out_like_what_is_wrong():
    record = fold(STROKES, [ruling(1, Verdict.WRONG_PERSON, "lab")])
    [out] = [entry for entry in record.entries if entry.status == "refuted"]
    assert out.why == "Ruled to be of another person by Dr Hale: seen the notes"


def test_a_dispute_that_is_upheld_marks_and_changes_nothing_else():
    [entry] = fold(STROKES, [ruling(3, Verdict.UPHELD, "gp")]).entries
    assert entry.conflict == "Dispute upheld by Dr Hale: seen the notes."
    assert entry.status == "unknown"


def test_a_side_is_shown_as_corrected_with_what_was_said_beside_it():
    [entry] = fold([LEFT], [side(1, "gp", "right")]).entries
    assert entry.detail.side == "right"
    assert entry.title.endswith("(side corrected: right)")
    assert entry.corrected == "Side corrected to right by Dr Hale: the film. As said: gp says left."
    assert entry.rulings == (1,)
    assert entry.said_by == fold([LEFT]).entries[0].said_by
    assert fold([LEFT]).entries[0].corrected == ""


def test_sources_that_named_two_sides_are_one_entry_once_one_is_corrected():
    assert len(fold([LEFT, RIGHT]).entries) == 2
    [entry] = fold([LEFT, RIGHT], [side(1, "gp", "right")]).entries
    assert (entry.detail.side, entry.sources) == ("right", ("acute", "gp"))


def test_a_code_that_names_the_other_side_is_not_given_as_what_it_is():
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "1", "display": "Left hip"}]}
    said = condition("gp", "h", "", "2026-01-01", code=code)
    [entry] = fold([said], [side(1, "gp", "right")]).entries
    assert entry.code is None
    assert entry.said_by[0].codes[0].code == "1"


def test_the_side_of_a_procedure_is_corrected_too():
    body = {"id": "h", "code": {"text": "Hip replacement"}, "status": "completed",
            "performedDateTime": "2026-01-01", "bodySite": [{"text": "left hip"}]}  # fmt: skip
    [entry] = fold(
        [statement("gp", "Procedure", body)], [side(1, "gp", "right", "Procedure")]
    ).entries
    assert entry.detail.side == "right"
    assert "gp says left" in entry.corrected
