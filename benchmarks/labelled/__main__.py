"""Prints how well statements are joined: `python -m benchmarks.labelled [tuning|reporting]`.

A thousand made-up people; what is true of them is known. With no word, both seeds.
"""

import sys
import time
from collections import defaultdict

from benchmarks.labelled.joining import WAYS
from benchmarks.labelled.region import REPORTING, TUNING, region
from benchmarks.labelled.scores import Score, add
from benchmarks.labelled.telling import Telling

SEEDS = {"tuning": TUNING, "reporting": REPORTING}


def measured(people: list[Telling], way: str) -> dict[str, Score]:
    """The scores by kind of one way of joining."""
    scores: dict[str, Score] = defaultdict(Score)
    for telling in people:
        add(scores, telling, WAYS[way](telling))
    return scores


def table(seed: str) -> None:
    people = region(SEEDS[seed])
    statements = sum(len(one.statements) for one in people)
    print(f"\n== {seed} seed: {len(people)} people, {statements} statements")
    for way in WAYS:
        before = time.perf_counter()
        scores = measured(people, way)
        print(f"\n{way} ({time.perf_counter() - before:.1f} s)")
        print(f"{'':22}{'things':>7}{'said':>7}  pairwise P R F1       B-cubed P R F1       apart")
        for kind, one in sorted(scores.items()):
            pairs = " ".join(f"{rate:.4f}" for rate in one.pairs)
            cubed = " ".join(f"{rate:.4f}" for rate in one.b_cubed)
            apart = f"{one.apart:.4f} of {one.recurrences}" if one.recurrences else ""
            print(f"{kind:22}{one.things:7}{one.statements:7}  {pairs} {cubed} {apart}")


if __name__ == "__main__":
    for name in sys.argv[1:] or SEEDS:
        table(name)
