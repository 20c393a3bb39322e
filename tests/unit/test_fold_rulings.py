"""A professional's decisions over the fold."""

from datetime import UTC, datetime

from tests.unit.fold_statements import PATIENTS, allergy, condition, places
from wholerecord.fold import About, Kind, Ruling, Verdict, fold

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SOURCES = ("gp", "acute", "mh", "pharmacy", "lab")
STROKES = [condition(source, "s", "Stroke", "2026-01-01") for source in SOURCES]


def ruling(n, verdict, *sources, kind="Condition", id="s", withdrawn=None):
    return Ruling(
        n=n,
        verdict=verdict,
        about=tuple(About(PATIENTS[source], kind, id) for source in sources),
        by="Dr Hale",
        why="seen the notes",
        at=NOW,
        withdrawn=withdrawn,
    )


def test_five_sources_ruled_not_the_same_are_five_entries_and_one_again_when_withdrawn():
    before = fold(STROKES)
    assert len(before.entries) == 1
    split = fold(STROKES, [ruling(1, Verdict.NOT_SAME, *SOURCES)])
    assert len(split.entries) == 5
    assert {entry.rulings for entry in split.entries} == {(1,)}
    assert places(split) == 5
    assert fold(STROKES, [ruling(1, Verdict.NOT_SAME, *SOURCES, withdrawn=NOW)]) == before


def test_one_taken_out_leaves_the_others_together():
    record = fold(STROKES, [ruling(1, Verdict.NOT_SAME, "mh")])
    assert sorted(len(entry.said_by) for entry in record.entries) == [1, 4]


def test_same_joins_what_the_rules_kept_apart_and_says_who_ruled():
    apart = [condition("gp", "s", "Stroke", "2020"), condition("acute", "s", "TIA", "2026")]
    assert len(fold(apart).entries) == 2
    (entry,) = fold(apart, [ruling(4, Verdict.SAME, "gp", "acute")]).entries
    assert entry.why == "Ruled the same thing by Dr Hale: seen the notes"
    assert entry.rulings == (4,)


def test_a_later_ruling_beats_an_earlier_one_whatever_the_order_given():
    split, joined = ruling(1, Verdict.NOT_SAME, "gp", "mh"), ruling(2, Verdict.SAME, "gp", "mh")
    assert [len(e.said_by) for e in fold(STROKES[:1] + STROKES[2:3], [joined, split]).entries] == [
        2
    ]


def test_what_is_ruled_wrong_is_shown_refuted_and_the_rest_stands():
    record = fold(STROKES, [ruling(1, Verdict.WRONG, "lab")])
    by_status = {entry.status: entry for entry in record.entries}
    assert set(by_status) == {"unknown", "refuted"}
    assert by_status["refuted"].sources == ("lab",)
    assert by_status["refuted"].why == "Ruled wrong by Dr Hale: seen the notes"
    assert places(record) == 5


def test_an_entry_ruled_wrong_whole_stays_one_entry():
    (entry,) = fold(STROKES, [ruling(1, Verdict.WRONG, *SOURCES)]).entries
    assert entry.status == "refuted"
    assert len(entry.said_by) == 5


def test_a_dispute_marks_and_changes_nothing_else():
    (entry,) = fold(STROKES, [ruling(3, Verdict.DISPUTED, "gp")]).entries
    assert entry.conflict == "Disputed by Dr Hale: seen the notes."
    assert entry.status == "unknown"


def test_a_negative_ruled_wrong_denies_nothing_and_is_shown_refuted():
    statements = [
        allergy("acute", "n", "No known allergies"),
        allergy("gp", "p", "Penicillin"),
    ]
    record = fold(
        statements,
        [ruling(1, Verdict.WRONG, "acute", kind="AllergyIntolerance", id="n")],
    )
    assert record.negatives == ()
    assert {entry.title: entry.status for entry in record.of(Kind.ALLERGY)} == {
        "No known allergies": "refuted",
        "Penicillins": "active",
    }
    assert all(not entry.conflict for entry in record.entries)
    assert places(record) == 2


def test_a_ruling_about_nobody_here_changes_nothing():
    assert fold(STROKES, [ruling(1, Verdict.SAME, "gp", id="other")]) == fold(STROKES)
