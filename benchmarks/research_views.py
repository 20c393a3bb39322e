"""The tables that are counted: how long making them takes, and views compiled beside interpreted.

`python -m benchmarks.research_views [resources] [people]`

*Views*: made-up observations through one SQL-on-FHIR view with a nested `forEach`, by the plain
reference and by the query DuckDB runs, and beside them a query for the same rows written by hand.
*Tables*: people of 250 statements each, folded and made rows of in one process, and the rows put
in the place of the old ones of a snapshot of made-up people. Baseline: the same statements decoded
from JSON and no more, and the snapshot's files copied by DuckDB as they are.
Every figure is of processor time, all cores together: so a second core halves it at best.
"""

import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import msgspec

from benchmarks.fold import observation, person
from benchmarks.machine import machine
from benchmarks.research_people import make
from wholerecord.access.copying import Material, make_of
from wholerecord.fold import fold
from wholerecord.fold.policy import POLICY, folded_by
from wholerecord.record import canonical
from wholerecord.research.merging import gathering, write_merged
from wholerecord.research.moving import read_rows, write_rows
from wholerecord.research.rows import NO_AREAS, rows_of
from wholerecord.research.snapshot import Snapshot
from wholerecord.research.tables import TABLES
from wholerecord.research.views import Resources, read_view, rows_of_view
from wholerecord.research.writing import write_table

_STATEMENTS, _FOLDED, _RUNS, _BATCH = 250, 40, 3, 64
_VIEW: dict[str, Any] = {
    "resource": "Observation",
    "where": [{"path": "status = 'final'"}],
    "select": [
        {
            "column": [
                {"name": "id", "path": "getResourceKey()"},
                {"name": "at", "path": "effective.ofType(dateTime)"},
                {"name": "value", "path": "value.ofType(Quantity).value"},
                {"name": "unit", "path": "value.ofType(Quantity).unit"},
            ]
        },
        {
            "forEach": "code.coding",
            "column": [{"name": "system", "path": "system"}, {"name": "code", "path": "code"}],
        },
    ],
}
#: The same rows, by somebody who knows the types and looks each value up in the JSON.
_BY_HAND = """
SELECT
    body->>'id', body->>'effectiveDateTime', (body->>'$.valueQuantity.value')::DOUBLE,
    body->>'$.valueQuantity.unit', one->>'system', one->>'code'
FROM (
    SELECT body, unnest(CAST(body->'$.code.coding' AS JSON[])) AS one
    FROM resources WHERE body->>'status' = 'final'
)
"""


def best(work: Callable[[], object]) -> float:
    """Processor seconds, of all cores together, of the best of some runs."""
    took: list[float] = []
    for _ in range(_RUNS):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)


