"""Attacks on studies, each with its number: `python -m benchmarks.red_team [targets]`.

Each is run twice where it can be: against a threshold and rounding alone, as platforms publish, and
against all that stands here: 1,000 targets of 500 queries each, unless told otherwise. Extracts
are attacked by `red_team_extracts`. The people are made up; the store is the reference one, the
door, the tables, the engine and the book are the real ones.
"""

import asyncio
import hashlib
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.machine import machine
from benchmarks.red_team_extracts import attack as attack_extracts
from tests.conformance.demographics import patient
from tests.conformance.test_studies import STUDY, counted, fresh, opt_out, place, sent
from tests.unit import test_study_red_team as attacks
from wholerecord.record import PersonId
from wholerecord.research.study.book import Case, Standing, Told
from wholerecord.research.study.protect import Shown, as_csv
from wholerecord.research.study.pseudonyms import pseudonym
from wholerecord.research.study.submit import PACE, Place, submit
from wholerecord.storage.memory import Store

_NOW = datetime(2026, 12, 1, tzinfo=UTC)
#: A study whose cohort has the people born up to a day: none, one, seven, eight.
_UP_TO = """
study('t', people=person.born < date({day:%Y, %-m, %-d}))
table('t', by=[condition.where(row.code in codes('44054006')).exists()])
"""


async def ask(at: Place, raw: bytes = STUDY, *, pace: float = 0, **more: object) -> Case:
    return await submit(at, sent(raw, **more), now=lambda: _NOW, pace=pace)


def told_of(case: Case) -> Told:
    """What may be told of a study that came to something."""
    return Told() if case.ran is None else case.ran.told


async def fresh_place(folder: str) -> tuple[Store, Place]:
    """A store of thirty people, their tables, and a project that has asked nothing yet."""
    store = Store()
    return store, await place(store, Path(folder))


#: What happens to somebody who opted out, step by step: it is asked after each.
_STEPS = ("opted out", "merged", "copied", "unmerged", "copied", "merged", "unmerged")


async def opted_out() -> str:
    """Opt-outs in every state of who is who: before, while and after they were merged."""
    wrongly = looked = 0
    for n, steps in [(n, _STEPS[:last]) for n in range(2) for last in range(1, len(_STEPS) + 1)]:
        with TemporaryDirectory() as folder:
            store, at = await fresh_place(folder)
            await opt_out(store, n)
            own = patient("gp", f"a{n}")
            kept = await store.person_of(patient("gp", f"a{n + 10}")) or PersonId("")
            for step in steps:
                if step == "merged":
                    await store.join(own, kept, by="dr", why="one person")
                elif step == "unmerged":
                    await store.unlink(own, by="dr", why="two people")
                elif step == "copied":
                    await fresh(at)
            looked += (await ask(at)).standing is Standing.RELEASED
            wrongly += await counted(store, at, n)
    return f"counted in {wrongly} of {looked} releases"


async def empty_and_small() -> tuple[str, str]:
    """What is told of cohorts of nobody and of a few: it must be one and the same."""
    told: set[object] = set()
    texts: set[str] = set()
    for year in range(1930, 1947):
        with TemporaryDirectory() as folder:
            _, at = await fresh_place(folder)
            case = await ask(at, _UP_TO.format(day=date(year, 1, 1)).encode())
            told.add((case.standing, told_of(case).why, told_of(case).tables))
            odd = f"study('t', people=person.born < date({year}, 1, 1))\ntable('t', by=nobody)"
            texts.add(told_of(await ask(at, odd.encode())).why)
    return f"{len(told)} answer(s) to 17 cohorts of 0 to 7", f"{len(texts)} text(s) for 17 mistakes"


