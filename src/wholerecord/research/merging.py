"""New rows, gathered in bounded memory, and put in the place of the old rows of the same people."""

import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile, rmtree
from typing import Any

import duckdb
import numpy as np

from wholerecord.research.arrow import pa, pq
from wholerecord.research.snapshot import Part, Snapshot
from wholerecord.research.tables import TABLES, Table, schema_of
from wholerecord.research.weaving import Weft, weave
from wholerecord.research.writing import in_order, write_table

#: Rows held in memory before they go to the file.
_HELD = 400_000
#: Of so many people one may have changed for rows to be woven in: of more, all are sorted anew.
_FEW = 8
#: The people whose old rows go.
_CHANGED = pa.schema([pa.field("person", pa.int64(), nullable=False)])


class NewRows:
    """Rows made anew, and whose they are.

    What is held goes to files of `folder`, plain Parquet: four times as fast as into a database.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._files: dict[str, list[str]] = {name: [] for name in TABLES}
        self._rows: dict[str, list[Any]] = {name: [] for name in TABLES}
        self._people: list[int] = []
        self._held = 0
        self._count = 0
        engine.from_arrow(_CHANGED.empty_table()).create("changed")

    def add(self, people: Iterable[int], rows: Mapping[str, Any]) -> None:
        """All rows of some people, as Arrow by table; none of those who are nobody any longer."""
        self._people.extend(people)
        for name, each in rows.items():
            self._rows[name].append(each)
            self._held += each.num_rows
        if self._held >= _HELD:
            self.settle()

    def settle(self) -> None:
        """Put what is held in memory into files."""
        for name, rows in self._rows.items():
            if rows:
                file = str(self._folder / f"{name}-{len(self._files[name])}.parquet")
                made = pa.concat_tables(rows)
                pq.write_table(made, file, compression="none", write_statistics=False)
                self._files[name].append(file)
                rows.clear()
        if self._people:
            people = pa.table([self._people], schema=_CHANGED)
            self._engine.from_arrow(people).insert_into("changed")
        self._count += len(self._people)
        self._people, self._held = [], 0

    def weft(self, table: Table, before: Snapshot) -> Weft | None:
        """The new rows of a table, to be woven into the old; None: too many, or nobody's old."""
        if self._count * _FEW > before.manifest.people:
            return None
        people: Any = self._engine.table("changed").fetchnumpy()["person"]
        changed = np.zeros(int(people.max(initial=0)) + 1, dtype=np.bool_)
        changed[people] = True
        rows: Any = in_order(self._new(table), table)
        return Weft(rows=rows.fetch_arrow_table(), changed=changed)

    def _new(self, table: Table) -> duckdb.DuckDBPyRelation:
        files = self._files[table.name]
        nothing = self._engine.from_arrow(schema_of(table).empty_table())
        return self._engine.read_parquet(files) if files else nothing

    def touches(self, table: Table, before: Snapshot) -> bool:
        """Whether anybody who changed has rows of a table, or had."""
        if self._files[table.name]:
            return True
        old = self._engine.read_parquet(str(before.file(table))).project("person")
        gone = old.join(self._engine.table("changed"), "person", how="semi").limit(1)
        return gone.fetchone() is not None

    def merged(self, table: Table, before: Snapshot | None) -> duckdb.DuckDBPyRelation:
        """The new rows of a table, and those of everybody else as they were."""
        columns = ", ".join(f'"{name}"' for name in table.names)
        new = self._new(table).project(columns)
        if before is None:
            return new
        old = self._engine.read_parquet(str(before.file(table))).project(columns)
        return old.join(self._engine.table("changed"), "person", how="anti").union(new)


@contextmanager
def gathering(folder: Path) -> Generator[NewRows]:
    """Gather rows in files in `folder` that are gone afterwards."""
    aside = folder / ".gathering"
    aside.mkdir(mode=0o700)
    try:
        with duckdb.connect() as engine:
            engine.execute("SET temp_directory = $1", [str(aside / "spilled")])
            engine.execute("SET preserve_insertion_order = false")
            yield NewRows(engine, aside)
    finally:
        rmtree(aside)


def write_merged(new: NewRows, before: Snapshot | None, folder: Path) -> tuple[Part, ...]:
    """Every table, written: the new rows and those of everybody else."""
    new.settle()
    return tuple(_written(new, table, before, folder) for table in TABLES.values())


def _written(new: NewRows, table: Table, before: Snapshot | None, folder: Path) -> Part:
    """The file of a table: the one before, under another name, where nobody in it changed."""
    if before is None or new.touches(table, before):
        weft = None if before is None else new.weft(table, before)
        if before is None or weft is None:
            return write_table(new.merged(table, before), table, folder)
        return weave(table, before.file(table), weft, folder / f"{table.name}.parquet")
    [part] = [one for one in before.manifest.parts if one.table == table.name]
    try:
        os.link(before.path / part.file, folder / part.file)
    except OSError:  # the folder is on another disk, or on one that has no links
        copyfile(before.path / part.file, folder / part.file)
    return part
