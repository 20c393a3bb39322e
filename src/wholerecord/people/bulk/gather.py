"""Clusters from pairs: the strongest first, and no cluster that holds two who cannot be one.

A pair is refused, and left for people to look at, where it would bring together two different
verified NHS numbers or a pair with a veto.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Two records by their places, and the bits between them.
Pair = tuple[int, int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """For each record the first of its cluster; and the refused pairs, strongest first."""

    first: tuple[int, ...]
    refused: tuple[Pair, ...]


def gather(
    numbers: Sequence[int], pairs: Iterable[Pair], *, apart: Iterable[tuple[int, int]]
) -> Gathered:
    """Everybody in one cluster each. Memory grows with the records, not with the pairs.

    `numbers` says for each record which verified NHS number it has, -1 for none. `pairs` come
    strongest first; those of `apart` can never be one.
    """
    clusters = _Clusters(numbers, apart)
    refused = tuple(pair for pair in pairs if not clusters.join(pair[0], pair[1]))
    first: dict[int, int] = {}
    for each in range(len(numbers)):
        first.setdefault(clusters.of(each), each)
    return Gathered(
        first=tuple(first[clusters.of(each)] for each in range(len(numbers))), refused=refused
    )


class _Clusters:
    """Who is with whom so far: at first, everybody is alone."""

    def __init__(self, numbers: Sequence[int], apart: Iterable[tuple[int, int]]) -> None:
        self._above = list(range(len(numbers)))
        self._size = [1] * len(numbers)
        self._number = list(numbers)
        #: Each cluster's vetoes: the records none of its members can be with.
        self._apart: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in apart:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def of(self, one: int) -> int:
        """The record that stands for the cluster of `one`."""
        above = self._above
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    def join(self, one: int, other: int) -> bool:
        """Make two clusters one, or False when they cannot be."""
        a, b = self.of(one), self.of(other)
        if a == b:
            return True
        if self._size[a] < self._size[b]:
            a, b = b, a
        mine, theirs = self._number[a], self._number[b]
        if mine >= 0 and theirs >= 0 and mine != theirs:
            return False
        # Either side's vetoes tell, and one side may be a person with thousands of records.
        fewer, there = sorted((a, b), key=lambda each: len(self._apart.get(each, ())))
        if any(self.of(each) == there for each in self._apart.get(fewer, ())):
            return False
        self._above[b] = a
        self._size[a] += self._size[b]
        if theirs >= 0:
            self._number[a] = theirs
        if b in self._apart:
            self._apart[a] |= self._apart.pop(b)
        return True
