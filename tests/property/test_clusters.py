"""Clusters of islands are the clusters that gathering one pair after another makes."""

import os

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wholerecord.people.bulk.gather import gather
from wholerecord.people.bulk.islands import Pairs, clusters

LONG = settings(max_examples=3000 if os.environ.get("WHOLERECORD_SOAK") else 150, deadline=None)
RECORDS = 9
places = st.tuples(st.integers(0, RECORDS - 1), st.integers(0, RECORDS - 1))
edges = places.filter(lambda pair: pair[0] < pair[1])
bits = st.sampled_from([19.0, 30.5, 44.25, 60.0])
joins = st.dictionaries(edges, bits, max_size=14)
numbers = st.lists(st.sampled_from([-1, -1, -1, 7, 8]), min_size=RECORDS, max_size=RECORDS)


def pairs_of(said: dict[tuple[int, int], float]) -> Pairs:
    one, other = zip(*said, strict=True) if said else ((), ())
    return Pairs(
        one=np.array(one, np.int64),
        other=np.array(other, np.int64),
        bits=np.array([*said.values()], np.float64),
    )


@LONG
@given(numbers, joins, st.sets(edges, max_size=5))
def test_islands_are_gathered_as_pairs_one_after_another_are(numbers, joined, apart):
    parted = pairs_of(dict.fromkeys(apart, 50.0))

    first, refused = clusters(np.array(numbers, np.int64), pairs_of(joined), apart=parted)

    strongest = sorted(((*pair, bits) for pair, bits in joined.items()), key=lambda p: (-p[2], p))
    expected = gather(numbers, strongest, apart=apart)
    assert tuple(first.tolist()) == expected.first
    found = zip(refused.one.tolist(), refused.other.tolist(), refused.bits.tolist(), strict=True)
    assert tuple(found) == expected.refused
