"""Laws of scopes: narrowing never widens, and a scope written is the scope read."""

from hypothesis import given
from hypothesis import strategies as st

from wholerecord.smart import Row, Scopes, granted, shows

TYPES = ("Patient", "Observation", "Condition")
CODES = ("laboratory", "vital-signs", "http://x|survey")
rows = st.builds(
    lambda of, kind, may, categories: Row(
        of=of, type=kind, may=may, categories=() if kind == "*" else categories
    ),
    st.sampled_from(("patient", "user", "system")),
    st.sampled_from((*TYPES, "*")),
    st.frozensets(st.sampled_from("cruds"), min_size=1),
    st.lists(st.frozensets(st.sampled_from(CODES), min_size=1), max_size=2, unique=True).map(tuple),
)
scopes = st.lists(rows, max_size=5, unique=True).map(lambda some: Scopes(tuple(some)))
resources = st.builds(
    lambda kind, codes: {
        "resourceType": kind,
        "category": [
            {"coding": [{"system": one.partition("|")[0], "code": one.rpartition("|")[2]}]}
            if "|" in one
            else {"coding": [{"code": one}]}
            for one in codes
        ],
    },
    st.sampled_from(TYPES),
    st.lists(st.sampled_from(CODES), max_size=2),
)


@given(scopes)
def test_a_scope_that_is_written_is_read_as_the_same(one):
    assert Scopes.parse(str(one)) == one


@given(scopes, scopes, resources, st.sampled_from("cruds"))
def test_what_is_within_a_ceiling_allows_no_more_than_either(mine, ceiling, resource, doing):
    both = mine.within(ceiling)
    if shows(both, resource, doing):
        assert shows(mine, resource, doing)
        assert shows(ceiling, resource, doing)
    if granted(both, resource["resourceType"], doing):
        assert granted(mine, resource["resourceType"], doing)
        assert granted(ceiling, resource["resourceType"], doing)
    assert {row.of for row in both.rows} <= {row.of for row in mine.rows}


@given(st.text(max_size=200))
def test_no_text_is_more_than_the_words_in_it(text):
    for row in Scopes.parse(text).rows:
        assert row.of in text
