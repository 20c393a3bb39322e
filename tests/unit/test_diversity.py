"""What the groups of an extract tell of conditions: hand-worked, and against a slow reference."""

from collections.abc import Sequence
from math import exp, isclose, log

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholerecord.research.arrow import pa
from wholerecord.research.singling.diversity import Diversity, diversity_of

#: Year of birth and conditions, of each person.
People = Sequence[tuple[int, frozenset[str]]]


#: One for all: to open one takes longer than to measure.
ENGINE = duckdb.connect(":memory:")


def measured(people: People) -> Diversity:
    grouped = {
        "person_id": pa.array(range(len(people)), pa.int64()),
        "kind": pa.array([born for born, _ in people], pa.int32()),
    }
    lines = [(n, code) for n, (_, codes) in enumerate(people) for code in codes] * 2
    had = {
        "person_id": pa.array([n for n, _ in lines], pa.int64()),
        "code": pa.array([code for _, code in lines], pa.string()),
    }
    with ENGINE.cursor() as engine:
        engine.from_arrow(pa.table(grouped)).create_view("grouped", replace=True)
        engine.from_arrow(pa.table(had)).create_view("had", replace=True)
        return diversity_of(engine)


def reference(people: People) -> Diversity:
    """The same, slowly and plainly."""
    groups: dict[int, list[frozenset[str]]] = {}
    for born, conditions in people:
        groups.setdefault(born, []).append(conditions)
    codes = {code for _, conditions in people for code in conditions}
    ls, evens, ts, told = list[int](), list[float](), [0.0], 0
    for group in groups.values():
        shares = [group.count(each) / len(group) for each in set(group)]
        ls.append(len(shares))
        evens.append(exp(-sum(share * log(share) for share in shares)))
        for code in codes:
            here = sum(code in each for each in group) / len(group)
            ts.append(abs(here - sum(code in each for _, each in people) / len(people)))
        told += len(group) if frozenset.intersection(*group) else 0
    return Diversity(
        different=min(ls, default=0), even=min(evens, default=0.0), far=max(ts), told=told
    )


FLU, HIV, NONE = frozenset({"flu"}), frozenset({"hiv"}), frozenset[str]()


@pytest.mark.parametrize(
    ("people", "different", "even", "far", "told"),
    [
        ([], 0, 0.0, 0.0, 0),
        # One group: it is everybody, so nothing is far; two sets, equally common.
        ([(1950, FLU), (1950, HIV)], 2, 2.0, 0.0, 0),
        # Four of ten have it: all four of 1950, so 1 - 0.4 is how far, and the four are told of.
        ([(1950, FLU)] * 4 + [(1960, NONE)] * 6, 1, 1.0, 0.6, 4),
        # 3 of 4 and 1 of 4, of half of everybody; entropy of (3/4, 1/4) is 0.5623.
        ([(1950, HIV)] * 3 + [(1950, NONE), (1960, HIV)] + [(1960, NONE)] * 3, 2, 1.7548, 0.25, 0),
        # Two sets, but both hold flu: l is 2, and the group tells of flu all the same.
        ([(1950, FLU), (1950, FLU | HIV), (1960, NONE), (1960, HIV)], 2, 2.0, 0.5, 2),
    ],
)  # fmt: skip
def test_hand_worked_groups_are_measured_so(people, different, even, far, told):
    found = measured(people)
    assert (found.different, found.told) == (different, told)
    assert isclose(found.even, even, abs_tol=1e-4)
    assert isclose(found.far, far, abs_tol=1e-9)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from((1950, 1960, 1970)), st.frozensets(st.sampled_from("abc"))),
        max_size=12,
    )
)
def test_it_is_what_the_slow_reference_says(people):
    found, slow = measured(people), reference(people)
    assert (found.different, found.told) == (slow.different, slow.told)
    assert isclose(found.even, slow.even, abs_tol=1e-6)
    assert isclose(found.far, slow.far, abs_tol=1e-9)


def test_it_says_all_of_it():
    said = Diversity(different=2, even=1.7, far=0.25, told=4).says()
    assert all(part in said for part in ("2 different", "1.70", "0.25", "4 people"))
