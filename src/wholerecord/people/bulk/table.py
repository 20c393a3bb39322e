"""A table of records as it is given, a CSV or Parquet file or rows in memory, made `raw`.

What cannot be matched is said before anything is done, never with a word of what stands in it.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from wholerecord.errors import Incorrect
from wholerecord.people.bulk.outside import pa
from wholerecord.people.rows import COLUMNS

#: Nothing of it is guessed: a guess that reads a damaged file makes other people of them.
_CSV: dict[str, Any] = {
    "all_varchar": True,
    "header": True,
    "sep": ",",
    "quotechar": '"',
    "escapechar": '"',
    "skiprows": 0,
}
_LINE = re.compile(r"Line: (\d+)")


class BadTable(Incorrect):
    """This is no table of records that can be matched."""


def read_table(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Make the table `raw` of a file with a heading that has `id` and some of `rows.COLUMNS`.

    Headings are read in any case. Columns that are not ours are kept and not compared.

    Raises:
        BadTable: the file is no table, has no `id`, none of our columns, or one id twice.
    """
    try:
        said = (
            connection.read_parquet(str(file))
            if file.suffix == ".parquet"
            else connection.read_csv(str(file), **_CSV)
        )
        _make(said)
    except duckdb.Error as error:
        # What DuckDB says quotes the line, and the line is a patient.
        line = _LINE.search(str(error))
        where = f" in line {line[1]}" if line else ""
        kind = "Parquet file" if file.suffix == ".parquet" else "CSV file in UTF-8 with a heading"
        raise BadTable(f"{file} is no {kind}, or is damaged{where}.") from None
    _hold_against(connection, str(file))


def take_rows(connection: duckdb.DuckDBPyConnection, rows: Sequence[dict[str, str]]) -> None:
    """Make the table `raw` of rows in memory, each with an `id`.

    Raises:
        BadTable: as `read_table`.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = pa.table({name: [row.get(name, "") for row in rows] for name in names})
    _make(connection.from_arrow(table))
    _hold_against(connection, "The table")


def _make(said: duckdb.DuckDBPyRelation) -> None:
    """`raw`: a column for each of ours, "" where the table has none, and whatever else it has."""
    has = {name.strip().lower(): name for name in said.columns}
    if "id" not in has:
        raise BadTable("It has no column `id`.")
    if not has.keys() & set(COLUMNS):
        raise BadTable(f"It has none of the columns {', '.join(COLUMNS)}.")
    ours = [
        f"coalesce(trim({_quoted(has[name])}::varchar), '') AS {name}"
        if name in has
        else f"'' AS {name}"
        for name in COLUMNS
    ]
    others = [_quoted(said) for name, said in has.items() if name not in {*COLUMNS, "id"}]
    named = f"{_quoted(has['id'])}::varchar AS id"
    said.project(", ".join((named, *ours, *others))).create("raw")


def _hold_against(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Every record has an id of its own."""
    found = connection.table("raw").aggregate("count(*), count(id), count(DISTINCT id)").fetchone()
    records, named, different = found or (0, 0, 0)
    if named < records:
        raise BadTable(f"{name} has {records - named:,} records without an id.")
    if different < records:
        raise BadTable(f"{name} has {records - different:,} records with the id of another.")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
