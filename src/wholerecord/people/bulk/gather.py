"""Clusters from pairs: the strongest first, and no cluster that holds two who cannot be one.

A pair is refused, and left for people to look at, where it would bring together two different
verified NHS numbers or a pair with a veto. Any order of pairs gives the same clusters.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[str, str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Each cluster's ids, sorted; and the pairs that were refused, strongest first."""

    clusters: tuple[tuple[str, ...], ...]
    refused: tuple[Pair, ...]


def gather(
    ids: Sequence[str],
    pairs: Iterable[Pair],
    *,
    numbers: Mapping[str, str],
    apart: Iterable[tuple[str, str]],
) -> Gathered:
    """Everybody in `ids` in one cluster each.

    `pairs` are joined strongest first; `numbers` are the verified NHS numbers, `apart` the pairs
    that can never be one.
    """
    clusters = _Clusters(numbers, apart)
    ordered = sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))
    refused = tuple(pair for pair in ordered if not clusters.join(pair[0], pair[1]))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in sorted(ids):
        found[clusters.of(each)].append(each)
    return Gathered(
        clusters=tuple(sorted(tuple(members) for members in found.values())), refused=refused
    )


class _Clusters:
    """Who is with whom so far. Ids not met yet are alone."""

    def __init__(self, numbers: Mapping[str, str], apart: Iterable[tuple[str, str]]) -> None:
        self._above: dict[str, str] = {}
        self._size: dict[str, int] = {}
        self._number = dict(numbers)
        #: Each cluster's vetoes: the ids none of its members can be with.
        self._apart: defaultdict[str, set[str]] = defaultdict(set)
        for one, other in apart:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def of(self, one: str) -> str:
        """The id that stands for the cluster of `one`."""
        top = one
        while (above := self._above.get(top, top)) != top:
            top = above
        while (above := self._above.get(one, one)) != top:
            self._above[one] = top
            one = above
        return top

    def join(self, one: str, other: str) -> bool:
        """Make two clusters one, or False when they cannot be."""
        a, b = self.of(one), self.of(other)
        if a == b:
            return True
        if self._size.get(a, 1) < self._size.get(b, 1):
            a, b = b, a
        mine, theirs = self._number.get(a, ""), self._number.get(b, "")
        if mine and theirs and mine != theirs:
            return False
        if any(self.of(each) == b for each in self._apart.get(a, ())):
            return False
        self._above[b] = a
        self._size[a] = self._size.get(a, 1) + self._size.get(b, 1)
        if theirs:
            self._number[a] = theirs
        if b in self._apart:
            self._apart[a] |= self._apart.pop(b)
        return True
