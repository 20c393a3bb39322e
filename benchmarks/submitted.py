"""From a study sent in to tables that may leave: `python -m benchmarks.submitted [people]`.

Made-up people of `benchmarks.research_people`, the memory store, a project, and what every board
would show of those people in the ledger. Each cohort of `benchmarks.cohorts` is sent in, one after
another, and waits as anybody does (`submit.PACE`). *Counted alone* is the same cohort's cells by
the engine and nothing else, in the same run. Seconds by the clock.
"""

import asyncio
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks.cohorts import COHORTS, source_of, study_of
from benchmarks.ledger import shown_by_boards
from benchmarks.machine import machine, spread
from benchmarks.research_people import make
from wholerecord.access import Doorway
from wholerecord.consent import Purpose, standing_rules
from wholerecord.research.known import write_known
from wholerecord.research.snapshot import Snapshot
from wholerecord.research.study.beside import write_boards
from wholerecord.research.study.book import Sent
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.project import Project
from wholerecord.research.study.pseudonyms import key_id, make_key, read_key
from wholerecord.research.study.release import code_hash
from wholerecord.research.study.submit import Place, submit
from wholerecord.research.tables import TABLES
from wholerecord.storage.memory import Store


def known(snapshot: Snapshot) -> Snapshot:
    """The snapshot with who is which number beside it: nobody, for nobody opted out."""
    manifest = msgspec.structs.replace(snapshot.manifest, beside=(write_known({}, snapshot.path),))
    (snapshot.path / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    return Snapshot.read(snapshot.path)


async def place(folder: Path, snapshot: Snapshot) -> Place:
    """A store with a project of Ann's, and boards that were shown."""
    store = Store()
    for rule in standing_rules():
        await store.add_rule(rule)
    file = folder / "p1.key"
    make_key(file)
    await store.add_project(
        Project(
            id="p1", title="A benchmark", legal_basis="none: nobody is real", controller="RXA",
            purposes=frozenset({Purpose.RESEARCH}), ends=date(2030, 1, 1),
            people=frozenset({"ann"}), key=key_id(read_key(file)),
        )
    )  # fmt: skip
    for n, board in enumerate(shown_by_boards(snapshot)):
        await store.release_board(write_boards(board), seen=n)
    return Place(way=Doorway(store), book=store, snapshots=snapshot.path.parent, keys=folder)


async def main() -> None:
    """Print how long each cohort takes from being sent in to its release, and counting alone."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(machine())
    with TemporaryDirectory() as named:
        folder = Path(named)
        snapshot = known(make(folder / "snapshots", people))
        at = await place(folder, snapshot)
        engine = Engine({name: snapshot.file(name) for name in TABLES})
        engine.allow(engine.everybody())
        took: list[float] = []
        print(f"{people:,} people, {sum(map(snapshot.rows, TABLES)):,} rows, all boards shown\n")
        for name in COHORTS:
            start = time.perf_counter()
            engine.cells(study_of(name))
            alone = time.perf_counter() - start
            raw = source_of(name)
            sent = Sent(code=code_hash(raw, {}), raw=raw, lists={}, project="p1", actor="ann",
                        purpose=Purpose.RESEARCH, sql=False)  # fmt: skip
            start = time.perf_counter()
            case = await submit(at, sent, now=lambda: datetime(2026, 7, 1, tzinfo=UTC))
            took.append(time.perf_counter() - start)
            became = f"{name:<24} {case.standing.value:<26}"
            print(f"{became} {took[-1]:5.1f} s, counted alone {alone:.2f} s")
        engine.close()
        print(f"\nfrom sent in to told: {spread(took, 1, 's')}")


if __name__ == "__main__":
    asyncio.run(main())
