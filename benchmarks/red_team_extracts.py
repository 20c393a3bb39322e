"""Who knows two drugs and their days of somebody, and looks for them in an extract that left.

`python -m benchmarks.red_team_extracts [people]`

The people are made up (`research_people`). Each extract is made whole, as whoever asked would take
it, and attacked by sets in plain Python, which share nothing with what measured it: for each of
1,000 targets two of their own lines are drawn, and whoever else has both is counted. Processor
time is that of making the extract; the baseline is the same extract with nothing made wider.
"""

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.machine import machine
from benchmarks.research_people import make
from wholerecord.research.extracts.cut import TooTelling
from wholerecord.research.features.coarsen import coarsened
from wholerecord.research.features.matrix import Matrix, matrix_of
from wholerecord.research.omop.build import Extract, made
from wholerecord.research.snapshot import Snapshot
from wholerecord.research.study.source import read_study
from wholerecord.research.tables import TABLES

TARGETS = 1_000
_FEATURES = b"""
on = date(2026, 7, 1)
alive = not known(person.died)
study("admissions", people=alive and age_at(on) >= 18)
feature("age", band(age_at(on), 18, 30, 40, 50, 60, 70, 80, 90))
feature("sex", person.sex)
feature("deprivation", band(person.deprivation, 1, 3, 5, 7, 9))
feature("ethnicity", person.ethnicity)
""" + b"".join(
    b"feature('%s', condition.where(row.code in codes('%s')).exists())\n" % (code, code)
    for code in (b"type-2-diabetes", b"hypertension", b"copd", b"stroke", b"heart-failure",
                 b"depression", b"epilepsy", b"schizophrenia", b"gout", b"dementia")
) + b"".join(
    b"feature('last %s', band(observation.where(row.code in codes('%s')).last().value, %s))\n"
    % (code, code, bounds)
    for code, bounds in ((b"hba1c", b"0, 42, 48, 58, 75"), (b"egfr", b"0, 30, 45, 60, 90"))
)  # fmt: skip


def singled(lines: Iterable[tuple[int, Any]], seed: int = 1) -> str:
    """How many of the targets two of their own lines single out, by sets and nothing else."""
    have: dict[int, set[Any]] = {}
    held: dict[Any, set[int]] = {}
    for who, what in lines:
        have.setdefault(who, set()).add(what)
        held.setdefault(what, set()).add(who)
    drawn = Random(seed)
    two = sorted(who for who, what in have.items() if len(what) > 1)
    targets = drawn.sample(two, min(TARGETS, len(two)))
    out = 0
    for who in targets:
        one, other = drawn.sample(sorted(have[who]), 2)
        out += len(held[one] & held[other]) == 1
    return f"{out / len(targets):.1%} of {len(targets):,}" if targets else "nobody has two"


def drugs(snapshot: Snapshot, people: Sequence[int], **more: Any) -> tuple[str, str, float]:
    """Whom two drugs single out of an OMOP extract, what was done for that, and seconds of it."""
    asked = Extract(
        snapshot=snapshot, people=people, key=b"k" * 32, holder="RXA", vocabulary=Path("none"),
        **more,
    )  # fmt: skip
    begun = time.process_time()
    try:
        with made(asked) as (engine, told):
            took = time.process_time() - begun
            rows = engine.table("drug_exposure").project(
                "person_id, drug_source_value || ' ' || drug_exposure_start_date::VARCHAR"
            )
            return singled(rows.fetchall()), told.risk.says(), took
    except TooTelling as error:
        return "refused", str(error), time.process_time() - begun


def features(snapshot: Snapshot, people: Any) -> tuple[str, str, str, float]:
    """Whom two values single out of lines of features, before and after, and what was done."""

    def none(name: str) -> bytes:
        raise FileNotFoundError(name)

    begun = time.process_time()
    files = {name: snapshot.file(name) for name in TABLES}
    matrix = matrix_of(files, people, read_study(_FEATURES, none))
    told = coarsened(matrix)
    took = time.process_time() - begun
    if told is None:
        return singled(_values(matrix)), "refused", "", took
    return singled(_values(matrix)), singled(_values(told[0])), told[1].says(), took


def _values(matrix: Matrix) -> Iterable[tuple[int, Any]]:
    for one in matrix.columns:
        for who, said in enumerate(one.said.tolist()):
            yield who, (one.name, one.words[said])


def attack(people: int) -> None:
    """Print what an attacker finds in each kind of extract."""
    with TemporaryDirectory() as folder:
        snapshot = make(Path(folder), people, seed=5)
        numbers = range(1, people + 1)
        print(f"\n{people:,} made-up people; two known (drug, day) pairs single out")
        for words, relative in (("days from the first", True), ("days as they were", False)):
            bare, _, before = drugs(snapshot, numbers, relative=relative, rare=1, most=1.0)
            held, says, took = drugs(snapshot, numbers, relative=relative)
            print(f"  OMOP, {words:<20} {bare} without, {held} with "
                  f"({took:.1f} s of processor, {before:.1f} without)")  # fmt: skip
            print(f"    {says}")
        bare, held, says, took = features(snapshot, np.arange(1, people + 1))
        print(f"  two known values of features   {bare} without, {held} with ({took:.1f} s)")
        print(f"    {says}")


def main() -> None:
    """Print it for so many people."""
    print(machine())
    attack(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000)


if __name__ == "__main__":
    main()
