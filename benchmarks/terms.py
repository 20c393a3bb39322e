"""Prints how fast codes are compared at a million concepts: `python -m benchmarks.terms [N]`.

The concepts are made up, in the shape of a large terminology: some forty per cent have more than
one parent, and a concept has some dozens of ancestors. The baseline is a walk over parents in a
dictionary, which is what a program does that has not worked the ancestors out.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random

from benchmarks.machine import machine, spread
from wholerecord.terms.content import SNOMED, Content, Term
from wholerecord.terms.release import Release, Shelf

N = 1_000_000
PAIRS = 20_000
BATCH = 100


def made_up(n: int, draw: Random) -> dict[str, Term]:
    codes = [str(1_000_000 + 13 * i) for i in range(n)]
    terms: dict[str, Term] = {}
    for i, code in enumerate(codes):
        several = 0 if i == 0 else 1 + (draw.random() < 0.4)
        parents = {codes[draw.randrange(i // 8, max(1, i // 3))] for _ in range(several)} - {code}
        title = f"Example {i % 997} of part {i % 4999} number {i}"
        terms[code] = Term(
            code=code, title=title, full=f"{title} (disorder)", tag="disorder",
            parents=tuple(sorted(parents)),
        )  # fmt: skip
    return terms


def walk(parents: Mapping[str, tuple[str, ...]], wide: str, narrow: str) -> bool:
    """Whether `narrow` is a kind of `wide`, by walking up."""
    waiting, seen = [narrow], {narrow}
    while waiting:
        code = waiting.pop()
        if code == wide:
            return True
        for parent in parents[code]:
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return False


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else N
    draw = Random(5)
    print(machine())
    terms = made_up(n, draw)
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        began = time.perf_counter()
        content = Content(kind="snomed", system=SNOMED, version="1", title="made up", terms=terms)
        loaded = shelf.load(content)
        print(
            f"load          {time.perf_counter() - began:.1f} s: {loaded.codes:,} concepts, "
            f"{loaded.pairs:,} is-a pairs, {loaded.size / 1e6:,.0f} MB on disk, at most "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB of memory"
        )
        opened = []
        for _ in range(20):
            began = time.perf_counter()
            release = Release(shelf.path(loaded))
            opened.append(time.perf_counter() - began)
        print(f"open          {spread(opened)}")
        measure(release, terms, draw)


def measure(release: Release, terms: Mapping[str, Term], draw: Random) -> None:
    parents = {code: term.parents for code, term in terms.items()}
    codes = list(parents)
    pairs = []
    for _ in range(PAIRS // 2):  # half of them true
        narrow = draw.choice(codes)
        row = release.row(narrow)
        above = release.above(row)
        wide = codes[draw.choice(above)] if len(above) else narrow
        pairs += [(wide, narrow), (draw.choice(codes), draw.choice(codes))]
    for name, ask in (
        ("subsumes", release.subsumes),
        ("naive walk", lambda wide, narrow: walk(parents, wide, narrow)),
    ):
        took = []
        for at in range(0, len(pairs), BATCH):
            began = time.perf_counter()
            for pair in pairs[at : at + BATCH]:
                ask(*pair)
            took.append((time.perf_counter() - began) / BATCH)
        print(f"{name:<13} {spread(took, 1e6, 'us')}, each the mean of {BATCH}")
    assert all(release.subsumes(*pair) == walk(parents, *pair) for pair in pairs[:4000])  # noqa: S101 - a benchmark of wrong answers is none
    for name, ask in (
        ("term", lambda: release.term(draw.choice(codes))),
        (
            "search",
            lambda: release.search(f"exam {draw.randrange(997)} part {draw.randrange(4999)}"),
        ),
    ):
        took = []
        for _ in range(300):
            began = time.perf_counter()
            ask()
            took.append(time.perf_counter() - began)
        print(f"{name:<13} {spread(took, 1e6, 'us')}")


if __name__ == "__main__":
    main()
