"""Seconds and peak memory to find who is who: `python -m benchmarks.people_bulk [records] …`.

Reads a CSV file, prepares, scores, gathers and writes the clusters, as `wholerecord people match`
does, in a process of its own; the baseline is DuckDB reading the same file and nothing else.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import duckdb

from benchmarks.machine import machine
from benchmarks.people_region import REPORTING, write


def main() -> None:
    print(machine())
    for records in map(int, sys.argv[1:] or ["100000"]):
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), records)


def _measure(folder: Path, records: int) -> None:
    file = folder / "region.csv"
    write(file, records, REPORTING)
    started = perf_counter()
    duckdb.sql(f"SELECT max(columns(*)) FROM read_csv('{file}', all_varchar = true)").fetchall()
    print(f"{records:,} records, {file.stat().st_size / 1e6:.0f} MB; read alone: "
          f"{perf_counter() - started:.1f} s")  # fmt: skip
    started = perf_counter()
    command = [sys.executable, "-m", "wholerecord", "people", "match", str(file), "--to"]
    ended = subprocess.run([*command, str(folder / "people.jsonl")], check=False)  # noqa: S603 - our own
    if ended.returncode > 1:  # 1: some pairs are for people to look at
        sys.exit(ended.returncode)
    seconds = perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"matched in {seconds:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of processor), "
        f"peak memory {used.ru_maxrss / 2**20:.2f} GiB"
    )


if __name__ == "__main__":
    main()
