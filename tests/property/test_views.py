"""Law: a view's typed query gives the rows that the plain reference says it means."""

from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from wholerecord.research.views import BadView, Resources, read_view, rows_of_view

_TEXTS = st.sampled_from(["a", "b", "é", "x'y", "", "2024", "Patient/1", "Group/1/_history/2"])
_NUMBERS = st.sampled_from([0, 1, 2, -3, 1.5, 2.0])


def _some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Elements of which any part may be missing, but not all: FHIR has no empty element."""
    return st.fixed_dictionaries({}, optional=parts).filter(bool)


_REF = _some(reference=_TEXTS)
_INNER = _some(t=_TEXTS, n=_NUMBERS, b=st.booleans(), ts=st.lists(_TEXTS | st.none(), max_size=3))
_OUTER = _some(
    t=_TEXTS, one=_INNER, many=st.lists(_INNER, max_size=3), ts=st.lists(_TEXTS, max_size=2)
)
_RESOURCE = _some(
    t=_TEXTS,
    n=_NUMBERS,
    b=st.booleans(),
    ref=_REF,
    refs=st.lists(_REF, max_size=2),
    one=_OUTER,
    many=st.lists(_OUTER, max_size=3),
).map(lambda said: {"resourceType": "Patient", "id": "p", **said})

#: Paths of text, of a number, of truth, of elements: asked of any element above.
_TEXT = st.sampled_from(
    [
        "t",
        "t.first()",
        "ts.first()",
        "ts.last()",
        "ts[1]",
        "ts.join('-')",
        "one.t",
        "one.ts.first()",
        "many.t.first()",
        "many.ts.join()",
        "many.many.t.last()",
        "many.where(t = 'a').ts[0]",
        "one.where(t.exists()).one.t.first()",
        "ref.getReferenceKey()",
        "refs.getReferenceKey(Patient).first()",
        "t + 'x'",
        "birthDate.lowBoundary()",
        "t.highBoundary()",
        "$this.t",
    ]
)
_NUMBER = st.sampled_from(
    ["n", "n + 1", "n * 2 - 1", "n / 2", "many.count()", "ts.count()", "one.n", "%rowIndex", "-1"]
)
_ATOM = st.sampled_from(
    [
        "b",
        "one.b",
        "t = 'a'",
        "t != 'a'",
        "t = n",
        "n > 1",
        "n <= 1.5",
        "t < 'b'",
        "ts = ts",
        "ts = 'a'",
        "many.t = one.t",
        "many.exists()",
        "many.many.exists(n > 0)",
        "one.exists(t = 'a')",
        "one.empty()",
        "ts.empty()",
        "many.where(b).exists()",
        "nothing",
    ]
)
_TRUTH = st.recursive(
    _ATOM,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda said: f"({said[0]} {said[1]} {said[2]})"
        )
        | inner.map(lambda said: f"({said}).not()")
    ),
    max_leaves=4,
)
_ELEMENTS = st.sampled_from(
    ["many", "one", "many.many", "one.many", "many.where(t = 'a')", "many.one", "nothing"]
)
_PATHS = {"text": _TEXT, "number": _NUMBER, "truth": _TRUTH}


@st.composite
def _columns(draw: st.DrawFn, names: list[str]) -> list[dict[str, Any]]:
    return [{"name": name, "path": draw(_PATHS[name.split("_")[0]])} for name in names]


@st.composite
def _select(draw: st.DrawFn, names: list[str], deep: int) -> dict[str, Any]:
    """A select with exactly these columns: a column's kind is in its name."""
    said: dict[str, Any] = {}
    if draw(st.booleans()):
        said[draw(st.sampled_from(["forEach", "forEachOrNull"]))] = draw(_ELEMENTS)
    if deep == 0 or len(names) < 2:
        said["column"] = draw(_columns(names))
        return said
    cut = draw(st.integers(1, len(names) - 1))
    mine, rest = names[:cut], names[cut:]
    said["column"] = draw(_columns(mine))
    if draw(st.booleans()):
        said["select"] = [draw(_select(rest, deep - 1))]
    else:
        branches = draw(st.integers(1, 3))
        said["unionAll"] = [draw(_select(rest, deep - 1)) for _ in range(branches)]
    return said


@st.composite
def views(draw: st.DrawFn) -> dict[str, Any]:
    kinds = draw(st.lists(st.sampled_from(list(_PATHS)), min_size=1, max_size=5))
    names = [f"{kind}_{n}" for n, kind in enumerate(kinds)]
    where = draw(st.lists(_TRUTH, max_size=2))
    return {
        "resource": "Patient",
        "select": [draw(_select(names, 2))],
        "where": [{"path": path} for path in where],
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(_RESOURCE, min_size=1, max_size=5), views())
def test_a_views_query_gives_the_rows_it_means(resources, said):
    view = read_view(said)
    with duckdb.connect() as engine:
        try:
            found = Resources.of(engine, resources).rows(view).fetchall()
        except (BadView, duckdb.InvalidInputException) as refused:
            found = refused
        try:
            means = rows_of_view(view, resources)
        except BadView as refused:
            means = refused
    if isinstance(means, BadView):
        # What is wrong with one value may be in a row that the engine need not look at.
        assert not isinstance(found, list) or "more than one value" in str(means)
        return
    assert found == means


@settings(max_examples=30, deadline=None)
@given(st.recursive(_some(v=_TEXTS), lambda inner: _some(v=_TEXTS, i=st.lists(inner, max_size=3)),
                    max_leaves=12))  # fmt: skip
def test_repeat_goes_as_deep_as_any_resource(tree):
    view = read_view({
        "resource": "Patient",
        "select": [{"repeat": ["i"], "column": [{"name": "v", "path": "v"}]}],
    })  # fmt: skip
    resources = [{"resourceType": "Patient", "id": "p", **tree}]
    with duckdb.connect() as engine:
        assert Resources.of(engine, resources).rows(view).fetchall() == rows_of_view(
            view, resources
        )
