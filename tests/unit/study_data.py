"""Rows for studies, as Parquet files."""

from pathlib import Path

from wholerecord.research.arrow import pa, pq
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.meaning import Data
from wholerecord.research.tables import TABLES, schema_of


def written(data: Data, folder: Path) -> dict[str, Path]:
    """The rows as the Parquet files of a snapshot; tables that are not said are empty."""
    files: dict[str, Path] = {}
    for name, table in TABLES.items():
        files[name] = folder / f"{name}.parquet"
        rows = [{each: row.get(each) for each in table.names} for row in data.get(name, ())]
        pq.write_table(pa.Table.from_pylist(rows, schema=schema_of(table)), files[name])
    return files


def hold(engine: Engine, data: Data) -> None:
    """From now on the engine's tables are these rows, without a file."""
    for name, table in TABLES.items():
        rows = [{each: row.get(each) for each in table.names} for row in data.get(name, ())]
        held = pa.Table.from_pylist(rows, schema=schema_of(table))
        engine.connection.from_arrow(held).create_view(name, replace=True)