def views(count: int) -> None:
    draw = Random(3)
    resources = [
        {"resourceType": "Observation", "id": f"o{n}"}
        | observation(draw, f"202{n % 6}-0{1 + n % 9}-1{n % 10}T10:15:00Z")[1]
        for n in range(count)
    ]
    view = read_view(_VIEW)
    few = resources[:: max(1, count // 5_000)]
    with TemporaryDirectory() as folder, duckdb.connect() as engine:
        file = Path(folder) / "observations.ndjson"
        file.write_bytes(b"\n".join(canonical(one) for one in resources))
        asked = Resources.in_file(engine, file)
        engine.table_function("read_ndjson_objects", [str(file)]).project("json AS body").create(
            "resources"
        )
        held = Resources(engine, engine.table("resources"))
        held.shape("Observation")
        typed = Resources(engine, engine.table("resources"))
        start = time.process_time()
        typed.hold("Observation")
        holding = time.process_time() - start
        rows = held.rows(view).count("*").fetchone()
        interpreted = len(few) / best(lambda: rows_of_view(view, few))
        figures = {
            "reference, plain Python": interpreted,
            "types found in the file, and the query": count
            / best(lambda: Resources.in_file(engine, file).rows(view).arrow().read_all()),
            "the query, from JSON in a table": count
            / best(lambda: held.rows(view).arrow().read_all()),
            "the query, from structs held": count
            / best(lambda: typed.rows(view).arrow().read_all()),
            "by hand, each value looked up": count
            / best(lambda: engine.sql(_BY_HAND).arrow().read_all()),
        }
        found = [sorted(one.rows(view).fetchall()) for one in (asked, held, typed)]
        if not found[0] == found[1] == found[2] == sorted(engine.sql(_BY_HAND).fetchall()):
            raise SystemExit("the rows differ")
    print(f"\nviews: {count:,} observations, {rows[0] if rows else 0:,} rows")
    print(f"  {'structs made, to be held':<40} {count / holding:>12,.0f} resources/s")
    for name, each in figures.items():
        print(f"  {name:<40} {each:>12,.0f} resources/s  {each / interpreted:>6.1f} x")


def tables(people: int) -> None:
    said = person(_STATEMENTS)
    decode = msgspec.json.Decoder().decode
    record = fold(said)
    decoding = best(lambda: [decode(one.body) for one in said])
    folding = best(lambda: [fold(said) for _ in range(_FOLDED)]) / _FOLDED
    making = best(lambda: [rows_of(n, record) for n in range(_FOLDED)]) / _FOLDED
    rows = sum(map(len, rows_of(1, record).values()))
    print(f"\na person of {_STATEMENTS} statements, {rows} rows, one process")
    for name, each in (("decoded, no more", decoding), ("folded", folding), ("rows", making)):
        print(f"  {name:<40} {each * 1e3:>8.2f} ms, {each * 1e5:>8.0f} s for 100,000 people")
    in_processes(people // 50)
    with TemporaryDirectory() as folder:
        before = make(Path(folder) / "snapshots", people, seed=2)
        changed = people // 50
        size = sum(part.size for part in before.manifest.parts)
        held = sum(part.rows for part in before.manifest.parts)
        print(f"\na snapshot of {people:,} people: {held:,} rows, {size / 1e6:.1f} MB")
        start = time.process_time()
        with gathering(Path(folder)) as new:
            for number in range(1, changed + 1):
                new.add([number], read_rows(write_rows(NO_AREAS, [(number, record)])))
            new.settle()
            gathered = time.process_time() - start
            start, began = time.process_time(), time.monotonic()
            write_merged(new, before, Path(folder))
            merged, clock = time.process_time() - start, time.monotonic() - began
        with gathering(Path(folder)) as new:  # as it was: everything sorted anew
            new.add(range(1, changed + 1), {})
            new.settle()
            start = time.process_time()
            for table in TABLES.values():
                write_table(new.merged(table, before), table, Path(folder))
            anew = time.process_time() - start
        copied = best(lambda: copy(before, Path(folder)))
        print(f"  rows of {changed:,} made and gathered        {gathered:>8.1f} s")
        print(f"  woven in and written                     {merged:>8.1f} s, "
              f"{held / merged:,.0f} rows/s, {clock:.1f} s by the clock")  # fmt: skip
        print(f"  all sorted anew and written              {anew:>8.1f} s")
        print(f"  the same files copied by DuckDB          {copied:>8.1f} s "
              f"(merging takes {merged / copied:.1f} x)")  # fmt: skip


def in_processes(people: int) -> None:
    """Fold and make rows of people in one process, and in two as `views refresh` does."""
    said, nothing = person(_STATEMENTS), frozenset[str]()
    make = partial(write_rows, NO_AREAS)

    def batch(start: int) -> list[Material]:
        return [
            Material(number=n, statements=said, rulings=(), withheld=nothing)
            for n in range(start, start + _BATCH)
        ]

    def work(start: int) -> Callable[[], Mapping[str, bytes]]:
        return partial(make_of, batch(start), POLICY, folded_by(POLICY), make)

    began = time.monotonic()
    alone = [work(n)() for n in range(0, people, _BATCH)]
    one = time.monotonic() - began
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(abs, range(2)))  # both have begun
        began = time.monotonic()
        waiting = [pool.submit(work(n)) for n in range(0, people, _BATCH)]
        both = [each.result() for each in waiting]
        two = time.monotonic() - began
    if alone != both:
        raise SystemExit("the rows differ")
    many = f"{len(alone) * _BATCH:,} people, by the clock"
    print(f"  {many}: one process {one:.1f} s, two {two:.1f} s ({one / two:.1f} x)")


def copy(snapshot: Snapshot, folder: Path) -> None:
    with duckdb.connect() as engine:
        for name in TABLES:
            rows = engine.read_parquet(str(snapshot.file(name)))
            rows.write_parquet(str(folder / "copied.parquet"), compression="zstd")


def main() -> None:
    """Print both."""
    print(machine())
    views(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
    tables(int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)


if __name__ == "__main__":
    main()
