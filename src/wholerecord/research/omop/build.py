"""The tables of the model, made of a snapshot for those who may be in them, and written.

Days are moved so that each person's first is 1 January 2000, unless the extract was granted with
days as they were. Row ids and person ids mean nothing outside the extract.
"""

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from wholerecord.research.arrow import pa
from wholerecord.research.omop.codes import said_codes
from wholerecord.research.omop.queries import QUERIES
from wholerecord.research.omop.risk import Risk, risk_of
from wholerecord.research.omop.tables import FORMS, Form
from wholerecord.research.omop.vocabulary import take_vocabulary
from wholerecord.research.snapshot import Snapshot
from wholerecord.research.study.pseudonyms import pseudonym
from wholerecord.research.tables import TABLES

#: Tables of the model that are events → the tables of the views they are made of.
_EVENTS: Mapping[str, tuple[str, ...]] = {
    "visit_occurrence": ("encounter",),
    "condition_occurrence": ("condition",),
    "drug_exposure": ("medication", "immunisation"),
    "procedure_occurrence": ("procedure",),
    "measurement": ("observation",),
}
_COLUMNS = {
    "person": "BIGINT",
    "code": "VARCHAR",
    "system": "VARCHAR",
    "at": "TIMESTAMP",
    "ended": "DATE",
    "status": "VARCHAR",
    "setting": "VARCHAR",
    "value": "DOUBLE",
    "unit": "VARCHAR",
    "text_value": "VARCHAR",
}
_MEMORY = "1500MB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What is to be made: of whom (numbers of the tables), under which key, for which holder.

    `relative`: days are counted from each person's first. `vocabulary` is the site's folder of it.
    """

    snapshot: Snapshot
    people: Collection[int]
    key: bytes
    holder: str
    relative: bool
    vocabulary: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made: rows by table, rows that have no usable day, people without a birthday."""

    rows: Mapping[str, int]
    undated: int
    unborn: int
    vocabulary: str
    risk: Risk


@contextmanager
def made(extract: Extract) -> Generator[tuple[duckdb.DuckDBPyConnection, Made]]:
    """A database in memory that holds the tables of the model, and what is told of them."""
    with duckdb.connect(":memory:") as engine:
        engine.execute("SET memory_limit = $1", [_MEMORY])
        for name in TABLES:
            engine.read_parquet(str(extract.snapshot.file(name))).create_view(name)
        version = take_vocabulary(engine, extract.vocabulary)
        _given(engine, extract, version)
        _named(engine, extract)
        engine.execute(QUERIES["people"])
        undated = 0
        for name in ("person", "observation_period", "death"):
            _keep(engine, FORMS[name], QUERIES[name], beside="cdm_")
        for name, sources in _EVENTS.items():
            undated += _events(engine, sources)
            _keep(engine, FORMS[name], QUERIES[name])
        for name in ("condition_era", "drug_era", "cdm_source"):
            _keep(engine, FORMS[name], QUERIES[name])
        engine.execute("DROP VIEW person")
        engine.execute("ALTER TABLE cdm_person RENAME TO person")
        for name in ("observation_period", "death"):
            engine.execute(f"ALTER TABLE cdm_{name} RENAME TO {name}")
        rows = {name: _one(engine.table(name).count("*")) for name in FORMS}
        yield (
            engine,
            Made(
                rows=rows,
                undated=undated,
                unborn=len(extract.people) - rows["person"],
                vocabulary=version,
                risk=risk_of(engine),
            ),
        )


def _given(engine: duckdb.DuckDBPyConnection, extract: Extract, version: str) -> None:
    """What the queries are told beside the tables."""
    days = "counted from each person's first" if extract.relative else "as they were"
    said = {
        "as_of": extract.snapshot.manifest.as_of.date(),
        "relative": extract.relative,
        "holder": extract.holder,
        "about": f"Snapshot {extract.snapshot.manifest.name}; days are {days}.",
        "vocabulary": version,
    }
    for name, value in said.items():
        engine.execute(f"SET VARIABLE {name} = $1", [value])


def _named(engine: duckdb.DuckDBPyConnection, extract: Extract) -> None:
    """Who is in the extract, each with the pseudonym of the project."""
    people = sorted(extract.people)
    table = pa.table(
        {
            "person": pa.array(people, type=pa.int64()),
            "pseudonym": pa.array(
                [pseudonym(extract.key, one) for one in people], type=pa.string()
            ),
        }
    )
    engine.from_arrow(table).create("named")


def _events(engine: duckdb.DuckDBPyConnection, sources: tuple[str, ...]) -> int:
    """Make the table `events` of the rows of some views; how many have no usable day."""
    relations = [engine.table(name).project(_projection(name)) for name in sources]
    rows = relations[0]
    for more in relations[1:]:
        rows = rows.union(more)
    rows.create_view("rows", replace=True)
    found: list[Any] = rows.project("system, code").distinct().fetchall()
    engine.from_arrow(said_codes((one[0], one[1]) for one in found)).create_view(
        "said", replace=True
    )
    engine.execute("DROP TABLE IF EXISTS coded")
    engine.execute(QUERIES["coded"])
    engine.execute(QUERIES["events"])
    return _one(engine.sql(QUERIES["left_out"]))


def _projection(name: str) -> str:
    """All columns of `rows`, blank where the view has none."""
    has = TABLES[name].names
    return ", ".join(
        f'"{column}"::{type_} AS "{column}"' if column in has else f'NULL::{type_} AS "{column}"'
        for column, type_ in _COLUMNS.items()
    )


def _keep(engine: duckdb.DuckDBPyConnection, form: Form, query: str, *, beside: str = "") -> None:
    """Keep what a query gives as the table of a form, in its columns and types."""
    columns = ", ".join(f'"{one.name}"::{one.type} AS "{one.name}"' for one in form.fields)
    engine.sql(query).project(columns).create(f"{beside}{form.name}")


def _one(relation: duckdb.DuckDBPyRelation) -> int:
    [[number]] = relation.fetchall()
    return int(number)
