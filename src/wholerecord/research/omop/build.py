"""The tables of the model, made of a snapshot for those who may be in them, and written.

Days are moved so that each person's first is 1 January 2000, unless the extract was granted with
days as they were. Codes that few people have are told as wider ones, and days no more exactly than
two known drugs allow: see `singling`. Row ids and person ids mean nothing outside the extract.
"""

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np

from wholerecord.research.arrow import pa
from wholerecord.research.extracts.cut import TooTelling
from wholerecord.research.omop.codes import said_codes
from wholerecord.research.omop.queries import QUERIES
from wholerecord.research.omop.risk import Risk, risk_of
from wholerecord.research.omop.tables import FORMS, Form
from wholerecord.research.omop.vocabulary import take_vocabulary
from wholerecord.research.singling.grain import Told, finest
from wholerecord.research.singling.pairs import MOST
from wholerecord.research.singling.rare import RARE, rolled_up
from wholerecord.research.snapshot import Snapshot
from wholerecord.research.study.pseudonyms import pseudonym
from wholerecord.research.tables import TABLES

_DRUGS = "drug_exposure"
#: Tables of the model that are events → the tables of the views they are made of. Drugs come first:
#: how exactly they may be told is how exactly everything is.
_EVENTS: Mapping[str, tuple[str, ...]] = {
    _DRUGS: ("medication", "immunisation"),
    "visit_occurrence": ("encounter",),
    "condition_occurrence": ("condition",),
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
#: People whose events are found at once, in that memory.
_AT_ONCE = 4_000
#: What the table of codes told otherwise is: the code, and what it is told as, blank for nothing.
_TOLD = pa.schema(
    [pa.field(name, pa.string()) for name in ("system", "code", "told_system", "told_code")]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What is to be made: of whom (numbers of the tables), under which key, for which holder.

    `relative`: days are counted from each person's first. `vocabulary` is the site's folder of it.
    A code needs `rare` people to be told as it is, and two known drugs single out `most` (0 to 1).
    """

    snapshot: Snapshot
    people: Collection[int]
    key: bytes
    holder: str
    relative: bool
    vocabulary: Path
    rare: int = RARE
    most: float = MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made: rows by table, rows that have no usable day, people without a birthday."""

    rows: Mapping[str, int]
    undated: int
    unborn: int
    vocabulary: str
    risk: Risk


@dataclass(slots=True)
class _Count:
    """What is counted along the way: rows without a usable day, and codes told otherwise."""

    undated: int = 0
    wider: int = 0
    out: int = 0


@contextmanager
def made(extract: Extract) -> Generator[tuple[duckdb.DuckDBPyConnection, Made]]:
    """A database in memory that holds the tables of the model, and what is told of them.

    Raises:
        TooTelling: they would single people out, and there is no rougher way to tell them.
    """
    with (
        TemporaryDirectory(prefix="wholerecord-extract-") as spilled,
        duckdb.connect(":memory:") as engine,
    ):
        engine.execute("SET memory_limit = $1", [_MEMORY])
        engine.execute("SET temp_directory = $1", [spilled])
        engine.execute("SET preserve_insertion_order = false")
        for name in TABLES:
            engine.read_parquet(str(extract.snapshot.file(name))).create_view(name)
        version = take_vocabulary(engine, extract.vocabulary)
        _given(engine, extract, version)
        _named(engine, extract)
        engine.execute(QUERIES["told"])
        engine.execute(QUERIES["people"])
        count, days = _Count(), None
        for name, sources in _EVENTS.items():
            lost = _events(engine, sources, extract.rare, count)
            if name == _DRUGS:
                days = _days(engine, lost, extract.most)
            _keep(engine, FORMS[name], QUERIES[name])
        assert days is not None  # noqa: S101 - drugs are among the events
        for name in ("person", "observation_period", "death"):
            _keep(engine, FORMS[name], QUERIES[name], beside="cdm_")
        for name in ("condition_era", "drug_era", "cdm_source"):
            _keep(engine, FORMS[name], QUERIES[name])
        engine.execute("DROP VIEW person")
        for name in ("person", "observation_period", "death"):
            engine.execute(f"ALTER TABLE cdm_{name} RENAME TO {name}")
        rows = {name: _one(engine.table(name).count("*")) for name in FORMS}
        yield (
            engine,
            Made(
                rows=rows,
                undated=count.undated,
                unborn=len(extract.people) - rows["person"],
                vocabulary=version,
                risk=risk_of(engine, days, wider=count.wider, out=count.out),
            ),
        )


def _days(engine: duckdb.DuckDBPyConnection, lost: int, most: float) -> Told:
    """How exactly days are told, for what `events` holds of drugs; from now on they are told so.

    `lost` rows of theirs were left out with their codes.
    """
    found = engine.sql(QUERIES["things"]).fetchnumpy()
    people, codes = (found[name].astype(np.int64) for name in ("person_id", "code"))
    days = finest(people, codes, found["day"].astype("datetime64[D]"), before=lost, most=most)
    if days is None:
        raise TooTelling
    engine.execute("SET VARIABLE grain = $1", [days.grain.value])
    engine.execute("SET VARIABLE least = $1", [days.least])
    engine.execute(QUERIES["common"])
    return days


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


def _events(
    engine: duckdb.DuckDBPyConnection, sources: tuple[str, ...], rare: int, count: _Count
) -> int:
    """Make the table `events` of the rows of some views; how many are lost with their codes."""
    relations = [engine.table(name).project(_projection(name)) for name in sources]
    rows = relations[0]
    for more in relations[1:]:
        rows = rows.union(more)
    rows.create_view("rows", replace=True)
    lost = _rolled(engine, rare, count)
    found: list[Any] = engine.table("rolled").project("system, code").distinct().fetchall()
    engine.from_arrow(said_codes((one[0], one[1]) for one in found)).create_view(
        "said", replace=True
    )
    engine.execute("DROP TABLE IF EXISTS coded")
    engine.execute(QUERIES["coded"])
    _gathered(engine)
    count.undated += _one(engine.sql(QUERIES["left_out"]))
    return lost


def _gathered(engine: duckdb.DuckDBPyConnection) -> None:
    """Make the table `events`, of some people after the others."""
    engine.execute("DROP TABLE IF EXISTS events")
    whole = _one(engine.table("people").count("*"))
    for begins in range(1, max(whole, 1) + 1, _AT_ONCE):
        engine.execute("SET VARIABLE begins = $1", [begins])
        engine.execute("SET VARIABLE ends = $1", [begins + _AT_ONCE - 1])
        events = engine.sql(QUERIES["events"])
        events.create("events") if begins == 1 else events.insert_into("events")


def _rolled(engine: duckdb.DuckDBPyConnection, rare: int, count: _Count) -> int:
    """Make the view `rolled` of `rows`: rare codes told as wider ones; how many rows are lost."""
    engine.execute("SET VARIABLE rare = $1", [rare])
    held: list[Any] = engine.sql(QUERIES["holders"]).fetchall()
    told = rolled_up((((one[0], one[1]), frozenset(one[2])) for one in held), rare=rare).codes
    count.out += sum(up is None for up in told.values())
    count.wider += sum(up is not None for up in told.values())
    lines = [(*code, *(up or (None, None))) for code, up in told.items()]
    columns = list(zip(*lines, strict=True)) or [()] * len(_TOLD.names)
    table = pa.table([list(column) for column in columns], schema=_TOLD)
    engine.execute("DROP VIEW IF EXISTS rolled")
    engine.execute("DROP TABLE IF EXISTS told_codes")
    engine.from_arrow(table).create("told_codes")
    engine.execute(QUERIES["rolled"])
    return _one(engine.sql(QUERIES["lost"]))


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