async def timing(runs: int) -> str:
    """Guess from how long it took whether a cohort has nobody or everybody, raw and as it is."""
    said: list[str] = []
    for pace in (0.0, PACE):
        took: dict[bool, list[float]] = {True: [], False: []}
        for _ in range(runs):
            for large in (True, False):
                with TemporaryDirectory() as folder:
                    _, at = await fresh_place(folder)
                    day = date(2020 if large else 1900, 1, 1)
                    begun = time.perf_counter()
                    await ask(at, _UP_TO.format(day=day).encode(), pace=pace)
                    took[large].append(time.perf_counter() - begun)
        gap = (median(took[True]) - median(took[False])) * 1000
        said.append(f"{gap:+.1f} ms of {median(took[True]) * 1000:.0f}")
    return f"large less empty: {said[0]} raw; {said[1]} as it is visible"


async def over_time() -> str:
    """Ask on two snapshots between which one person fell ill: is the difference ever told?"""
    told = 0
    for n in range(6):
        with TemporaryDirectory() as folder:
            store, at = await fresh_place(folder)
            rule = await opt_out(store, n)  # one more from one snapshot to the next
            await ask(at)
            await store.end_rule(rule.n)
            await fresh(at)
            told += (await ask(at)).standing is Standing.RELEASED
    return f"released {told} of 6 times (all waited for two checkers otherwise)"


def differencing() -> Sequence[str]:
    """The adaptive attacks of `tests/unit/test_study_red_team.py`."""
    lines: list[str] = []
    kinds: Sequence[tuple[str, Callable[..., bool | None]]] = (
        ("edge", attacks.by_edge),
        ("refusal", attacks.by_refusal),
        ("padding", attacks.by_padding),
    )
    for name, attack in kinds:
        bare = "not run" if name == "padding" else f"{accuracy(attack, protected=False):.2f}"
        lines.append(
            f"by {name}: right {bare} without, {accuracy(attack, protected=True):.2f} with"
        )
    return lines


def accuracy(attack: Callable[..., bool | None], *, protected: bool) -> float:
    return attacks.accuracy(attack, protected=protected)


def pseudonyms() -> str:
    """How fast all NHS numbers are hashed without a key, and whether two keys share a pseudonym."""
    begun = time.perf_counter()
    tried = 300_000
    for number in range(tried):
        hashlib.sha256(b"%010d" % number).digest()
    rate = tried / (time.perf_counter() - begun)
    one, two = b"a" * 32, b"b" * 32
    shared = {pseudonym(one, n) for n in range(20_000)} & {pseudonym(two, n) for n in range(20_000)}
    return (
        f"unkeyed: all 10^9 in {1e9 / rate / 60:.0f} minutes on one core; keyed: 2^256 keys; "
        f"{len(shared)} of 20,000 alike after a change of key"
    )


def formulas() -> str:
    """Cells a spreadsheet would run, out of a table made of nothing else."""
    odd = [lead + body for lead in "=+-@\t\r\n" for body in ("1+1", "cmd|' /C calc'!A0", '",=1')]
    drawn = random.Random(1)
    drawn.shuffle(odd)
    table = Shown(
        name="t", names=("x",), rows=tuple(((each,), 10) for each in odd), total=0, left_out=False
    )
    cells = as_csv(table).split("\r\n")
    return f"{sum(cell.lstrip(chr(34))[:1] in set('=+-@') for cell in cells if cell)} of {len(odd)}"


async def main() -> None:
    targets = attacks.TARGETS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    print(machine())
    print(f"opted out, merged, unmerged, restored   {await opted_out()}")
    small, texts = await empty_and_small()
    print(f"empty and small cohorts                 {small}")
    print(f"error text                              {texts}")
    print(f"timing                                  {await timing(5)}")
    print(f"two snapshots, one person between       {await over_time()}")
    for line in differencing():
        print(f"differencing, {targets:,} targets of {attacks.QUERIES} queries  {line}")
    print(f"pseudonyms                              {pseudonyms()}")
    print(f"formula cells in CSV                    {formulas()}")
    attack_extracts(4_000)


if __name__ == "__main__":
    asyncio.run(main())
