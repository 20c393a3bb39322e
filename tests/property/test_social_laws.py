"""Laws of social history, whatever is said of a topic and in whatever order. All made up."""

from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_fold_laws import EXAMPLES, filed
from tests.unit.fold_statements import coded, coded_as
from wholerecord.fold import Kind, Onward, SocialHistory, fold

days = st.sampled_from(["2010", "2019-05", "2024-01-01", "2024-03-01T10:00:00Z", ""])
values = st.sampled_from(
    ["Smoker", "20 a day", "Ex-smoker", "Non-smoker", "Never smoked", "Unknown if ever smoked", ""]
)
codes = st.sampled_from(
    [
        coded(loinc="72166-2"),
        coded("Ex-smoker", snomed="8517006"),
        coded("Lives alone", snomed="105529008"),
        coded("Alcohol units per week"),
        coded("Keeps pigeons"),
    ]
)
words = st.fixed_dictionaries(
    {
        "id": st.sampled_from("abcde"),
        "code": codes,
        "effectiveDateTime": days,
        "valueString": values,
        "meta": days.map(lambda at: {"lastUpdated": at} if at else {}),
        "category": st.just([coded_as("social-history")]),
        "status": st.sampled_from(["final", "final", "preliminary", "entered-in-error"]),
    }
).map(lambda body: ("Observation", {name: said for name, said in body.items() if said}))
said = st.lists(st.tuples(st.sampled_from(["gp", "acute"]), words), max_size=14).map(filed)


def topics(record):
    return [
        (entry, entry.detail)
        for entry in record.of(Kind.SOCIAL_HISTORY)
        if isinstance(entry.detail, SocialHistory)
    ]


@EXAMPLES
@given(said, st.randoms(use_true_random=False))
def test_a_topic_is_one_entry_whatever_the_order(statements, random):
    record = fold(statements)
    shuffled = list(statements)
    random.shuffle(shuffled)
    assert fold(shuffled) == record
    names = [detail.topic for _, detail in topics(record)]
    assert len(names) == len(set(names))


@EXAMPLES
@given(said, st.integers(1, 4))
def test_a_record_that_goes_on_has_the_topics_of_the_record_folded_anew(statements, size):
    onward = Onward(statements[:1])
    for start in range(1, len(statements), size):
        onward.further(statements[start : start + size])
    assert onward.record == fold(statements)


@EXAMPLES
@given(said)
def test_every_word_is_kept_newest_first_and_none_hides_another(statements):
    for entry, detail in topics(fold(statements)):
        now = [habit for habit in detail.habits if habit.now]
        assert {(one.said.t, one.said.n) for one in now} == {(s.t, s.n) for s in entry.said_by}
        starts = [
            at.start for habit in detail.habits if (at := habit.said.when or habit.said.recorded)
        ]
        assert starts == sorted(starts, reverse=True)
        had = [one for one in now if one.claim in {"has", "had"}]
        if had and detail.habits[0].claim in {"has not", "never"}:
            assert had[0].value in detail.value
        if had and any(one.claim == "never" for one in now):
            assert entry.conflict
