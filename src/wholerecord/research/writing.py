"""A table of a snapshot written as Parquet: typed, sorted, compressed with zstd.

Sorted by code, then person: a query for one code reads the few row groups that hold it, and finds
its people in order.
"""

from pathlib import Path

import duckdb

from wholerecord.research.arrow import pq
from wholerecord.research.snapshot import Part, part_of
from wholerecord.research.tables import Table

#: Rows of a row group: what a query skips or reads at once.
GROUP = 122_880


def write_table(rows: duckdb.DuckDBPyRelation, table: Table, folder: Path) -> Part:
    """Write `rows`, in any order and with the table's columns, as the file of `table`.

    A column of another type is cast to the one declared.
    """
    return write_parquet(in_order(rows, table), table.name, folder / f"{table.name}.parquet")


def in_order(rows: duckdb.DuckDBPyRelation, table: Table) -> duckdb.DuckDBPyRelation:
    """The rows with the table's columns and types, in its order."""
    columns = ", ".join(f'"{one.name}"::{one.type} AS "{one.name}"' for one in table.columns)
    by = ", ".join(f'"{name}" NULLS LAST' for name in table.sorted_by)
    return rows.project(columns).order(by)


def write_parquet(rows: duckdb.DuckDBPyRelation, name: str, file: Path) -> Part:
    """Write `rows` in their order."""
    rows.write_parquet(str(file), compression="zstd", row_group_size=GROUP)
    return part_of(name, file, rows=pq.read_metadata(file).num_rows)
