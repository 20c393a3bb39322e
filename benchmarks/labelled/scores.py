"""Precision and recall of joining, by pairs and by B-cubed, and how often recurrences stay apart.

Source: Bagga and Baldwin 1998 for B-cubed.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from benchmarks.labelled.joining import Joined
from benchmarks.labelled.telling import Telling


@dataclass(slots=True)
class Score:
    """Counts of one kind; each rate is 1 where there is nothing to count."""

    statements: int = 0
    things: int = 0
    true_pairs: int = 0
    joined_pairs: int = 0
    right_pairs: int = 0
    b_precision: float = 0
    b_recall: float = 0
    recurrences: int = 0
    kept_apart: int = 0

    @property
    def pairs(self) -> tuple[float, float, float]:
        """Pairwise precision, recall and F1."""
        return _three(
            _rate(self.right_pairs, self.joined_pairs), _rate(self.right_pairs, self.true_pairs)
        )

    @property
    def b_cubed(self) -> tuple[float, float, float]:
        """B-cubed precision, recall and F1."""
        return _three(
            _rate(self.b_precision, self.statements), _rate(self.b_recall, self.statements)
        )

    @property
    def apart(self) -> float:
        """How many recurrences are kept apart: most of one is not where most of the last is."""
        return _rate(self.kept_apart, self.recurrences)


def _rate(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _three(precision: float, recall: float) -> tuple[float, float, float]:
    both = precision + recall
    return (precision, recall, 2 * precision * recall / both if both else 0.0)


def add(scores: dict[str, Score], telling: Telling, joined: Joined) -> None:
    """Count one person. A pair wrongly joined counts against the kind of each of the two."""
    clusters: dict[int, Counter[int]] = defaultdict(Counter)
    where: dict[int, Counter[int]] = defaultdict(Counter)
    for thing, cluster in zip(telling.truth, joined, strict=True):
        if not thing.known:
            continue
        clusters[cluster][thing.n] += 1
        where[thing.n][cluster] += 1
    of_thing = Counter({n: held.total() for n, held in where.items()})
    for cluster in clusters.values():
        _count(scores, telling, cluster, of_thing)
    last: dict[str, int] = {}
    for thing in telling.things:
        if thing.n not in of_thing:
            continue
        score = scores[thing.label]
        score.things += 1
        score.true_pairs += _pairs(of_thing[thing.n])
        if thing.again:
            before, last[thing.again] = last.get(thing.again), thing.n
            if before is not None and not thing.soon:
                score.recurrences += 1
                score.kept_apart += _most(where[before]) != _most(where[thing.n])


def _most(held: Counter[int]) -> int:
    """The cluster that holds the most of a thing's statements."""
    return max(held, key=lambda cluster: (held[cluster], -cluster))


def _count(
    scores: dict[str, Score], telling: Telling, cluster: Counter[int], of_thing: Counter[int]
) -> None:
    size = cluster.total()
    by_label: Counter[str] = Counter()
    for n, number in cluster.items():
        score = scores[telling.things[n].label]
        by_label[telling.things[n].label] += number
        score.statements += number
        score.b_precision += number * number / size
        score.b_recall += number * number / of_thing[n]
        score.right_pairs += _pairs(number)
    for label, number in by_label.items():
        scores[label].joined_pairs += _pairs(number) + number * (size - number)


def _pairs(n: int) -> int:
    return n * (n - 1) // 2
