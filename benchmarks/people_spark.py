"""The same people on a cluster: `python -m benchmarks.people_spark [records] [workers] [train]`.

Needs PySpark and Java. Starts a standalone Spark master and workers on loopback, each a process of
its own, has them weigh the reporting region with Splink, and holds every pair, what rules say of it
and who is with whom to what DuckDB makes of the same records in the same run. With `train` both
learn the model from the tuning region first, and every weight of the two is compared.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from socket import create_connection, socket
from time import perf_counter

from benchmarks.machine import machine
from benchmarks.people_region import COLUMNS, REPORTING, TRUTH, TUNING, Region
from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.match import Matched, match
from wholerecord.people.bulk.on_spark import SparkBulk, on_spark
from wholerecord.people.bulk.train import train
from wholerecord.people.model import Model, load

Row = dict[str, str]
Pairs = dict[tuple[str, str], tuple[float, ...]]
_DEPLOY = "org.apache.spark.deploy"


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    print(machine())
    rows = _rows(records, REPORTING)
    with Bulk() as bulk:
        ours, pairs = _matched(bulk, rows, "DuckDB")
    with tempfile.TemporaryDirectory() as name, _cluster(Path(name), workers) as master:
        print(f"a Spark master and {workers} workers at {master}")
        if "train" in sys.argv[3:]:
            _learnt(master, Path(name), records)
        with on_spark(master, Path(name)) as bulk:
            theirs, found = _matched(bulk, rows, "Spark")
    shared = pairs.keys() & found.keys()
    print(f"pairs: DuckDB {len(pairs):,}, Spark {len(found):,}, both {len(shared):,}")
    apart = max((abs(pairs[each][0] - found[each][0]) for each in shared), default=0.0)
    rules = sum(pairs[each][1:] != found[each][1:] for each in shared)
    print(
        f"the most that two weights differ: {apart:.1e} bits; by the rules {rules:,} pairs differ"
    )
    same = "the same" if theirs.persons == ours.persons else "NOT the same"
    print(f"people: {same}, {len(set(ours.persons.values())):,}")
    if apart > 1e-6 or rules or theirs.persons != ours.persons:
        sys.exit(1)


def _rows(records: int, seed: int) -> list[Row]:
    region = Region(seed).records(records)
    return [dict(zip((*COLUMNS, *TRUTH), row, strict=True)) for row in region]


def _learnt(master: str, folder: Path, records: int) -> None:
    """Say how far the weights are apart that the two learn from the same records."""
    rows, models = _rows(records, TUNING), list[Model]()
    for what in ("DuckDB", "Spark"):
        started = perf_counter()
        with Bulk() if what == "DuckDB" else on_spark(master, folder) as bulk:
            bulk.take(rows)
            learner = bulk.learner if isinstance(bulk, SparkBulk) else None
            models.append(train(bulk, load(), version=what, learner=learner))
        print(f"{what} learnt from {len(rows):,} records in {perf_counter() - started:.1f} s")
    ours, theirs = models
    apart = {
        (name, level): abs(said.weight - theirs.comparisons[name].levels[level].weight)
        for name, comparison in ours.comparisons.items()
        for level, said in comparison.levels.items()
    }
    name, level = max(apart, key=lambda each: apart[each])
    print(
        f"weights learnt: {len(apart)}, the most that two differ: {apart[name, level]:.1e} bits "
        f"({name} {level}); frequencies {'' if ours.terms == theirs.terms else 'NOT '}the same"
    )


def _matched(bulk: Bulk, rows: Sequence[Row], what: str) -> tuple[Matched, Pairs]:
    started = perf_counter()
    bulk.take(rows)
    found = match(bulk, load())
    print(f"{what}: {len(rows):,} records in {perf_counter() - started:.1f} s")
    said = bulk.connection.table("pairs").fetchall()
    return found, {(row[0], row[1]): row[2:] for row in said}


@contextmanager
def _cluster(folder: Path, workers: int) -> Generator[str]:
    """The address of a master on loopback, with that many workers, all ended afterwards."""
    home = Path(str(import_module("pyspark").__file__)).parent
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = [str(home / "bin" / "spark-class")]
    there = ["--host", "127.0.0.1", "--webui-port", "0"]
    master = f"spark://127.0.0.1:{port}"
    with ExitStack() as stack:
        log = stack.enter_context((folder / "cluster.log").open("wb"))

        def begin(*words: str) -> None:
            started = subprocess.Popen([*run, *words], stdout=log, stderr=log, cwd=folder)  # noqa: S603 - Spark's own
            stack.callback(started.wait)
            stack.callback(started.terminate)

        begin(f"{_DEPLOY}.master.Master", *there, "--port", str(port))
        _answers(port)
        for n in range(workers):
            room = ["--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"worker-{n}")]
            begin(f"{_DEPLOY}.worker.Worker", *there, *room, master)
        yield master


def _answers(port: int) -> None:
    """Wait until the master listens."""
    until = perf_counter() + 60
    while perf_counter() < until:
        try:
            with create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("the Spark master did not begin")


if __name__ == "__main__":
    main()
