"""Laws of rulings, whatever they say and of whatever: nothing is lost, hidden or out of order."""

from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_fold_laws import EXAMPLES, crowded, ids, lists, sensible, sources
from tests.unit.fold_statements import PATIENTS, RECEIVED, places
from wholerecord.fold import NOT_SO, SIDES, About, Onward, Ruling, Verdict, fold

kinds = st.sampled_from(["Condition", "Condition", "AllergyIntolerance", "Procedure", "Patient"])
abouts = st.builds(
    lambda source, kind, own: About(PATIENTS[source], kind, own), sources, kinds, ids
)
rulings = st.lists(
    st.tuples(
        st.sampled_from([*Verdict, *[Verdict.SUPERSEDED] * 6]),
        st.lists(abouts, min_size=1, max_size=3, unique=True),
        st.sampled_from(SIDES),
    ),
    max_size=6,
).map(
    lambda made: [
        Ruling(
            n=n, verdict=verdict, about=tuple(about), by="dr", why="seen", at=RECEIVED, side=side
        )
        for n, (verdict, about, side) in enumerate(made, start=1)
    ]
)
statements = lists(st.one_of(sensible, crowded), size=16)


@EXAMPLES
@given(statements, rulings, st.randoms(use_true_random=False))
def test_every_statement_is_in_one_place_and_no_order_changes_that(said, made, random):
    record = fold(said, made)
    assert places(record) == record.statements
    shuffled, mixed = list(said), list(made)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    assert fold(shuffled, mixed) == record


@EXAMPLES
@given(statements, rulings, st.integers(0, 16))
def test_a_record_that_goes_on_is_ruled_as_one_folded_anew(said, made, first):
    onward = Onward(said[:first], made)
    for one in said[first:]:
        onward.further([one])
    assert onward.record == fold(said, made)


@EXAMPLES
@given(statements, rulings)
def test_what_is_superseded_is_so_by_something_that_stands(said, made):
    record = fold(said, made)
    by_number = {one.n: one for one in made}
    standing = {
        one.id_key: entry.status not in NOT_SO or entry.status == "superseded" or not entry.rulings
        for entry in record.entries
        for one in entry.said_by
    }
    denied = {one.said.id_key for one in record.negatives}
    for entry in record.entries:
        if entry.status != "superseded":
            continue
        over = [by_number[n] for n in entry.rulings if by_number[n].verdict is Verdict.SUPERSEDED]
        firsts = {(one.about[0].patient, one.about[0].kind, one.about[0].id) for one in over}
        none = any(one.words.lower().startswith("no ") for one in entry.said_by)
        assert none or any(standing.get(first) for first in firsts - denied)


@EXAMPLES
@given(statements, rulings)
def test_taking_every_ruling_back_gives_the_record_without_them(said, made):
    gone = [
        Ruling(n=one.n, verdict=one.verdict, about=one.about, by=one.by, why=one.why, at=one.at,
               side=one.side, withdrawn=RECEIVED)
        for one in made
    ]  # fmt: skip
    assert fold(said, gone) == fold(said)
