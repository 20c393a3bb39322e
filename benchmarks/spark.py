"""The same studies on a Spark cluster as on DuckDB: `python -m benchmarks.spark [people]`.

A standalone master and two workers on loopback, from the `pyspark` wheel and Java 17; both must be
there. For each cohort of `benchmarks.cohorts`: whether the rows and what would be released are the
same, and how long each engine takes by the clock, with Spark's start apart.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.cohorts import COHORTS, study_of
from benchmarks.machine import machine
from benchmarks.research_people import make
from wholerecord.consent import Purpose
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.factors import StudyEngine
from wholerecord.research.study.ledger import Ledger
from wholerecord.research.study.nodes import Study
from wholerecord.research.study.project import Project
from wholerecord.research.study.pseudonyms import key_id
from wholerecord.research.study.release import Asking, Outcome, run
from wholerecord.research.study.spark import NoSpark, SparkEngine, spark_is_here
from wholerecord.research.tables import TABLES

_KEY = bytes(range(32))
_ON = date(2026, 7, 1)
_DEPLOY = "org.apache.spark.deploy"


@contextmanager
def cluster() -> Generator[str]:
    """The address of a master with two workers, each of one core."""
    found = find_spec("pyspark")
    if not spark_is_here() or found is None or found.origin is None:
        raise NoSpark
    spark_class = Path(found.origin).parent / "bin" / "spark-class"
    with TemporaryDirectory() as folder:
        here = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": folder}
        begun: list[subprocess.Popen[bytes]] = []

        def begin(name: str, *more: str) -> Path:
            said = Path(folder) / f"{name}.log"
            command = [str(spark_class), *more]
            with said.open("wb") as log:
                process = subprocess.Popen(command, stdout=log, stderr=log, env=here)  # noqa: S603 - our own
            begun.append(process)
            return said

        try:
            loopback = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
            master = waited_for(
                begin("master", f"{_DEPLOY}.master.Master", *loopback), r"(spark://127[.\d]+:\d+)"
            )
            for n in (1, 2):
                some = ("-c", "1", "-m", "1g", master)
                worker = begin(f"worker{n}", f"{_DEPLOY}.worker.Worker", *loopback, *some)
                waited_for(worker, r"(Successfully registered)")
            yield master
        finally:
            for process in begun:
                process.terminate()
            for process in begun:
                process.wait(30)


def waited_for(log: Path, pattern: str) -> str:
    """What a log says at last."""
    for _ in range(600):
        found = re.search(pattern, log.read_text(errors="replace"))
        if found:
            return found[1]
        time.sleep(0.2)
    sys.exit(f"{log.name} never said {pattern}")


def released(study: Study, engine: StudyEngine) -> Outcome:
    """What would leave of a study that is the first of its project."""
    project = Project(
        id="p", title="t", legal_basis="a benchmark", controller="RXA",
        purposes=frozenset({Purpose.RESEARCH}), people=frozenset({"ann"}), ends=date(2030, 1, 1),
        key=key_id(_KEY),
    )  # fmt: skip
    asking = Asking(project=project, actor="ann", purpose=Purpose.RESEARCH, on=_ON, key=_KEY)
    return run(study, asking, engine, Ledger(whole=0), frozenset())


def told(outcome: Outcome) -> tuple[object, ...]:
    """All of an outcome that may be shown."""
    may = outcome.allowed
    left = (may.before, may.after, may.bias) if may else ()
    return outcome.state, outcome.tables, outcome.why, outcome.instead, left


def rows(study: Study, engine: StudyEngine) -> tuple[dict[tuple[str, ...], list[int]], float]:
    """Who is in each cell, and how many seconds that took."""
    start = time.perf_counter()
    found = engine.cells(study)
    took = time.perf_counter() - start
    return {
        (table.name, *key): cell.people.tolist()
        for table in found
        for key, cell in table.cells.items()
    }, took


def main() -> None:
    """Print, for each cohort, whether the engines agree and how long they took."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(machine())
    with TemporaryDirectory() as folder, cluster() as master:
        snapshot = make(Path(folder), people)
        files = {name: snapshot.file(name) for name in TABLES}
        everybody = sum(snapshot.rows(name) for name in TABLES)
        print(f"{people:,} people, {everybody:,} rows; a master and two workers")
        start = time.perf_counter()
        spark = SparkEngine(files, master=master)
        duck = Engine(files)
        for engine in (spark, duck):
            engine.allow(duck.everybody())
        released(study_of(next(iter(COHORTS))), spark)
        print(f"begun and warmed up in {time.perf_counter() - start:.1f} s")
        for name in COHORTS:
            study = study_of(name)
            both = [(rows(study, duck), rows(study, spark)) for _ in range(3)]
            theirs, ours = released(study, duck), released(study, spark)
            same = all(one[0] == other[0] for one, other in both)
            alike = told(theirs) == told(ours)
            seconds = [median(one[1] for one in each) for each in zip(*both, strict=True)]
            print(
                f"{name:<24} rows {'the same' if same else 'DIFFER'}, release"
                f" {'the same' if alike else 'DIFFERS'} ({ours.state.value}); DuckDB"
                f" {seconds[0]:.2f} s, Spark {seconds[1]:.2f} s"
            )
            if not (same and alike):
                sys.exit(1)
        spark.close()
        duck.close()


if __name__ == "__main__":
    main()
