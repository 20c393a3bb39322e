"""Made-up people for whom a study has something to count: its own codes, around its own days.

They say nothing about anybody: every value is drawn by a seeded generator from what the study
itself names. So a study is written and tried without a single record.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from wholerecord.research.arrow import pa, pq
from wholerecord.research.study.nodes import Among, Cell, Rows, Study, Value, parts
from wholerecord.research.tables import TABLES, schema_of

#: How many, unless somebody asks for more.
PEOPLE = 1_000
_DAYS = 730


def write_dummy(
    study: Study, folder: Path, *, people: int = PEOPLE, seed: int = 1
) -> dict[str, Path]:
    """The files of a snapshot of made-up people that fits the study, by table."""
    drawn = random.Random(seed)  # noqa: S311 - made-up people are no secret
    days = [*_days_in(study)] or [date(2025, 1, 1)]
    codes = _codes_in(study)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for person in range(1, people + 1):
        rows["person"].append(_person(drawn, person, days))
        for table, named in codes.items():
            for code in named:
                for _ in range(drawn.choice((0, 0, 1, 1, 2, 3))):
                    rows[table].append(_row(drawn, table, person, code, days))
    files: dict[str, Path] = {}
    for name, table in TABLES.items():
        files[name] = folder / f"{name}.parquet"
        blank = dict.fromkeys(table.names)
        held = pa.Table.from_pylist([blank | row for row in rows[name]], schema=schema_of(table))
        pq.write_table(held, files[name])
    return files


def _walk(said: Any, table: str | None = None) -> Iterator[tuple[Any, str | None]]:
    yield said, table
    within = said.table if isinstance(said, Rows) else table
    for part in parts(said):
        yield from _walk(part, within)


def _all(study: Study) -> Iterator[tuple[Any, str | None]]:
    said: list[Any] = [study.people]
    said += [part for table in study.tables for part in (*table.by, table.mean) if part is not None]
    said += [part for measure in study.measures for part in (measure.of, measure.among)]
    for each in said:
        yield from _walk(each)


def _days_in(study: Study) -> Iterator[date]:
    yield from (measure.start for measure in study.measures)
    for node, _ in _all(study):
        if isinstance(node, Value) and isinstance(node.value, date):
            yield node.value


def _codes_in(study: Study) -> dict[str, tuple[str, ...]]:
    """A few codes for each table the study asks, out of those it names there."""
    found: dict[str, dict[str, None]] = {}
    for node, table in _all(study):
        if isinstance(node, Rows):
            found.setdefault(node.table, {})
        if isinstance(node, Among) and node.part == Cell("code") and table:
            named = dict.fromkeys(sorted(node.values)[:2])
            found.setdefault(table, {}).update(named)
    return {table: tuple(codes) or ("dummy",) for table, codes in found.items()}


def _person(drawn: random.Random, person: int, days: list[date]) -> dict[str, Any]:
    born = drawn.choice(days) - timedelta(days=drawn.randint(0, 95 * 365))
    died = drawn.choice(days) + timedelta(days=drawn.randint(-_DAYS, _DAYS))
    return {
        "person": person,
        "sex": drawn.choice(("female", "male", "female", "male", "unknown")),
        "born": born,
        "died": died if drawn.random() < 0.05 and died > born else None,
        "ethnicity": drawn.choice(("A", "B", "H", "M", None)),
        "area": f"AREA{drawn.randint(1, 6)}",
        "deprivation": drawn.randint(1, 10),
        "practice": f"P{drawn.randint(1, 9)}",
    }


def _row(
    drawn: random.Random, table: str, person: int, code: str, days: list[date]
) -> dict[str, Any]:
    at = drawn.choice(days) + timedelta(days=drawn.randint(-_DAYS, _DAYS // 2))
    row: dict[str, Any] = {"person": person, "code": code, "system": "dummy", "at": at}
    names = TABLES[table].names
    if "status" in names:
        row["status"] = drawn.choice(("active", "active", "resolved"))
    if "booked" in names:
        row |= {
            "status": drawn.choice(("waiting", "seen", "over")),
            "priority": drawn.choice(("routine", "urgent", None)),
        }
    if "value" in names:
        row |= {"value": float(drawn.randint(20, 120)), "unit": "1"}
        row["at"] = datetime(at.year, at.month, at.day, drawn.randint(0, 23))  # noqa: DTZ001 - UTC
    return row
