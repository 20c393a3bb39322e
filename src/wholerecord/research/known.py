"""Who is which number in the tables, and how they stood when their rows were made.

It stands beside a snapshot and is no table of it: whoever holds it can tell whose rows are whose.
A number is given once and never to anybody else, not even when there is nobody of that id any
longer.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from wholerecord.record import PersonId
from wholerecord.research.arrow import pa
from wholerecord.research.snapshot import Part, Snapshot
from wholerecord.research.writing import write_parquet

_NAME = "known"
_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("person", pa.int64(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
    ]
)
#: The state of who is nobody any longer.
GONE = ""


class Numbered(NamedTuple):
    """Somebody's number, and the `access.copying.Copied.state` their rows were made of."""

    person: int
    state: str


def read_known(snapshot: Snapshot | None) -> dict[PersonId, Numbered]:
    """Everybody who ever had a number, by who they are."""
    if snapshot is None:
        return {}
    with duckdb.connect() as engine:
        rows: list[Any] = engine.read_parquet(str(_file(snapshot))).fetchall()
    return {PersonId(row[0]): Numbered(row[1], row[2]) for row in rows}


def write_known(known: Mapping[PersonId, Numbered], folder: Path) -> Part:
    """Write who is which number beside a snapshot that is being made."""
    columns = {
        "id": list(known),
        "person": [one.person for one in known.values()],
        "state": [one.state for one in known.values()],
    }
    with duckdb.connect() as engine:
        rows = engine.from_arrow(pa.table(columns, schema=_SCHEMA)).order("person")
        return write_parquet(rows, _NAME, folder / f"{_NAME}.parquet")


def numbers_of(snapshot: Snapshot, people: Collection[PersonId]) -> frozenset[int]:
    """The numbers, in a snapshot, of those of `people` who have one: for opt-outs."""
    known = read_known(snapshot)
    return frozenset(known[person].person for person in people if person in known)


def _file(snapshot: Snapshot) -> Path:
    return next(
        snapshot.path / part.file for part in snapshot.manifest.beside if part.table == _NAME
    )
