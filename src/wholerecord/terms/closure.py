"""Every concept's ancestors, worked out once when a release is loaded.

Kahn's algorithm orders the concepts parents first; a concept's ancestors are then its parents and
theirs. Linear in the number of pairs. What cannot be ordered lies on or below a circle.
"""

from array import array
from collections.abc import Sequence


class Circle(Exception):
    """Some concepts are kinds of themselves; `at` are the row numbers of one circle, in order."""

    def __init__(self, at: Sequence[int]) -> None:
        super().__init__("a circle of is-a")
        self.at = tuple(at)


def ancestors(parents: Sequence[Sequence[int]]) -> "list[array[int]]":
    """For each row number, the row numbers of all that it is a kind of, sorted; not itself.

    >>> [list(above) for above in ancestors([(), (0,), (1,), (0, 2)])]
    [[], [0], [0, 1], [0, 1, 2]]

    Raises:
        Circle: a concept is its own ancestor.
    """
    below = children(parents)
    waiting = [len(set(above)) for above in parents]
    ready = [n for n, count in enumerate(waiting) if not count]
    found: list[array[int]] = [array("I")] * len(parents)
    for n in ready:  # grows while it is walked
        above = set(parents[n])
        for parent in parents[n]:
            above.update(found[parent])
        found[n] = array("I", sorted(above))
        for child in below[n]:
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    if len(ready) < len(parents):
        raise Circle(_circle(parents, waiting))
    return found


def children(parents: Sequence[Sequence[int]]) -> "list[array[int]]":
    """For each row number, the row numbers of its direct kinds, sorted."""
    below: list[array[int]] = [array("I") for _ in parents]
    for n, above in enumerate(parents):
        for parent in set(above):
            below[parent].append(n)
    return below


def _circle(parents: Sequence[Sequence[int]], waiting: Sequence[int]) -> list[int]:
    """One circle: climb from anything left, among what is left, until somewhere seen before."""
    at = next(n for n, count in enumerate(waiting) if count)
    seen: dict[int, int] = {}
    path: list[int] = []
    while at not in seen:
        seen[at] = len(path)
        path.append(at)
        at = next(parent for parent in parents[at] if waiting[parent])
    return path[seen[at] :]
