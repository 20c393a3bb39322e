"""Prints how well recurrences of cancer stand apart: `python -m benchmarks.labelled.recurrences`.

One seed has some thirty, so that one of them moves its figure by a tenth. Here are those of sixteen
seeds, cancers alone: the rule's window was chosen on eight of them, and the other eight are
reported. Last, how many stand in one line with something else, and how many of these no source
told of apart from the cancer: those no rule can know.
"""

from collections import defaultdict
from random import Random

from benchmarks.labelled import cancers
from benchmarks.labelled.joining import WAYS, Joined
from benchmarks.labelled.scores import Score, add
from benchmarks.labelled.telling import Telling

SEEDS = {"chosen on": range(1, 9), "reported": range(11, 19)}
LABEL = "cancer recurrence"


def people(seed: int, count: int = 1000) -> list[Telling]:
    """People of whom nothing is told but cancers."""
    each = [Telling(Random(f"{seed}-{number}"), number) for number in range(count)]
    for one in each:
        cancers.cancers(one)
    return each


def lost(telling: Telling, joined: Joined) -> tuple[int, int]:
    """How many recurrences are in one line with something else, and how many of them wholly so."""
    every = whole = 0
    for thing in telling.things:
        if thing.label != LABEL:
            continue
        mine = {cluster for one, cluster in zip(telling.truth, joined, strict=True) if one == thing}
        others = {
            cluster for one, cluster in zip(telling.truth, joined, strict=True) if one != thing
        }
        every += not mine.isdisjoint(others)
        whole += mine <= others
    return every, whole


def table(name: str, seeds: range) -> None:
    """The figures of the seeds together, and of each by the fold."""
    scores: dict[str, dict[str, Score]] = {way: defaultdict(Score) for way in WAYS}
    joined, alone = 0, 0
    for seed in seeds:
        mine: dict[str, Score] = defaultdict(Score)
        for one in people(seed):
            for way, join in WAYS.items():
                found = join(one)
                add(scores[way], one, found)
                if way == "the fold":
                    add(mine, one, found)
                    every, whole = lost(one, found)
                    joined, alone = joined + every, alone + whole
        print(f"{name}, seed {seed}: {_figures(mine[LABEL])}")
    for way, by_label in scores.items():
        print(f"{name}, {way}: {_figures(by_label[LABEL])}")
    print(f"{name}, joined with something else: {joined}; told of by nobody: {alone}")


def _figures(said: Score) -> str:
    pairs = " ".join(f"{rate:.3f}" for rate in said.pairs)
    cubed = f"{said.b_cubed[2]:.3f}"
    return f"P R F1 {pairs}, B-cubed F1 {cubed}, apart {said.apart:.3f} of {said.recurrences}"


if __name__ == "__main__":
    for name, seeds in SEEDS.items():
        table(name, seeds)
