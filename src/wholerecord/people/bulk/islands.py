"""Clusters of a million records: most are islands in which nothing forbids anything.

All pairs of an island join, in whatever order. Only where two of an island can never be one does
the order count, and `gather` takes its pairs the strongest first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholerecord.people.bulk.gather import Pair, gather
from wholerecord.people.bulk.outside import connected_components, coo_array

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of records by their places, and the bits between them."""

    one: Places
    other: Places
    bits: NDArray[np.float64]

    def where(self, which: NDArray[np.bool_]) -> "Pairs":
        """Some of them."""
        return Pairs(one=self.one[which], other=self.other[which], bits=self.bits[which])

    def strongest_first(self) -> "Pairs":
        """The same in the order of their bits, then of their places."""
        order = np.lexsort((self.other, self.one, -self.bits))
        return Pairs(one=self.one[order], other=self.other[order], bits=self.bits[order])

    def __add__(self, more: "Pairs") -> "Pairs":
        return Pairs(
            one=np.concatenate((self.one, more.one)),
            other=np.concatenate((self.other, more.other)),
            bits=np.concatenate((self.bits, more.bits)),
        )


def clusters(numbers: Places, joined: Pairs, *, apart: Pairs) -> tuple[Places, Pairs]:
    """For each record the place of the first of its cluster; and the pairs that were refused.

    As `gather` of all the pairs would have it; see there for `numbers` and `apart`.
    """
    island = _islands(len(numbers), joined)
    first = _first(island)
    troubled = _troubled(numbers, island, apart)
    if not troubled.any():
        return first, joined.where(np.zeros(len(joined.one), bool))
    members = np.flatnonzero(troubled[island])
    at = np.full(len(numbers), -1)
    at[members] = np.arange(len(members))
    some = joined.where(troubled[island[joined.one]]).strongest_first()
    parted = apart.where((at[apart.one] >= 0) & (at[apart.other] >= 0))
    gathered = gather(
        numbers[members].tolist(),
        zip(at[some.one].tolist(), at[some.other].tolist(), some.bits.tolist(), strict=True),
        apart=zip(at[parted.one].tolist(), at[parted.other].tolist(), strict=True),
    )
    first[members] = members[np.array(gathered.first, np.int64)]
    return first, _back(gathered.refused, members)


def _islands(records: int, joined: Pairs) -> Places:
    """The island of each record, a number from 0: whom any row of pairs connects."""
    edges = coo_array(
        (np.ones(len(joined.one), np.int8), (joined.one, joined.other)), shape=(records, records)
    )
    _, island = connected_components(edges, directed=False)
    return np.asarray(island, np.int64)


def _first(island: Places) -> Places:
    """For each record the first place on its island."""
    _, first, of = np.unique(island, return_index=True, return_inverse=True)
    return np.asarray(first[of], np.int64)


def _troubled(numbers: Places, island: Places, apart: Pairs) -> NDArray[np.bool_]:
    """Which islands hold two who can never be one."""
    troubled = np.zeros(int(island.max(initial=-1)) + 1, bool)
    on = island[apart.one]
    troubled[on[on == island[apart.other]]] = True
    known = numbers >= 0
    least = np.full(len(troubled), np.iinfo(np.int64).max)
    most = np.full(len(troubled), -1)
    np.minimum.at(least, island[known], numbers[known])
    np.maximum.at(most, island[known], numbers[known])
    troubled |= most > least
    return troubled


def _back(refused: tuple[Pair, ...], members: Places) -> Pairs:
    """Refused pairs by the places of all records."""
    one, other, bits = zip(*refused, strict=True) if refused else ((), (), ())
    return Pairs(
        one=members[np.array(one, np.int64)],
        other=members[np.array(other, np.int64)],
        bits=np.array(bits, np.float64),
    )
