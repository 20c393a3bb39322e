"""Attesting what software made takes away a mark, and changes nothing else."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.property.test_fold_laws import EXAMPLES, ids, lists, sensible, sources
from tests.unit.fold_statements import PATIENTS
from wholerecord.fold import About, Ruling, Verdict, fold

AFTER = datetime(2027, 1, 1, tzinfo=UTC)
LABEL = {"security": [{"code": "AIAST"}]}
by_software = st.tuples(sensible, st.booleans()).map(
    lambda said: (
        (said[0][0], {**said[0][1], "meta": {**said[0][1].get("meta", {}), **LABEL}})
        if said[1]
        else said[0]
    )
)
kinds = st.sampled_from(["Condition", "AllergyIntolerance", "MedicationRequest", "Observation"])
rulings = st.lists(st.tuples(sources, kinds, ids), max_size=6).map(
    lambda about: [
        Ruling(
            n=n,
            verdict=Verdict.ATTESTED,
            about=(About(PATIENTS[source], kind, given_id),),
            by="dr",
            why="read",
            at=AFTER,
        )
        for n, (source, kind, given_id) in enumerate(about, start=1)
    ]
)


@EXAMPLES
@given(lists(by_software), rulings)
def test_a_ruling_of_attested_only_removes_the_mark(statements, attested):
    before, after = fold(statements), fold(statements, attested)
    for was, now in zip(before.entries, after.entries, strict=True):
        assert was.unverified or not now.unverified
        assert replace(now, unverified=was.unverified, attested=()) == was
        if was.unverified and not now.unverified:
            assert now.attested
    assert replace(after, entries=before.entries) == before


@EXAMPLES
@given(lists(by_software), rulings, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_change_what_is_marked(statements, attested, random):
    shuffled = list(statements)
    random.shuffle(shuffled)
    assert fold(shuffled, attested) == fold(statements, attested)
