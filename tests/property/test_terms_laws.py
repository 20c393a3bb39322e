"""Laws of subsumption, of families and of what is loaded."""

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholerecord.terms import Terminology, concept, families, is_a, related, take_up
from wholerecord.terms.closure import Circle, ancestors
from wholerecord.terms.content import ICD10, SNOMED, BadRelease, Content, Map, Term
from wholerecord.terms.release import Release, Shelf
from wholerecord.terms.release.write import write_release

#: Parents of the n-th concept, among those before it: any directed graph without a circle.
GRAPHS = st.lists(st.lists(st.integers(0, 10**6), max_size=3), min_size=1, max_size=25).map(
    lambda drawn: [
        tuple(sorted({up % n for up in ups})) if n else () for n, ups in enumerate(drawn)
    ]
)
CODES = ("230690007", "422504002", "195189003", "91936005", "22298006")


def walk(parents, n):
    found, waiting = set(), list(parents[n])
    while waiting:
        if (up := waiting.pop()) not in found:
            found.add(up)
            waiting.extend(parents[up])
    return sorted(found)


@given(GRAPHS)
def test_the_closure_is_what_a_walk_finds(parents):
    assert [list(above) for above in ancestors(parents)] == [
        walk(parents, n) for n in range(len(parents))
    ]


@given(GRAPHS, st.randoms(use_true_random=False))
def test_a_circle_is_found_wherever_it_is(parents, draw):
    low = draw.randrange(len(parents))
    below = [n for n in range(len(parents)) if low in walk(parents, n)] + [low]
    top = draw.choice(below)
    circled = [(*ups, top) if n == low else ups for n, ups in enumerate(parents)]
    with pytest.raises(Circle) as found:
        ancestors(circled)
    at = found.value.at
    assert all(up in circled[n] for n, up in zip(at, (*at[1:], at[0]), strict=True))


def code_of(n):
    """Some of them codes of our own value set, so that both meet."""
    return CODES[n] if n < len(CODES) else str(900_000_000 + n)


def written(parents, folder):
    terms = {
        code_of(n): Term(
            code=code_of(n),
            title=f"Number {n}",
            tag="disorder",
            parents=tuple(code_of(up) for up in ups),
            maps=(Map(ICD10, f"Q{n % 7}0"),) if n % 3 == 0 else (),
        )
        for n, ups in enumerate(parents)
    }
    content = Content(kind="snomed", system=SNOMED, version="1", title="", terms=terms)
    Shelf(folder).load(content)
    return Terminology.of(folder)


@settings(max_examples=40, deadline=None)
@given(GRAPHS)
def test_what_is_written_is_what_is_read(parents):
    with tempfile.TemporaryDirectory() as folder:
        found = written(parents, Path(folder))
        for n, m in itertools.product(range(len(parents)), repeat=2):
            expected = n == m or m in walk(parents, n)
            assert found.subsumes(SNOMED, code_of(m), code_of(n)) is expected


@settings(max_examples=40, deadline=None)
@given(GRAPHS)
def test_is_a_is_reflexive_and_transitive_and_families_keep_the_related_together(parents):
    with tempfile.TemporaryDirectory() as folder:
        take_up(written(parents, Path(folder)))
        try:
            codes = [concept(SNOMED, code_of(n)) for n in range(len(parents))]
            codes += [concept(ICD10, f"Q{n}0") for n in range(7)]
            codes = [one for one in codes if one is not None]
            family = families(codes)
            assert family == families(reversed(codes))
            for one, other in itertools.product(codes, repeat=2):
                assert related(one, other) is related(other, one)
                if related(one, other):
                    assert family[one.id] == family[other.id]
            assert all(is_a(one, one) for one in codes)
        finally:
            take_up(Terminology())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_byte_gives_a_fault_or_a_wrong_mark_and_no_crash(data):
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        terms = {str(n): Term(code=str(n), title=f"Number {n}") for n in range(1, 9)}
        loaded = shelf.load(
            Content(kind="snomed", system=SNOMED, version="1", title="", terms=terms)
        )
        whole = bytearray(shelf.path(loaded).read_bytes())
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] ^= data.draw(st.integers(1, 255))
        shelf.path(loaded).write_bytes(whole)
        assert not shelf.whole(loaded)
        Terminology.of(Path(folder))


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=20, unique=True))
def test_any_code_is_found_again(codes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        terms = {code: Term(code=code, title=code) for code in codes}
        content = Content(kind="x", system="urn:x", version="1", title="", terms=terms)
        try:
            write_release(content, path)
        except BadRelease:
            return
        release = Release(path)
        assert {release.term_at(release.row(code)).code for code in codes} == set(codes)
        assert release.row("\N{BLACK STAR}no such code") == -1


NAMES = st.lists(
    st.lists(st.sampled_from(["a", "ab", "abc", "b", "ba", "type 2"]), min_size=1).map(" ".join),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(NAMES, st.lists(st.sampled_from(["a", "ab", "b", "ba", "bab", "2", "ty"]), max_size=3))
def test_a_search_finds_exactly_the_names_with_words_that_begin_so(names, words):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        terms = {str(n): Term(code=str(n), title=name) for n, name in enumerate(names, 1)}
        content = Content(kind="x", system="urn:x", version="1", title="", terms=terms)
        write_release(content, path)
        release = Release(path)
        expected = {
            name
            for name in names
            if words and all(any(w.startswith(word) for w in name.split()) for word in words)
        }
        assert {release.term_at(row).title for row in release.search(" ".join(words))} == expected
