# ruff: noqa: E501 - queries stay on their lines
"""How right the bulk match is, on a made-up region whose truth is known.

`python -m benchmarks.people_accuracy [records]`

The threshold is set on the tuning seed and reported on the reporting seed. The baseline, in the
same run: the verified number alone, or name, birthday and postcode letter by letter. A pair counts as right when both records are of one person.
"""

import sys
import tempfile
from pathlib import Path
from time import perf_counter

import duckdb

from benchmarks.machine import machine
from benchmarks.people_region import REPORTING, TUNING, write
from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.fairness import fairness
from wholerecord.people.model import Model, load

_LEAST = 10.0
_PRECISION = 0.9992  # on the tuning seed, so that 0.999 holds on the other
_TRUE = "SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM raw GROUP BY person)"


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(machine())
    model = load()
    print(f"model {model.version}, {records:,} records, seeds {TUNING} and {REPORTING}")
    with tempfile.TemporaryDirectory() as folder:
        for without in (False, True):
            print(f"\n-- {'no NHS numbers at all' if without else 'NHS numbers as they come'}")
            _report(Path(folder), model, records, without=without)


def _report(folder: Path, model: Model, records: int, *, without: bool) -> None:
    tuned = _scored(folder, model, records, TUNING, without=without)
    threshold, *_ = _best(tuned)
    del tuned
    bulk = _scored(folder, model, records, REPORTING, without=without)
    connection = bulk.connection
    true = _one(connection, _TRUE)
    missing = _one(connection, "SELECT avg((nhs_number = '')::int) FROM raw")
    print(f"{missing:.1%} without NHS number, {true:,.0f} true pairs")
    right, all_ = _at(connection, threshold)
    blocked = _one(connection, "SELECT count(*) FROM judged WHERE same")
    print(f"threshold {threshold:.2f} bits, set on the tuning seed")
    print(f"recall {right / true:.4f} at precision {right / all_:.5f}")
    print(f"recall lost in blocking (or below {_LEAST:g} bits) {1 - blocked / true:.4f}")
    vetoed = _one(
        connection,
        f"SELECT count(*) FROM judged WHERE same AND (veto OR held) AND match_weight >= {threshold}",
    )
    print(f"recall lost to vetoes, which people review {vetoed / true:.4f}")
    _, recall, precision = _best(bulk)
    print(f"for comparison, best on the reporting seed itself: {recall:.4f} at {precision:.5f}")
    _exactly(connection, true)
    if not without:
        _fair(bulk, threshold)


def _scored(folder: Path, model: Model, records: int, seed: int, *, without: bool) -> Bulk:
    file = folder / f"{seed}-{records}.csv"
    if not file.exists():
        write(file, records, seed)
    started = perf_counter()
    bulk = Bulk()
    if without:
        blank = folder / "blank.csv"
        duckdb.sql(
            f"COPY (SELECT * REPLACE ('' AS nhs_number, '' AS nhs_status) "
            f"FROM read_csv('{file}', all_varchar = true)) TO '{blank}'"
        )
        file = blank
    bulk.read(file)
    read = perf_counter() - started
    bulk.pairs(model, least=_LEAST)
    print(
        f"seed {seed}: read and prepared in {read:.1f} s, scored in {perf_counter() - started - read:.1f} s"
    )
    bulk.connection.execute(
        "CREATE TABLE judged AS SELECT pairs.*, a.person = b.person AS same "
        "FROM pairs JOIN raw a ON a.id = unique_id_l JOIN raw b ON b.id = unique_id_r"
    )
    return bulk


def _best(bulk: Bulk) -> tuple[float, float, float]:
    """The lowest weight at which precision holds, with recall and precision there."""
    true = _one(bulk.connection, _TRUE)
    found = bulk.connection.execute(
        "SELECT match_weight, hits / ?, hits / n FROM (SELECT match_weight, "
        "sum(same::int) OVER w AS hits, count(*) OVER w AS n FROM judged WHERE NOT veto AND NOT held "
        "WINDOW w AS (ORDER BY match_weight DESC)) WHERE hits / n >= ? ORDER BY match_weight LIMIT 1",
        [true, _PRECISION],
    ).fetchone()
    return found or (0.0, 0.0, 0.0)


def _at(connection: duckdb.DuckDBPyConnection, threshold: float) -> tuple[float, float]:
    found = connection.execute(
        "SELECT count(*) FILTER (same), count(*) FROM judged WHERE NOT veto AND NOT held AND match_weight >= ?",
        [threshold],
    ).fetchone()
    return found or (0.0, 0.0)


def _exactly(connection: duckdb.DuckDBPyConnection, true: float) -> None:
    """The baseline: a verified number, or every letter of name, birthday and postcode."""
    rules = (
        "a.nhs_number = b.nhs_number AND a.nhs_number <> '' AND (a.nhs_status = '01' OR b.nhs_status = '01')",
        (
            "a.family = b.family AND split_part(a.given, ' ', 1) = split_part(b.given, ' ', 1) "
            "AND a.born = b.born AND a.postcode = b.postcode AND a.postcode <> ''"
        ),
    )
    pairs = " UNION ".join(
        f"SELECT a.id AS l, b.id AS r, a.person = b.person AS same FROM raw a JOIN raw b ON {rule} AND a.id < b.id"
        for rule in rules
    )
    found = connection.execute(f"SELECT count(*) FILTER (same), count(*) FROM ({pairs})").fetchone()
    right, all_ = found or (0, 1)
    print(f"baseline, exact rules: recall {right / true:.4f} at precision {right / all_:.5f}")


def _fair(bulk: Bulk, threshold: float) -> None:
    """Recall and the share of joins that are right by group, and the largest gap in recall."""
    for each in fairness(bulk, join=threshold):
        said = "; ".join(
            f"{group.name} {group.recall:.4f} at {1 - group.false_joins:.5f}"
            for group in each.groups
        )
        print(f"by {each.by}: {said}; largest gap in recall {each.gap:.4f}")


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    found = connection.execute(query).fetchone()
    return float(found[0]) if found else 0.0


if __name__ == "__main__":
    main()
