"""Rows of some records as bytes, so that they come from another process without a copy of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from wholerecord.fold import Record
from wholerecord.research.areas import Areas
from wholerecord.research.arrow import pa
from wholerecord.research.rows import Row, rows_of
from wholerecord.research.tables import TABLES, schema_of

#: The rows of each table, as a stream of Arrow.
Made = Mapping[str, bytes]


def write_rows(areas: Areas, records: Sequence[tuple[int, Record]]) -> Made:
    """The rows of records, each with its person's number. Pure."""
    held: dict[str, list[Row]] = {}
    for number, record in records:
        for name, rows in rows_of(number, record, areas).items():
            held.setdefault(name, []).extend(rows)
    return {name: _written(name, rows) for name, rows in held.items() if rows}


def read_rows(made: Made | None) -> dict[str, Any]:
    """The rows that `write_rows` wrote, as Arrow; none of None."""
    return {name: pa.ipc.open_stream(raw).read_all() for name, raw in (made or {}).items()}


def _written(name: str, rows: Sequence[Row]) -> bytes:
    schema = schema_of(TABLES[name])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_table(pa.table(list(zip(*rows, strict=True)), schema=schema))
    written: bytes = sink.getvalue().to_pybytes()
    return written
