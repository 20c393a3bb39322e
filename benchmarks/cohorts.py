"""Six typical cohorts by our studies and by DuckDB alone: `python -m benchmarks.cohorts [people]`.

Made-up people of `benchmarks.research_people`. Each cohort is a study, planned, run, and cut into
who is in each cell (*ours*); *all* adds protection, audit and ledger. *Raw* is a SELECT written by
hand for the same numbers, on the same Parquet, in turns with ours. The numbers must agree.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.machine import machine, spread
from benchmarks.research_people import make
from wholerecord.research.study.audit import given_back
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.factors import tables_with_factors
from wholerecord.research.study.ledger import Ledger
from wholerecord.research.study.nodes import Study
from wholerecord.research.study.protect import protect
from wholerecord.research.study.source import read_study
from wholerecord.research.tables import TABLES

_RUNS = 7
_SQL = Path(__file__).with_suffix(".sql")
_DAY = "index = date(2026, 6, 30)\n"
#: Each: what is defined, who is in it, what it is cut by.
COHORTS = {
    "diabetes_hba1c": (
        """
has = condition.where(row.code in codes('type-2-diabetes'))
on = medication.where(row.code in codes('metformin'))
last = observation.where(row.code in codes('hba1c') and row.at <= index).last()
""",
        "has.exists() and on.exists() and last.value >= 58",
        "band(age_at(index), 0, 40, 65, 80), person.sex",
    ),
    "stroke_after_tia": (
        """
tia = condition.where(row.code in codes('tia')).first().at
stroke = condition.where(row.code in codes('stroke', 'ischaemic-stroke')
    and row.at > tia and row.at <= tia + days(90))
""",
        "stroke.exists()",
        "person.sex",
    ),
    "anticoagulant_unchecked": (
        """
on = medication.where(row.code in codes('apixaban', 'edoxaban', 'warfarin'))
kidney = observation.where(row.code in codes('egfr', 'creatinine')
    and row.at > index - days(365))
""",
        "on.exists() and not kidney.exists()",
        "band(age_at(index), 0, 65, 80)",
    ),
    "hypertension_untreated": (
        """
has = condition.where(row.code in codes('hypertension'))
on = medication.where(row.code in codes('ramipril', 'amlodipine', 'losartan'))
""",
        "has.exists() and not on.exists()",
        "band(person.deprivation, 1, 3, 5, 7, 9)",
    ),
    "lithium_levels": (
        """
on = medication.where(row.code in codes('lithium'))
level = observation.where(row.code in codes('creatinine') and row.at > index - days(183))
""",
        "on.exists() and level.count() < 1",
        "person.sex",
    ),
    "asthma_relievers": (
        """
has = condition.where(row.code in codes('asthma'))
on = medication.where(row.code in codes('salbutamol') and row.at > index - days(365))
""",
        "has.exists() and on.count() >= 1",
        "band(age_at(index), 0, 18, 40, 65)",
    ),
}


def source_of(name: str) -> bytes:
    """The file of the cohort's study."""
    defined, people, by = COHORTS[name]
    said = f"study({name!r}, people={people})\ntable('t', by=[{by}])\n"
    return (_DAY + defined + said).encode()


def study_of(name: str) -> Study:
    """The cohort as a study."""
    return read_study(source_of(name), lambda _: b"")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(machine())
    raw = dict(
        part.split("\n", 1) for part in _SQL.read_text(encoding="utf-8").split("-- name: ")[1:]
    )
    with TemporaryDirectory() as folder:
        snapshot = make(Path(folder), people)
        files = {name: snapshot.file(name) for name in TABLES}
        rows = sum(snapshot.rows(name) for name in TABLES)
        print(f"{people:,} people, {rows:,} rows\n")
        engine = Engine(files)
        everybody = engine.everybody()
        engine.allow(everybody)
        bare = duckdb.connect()
        for name, file in files.items():
            bare.read_parquet(str(file)).create_view(name)
        ours: list[float] = []
        theirs: list[float] = []
        whole: list[float] = []
        for name in COHORTS:
            study = study_of(name)

            def protected(study: Study = study) -> object:
                tables = tables_with_factors(engine, study, everybody)
                given_back(tables, [protect(each) for each in tables])
                cells = [cell for table in tables for cell in table.cells]
                return Ledger(whole=(1 << people) - 1).take("p", cells)

            [exact] = engine.cells(study)
            counted = sum(len(cell.people) for cell in exact.cells.values())
            same = sum(row[-1] for row in bare.execute(raw[name]).fetchall())
            if counted != same:
                sys.exit(f"{name}: {counted} people by ours, {same} by the query written by hand")
            one: tuple[list[float], list[float], list[float]] = ([], [], [])
            for _ in range(_RUNS):
                one[0].append(timed(lambda study=study: engine.cells(study)))
                one[1].append(timed(lambda name=name: bare.execute(raw[name]).fetchall()))
                one[2].append(timed(protected))
            print(f"{name}: {counted:,} people")
            for what, seconds in zip(("ours", "raw", "all"), one, strict=True):
                print(f"  {what:<5} {spread(seconds)}")
            for total, seconds in zip((ours, theirs, whole), one, strict=True):
                total.extend(seconds)
        print(f"\nours  {spread(ours)}\nraw   {spread(theirs)}\nall   {spread(whole)}")
        print(
            f"ours is {sum(ours) / sum(theirs):.1f} times raw, all {sum(whole) / sum(theirs):.1f}"
        )


if __name__ == "__main__":
    main()
