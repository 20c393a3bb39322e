"""Studies over Parquet tables, by DuckDB: who is in each cell of each table. Never to be shown.

The database is in memory, may read the given files and nothing else, and cannot be told otherwise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from wholerecord.errors import Unavailable
from wholerecord.research.arrow import pa
from wholerecord.research.study.intervals import tables_of
from wholerecord.research.study.nodes import Study, StudyWrong, Table
from wholerecord.research.study.plan import ALLOWED, plan, text

#: What a study may use of this machine's memory.
_MEMORY = "1500MB"
#: Seconds that one study may take.
LONGEST = 120.0


class TooLarge(Unavailable):
    """The study needs more memory or time than one may use: ask for fewer people or tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Who is in a cell, and, where it has a mean, what it is made of: how many, sum, two largest.

    `people` are their numbers, in rising order.
    """

    people: NDArray[np.int64]
    known: int = 0
    total: float = 0.0
    largest: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """A table before anything is protected: who is in each cell. Not to be shown."""

    name: str
    names: tuple[str, ...]
    cells: Mapping[tuple[str, ...], Cell]
    has_mean: bool = False


class Engine:
    """The tables of one snapshot, ready to be asked. `files` are Parquet, by table."""

    def __init__(self, files: Mapping[str, Path], *, memory: str = _MEMORY) -> None:
        self.connection = duckdb.connect(":memory:")
        self.connection.execute("SET memory_limit = $1", [memory])
        self.connection.execute("SET temp_directory = ''")
        self.connection.execute("SET allowed_paths = $1", [[str(path) for path in files.values()]])
        self.connection.execute("SET enable_external_access = false")
        for name, path in files.items():
            self.connection.read_parquet(str(path)).create_view(name)
        self.connection.execute("SET lock_configuration = true")

    def everybody(self) -> NDArray[np.int64]:
        """The number of everybody in the snapshot, rising."""
        found = self.connection.table("person").project("person").fetchnumpy()["person"]
        return np.sort(found)

    def people(self) -> Any:
        """The table of people, as Arrow."""
        table: Any = self.connection.table("person")
        return table.fetch_arrow_table()

    def allow(self, people: Iterable[int] | NDArray[np.int64]) -> None:
        """From now on these may be asked about, and nobody else."""
        numbers = np.asarray(list(people) if not isinstance(people, np.ndarray) else people)
        allowed = pa.table({"person": pa.array(numbers.astype(np.int64))})
        self.connection.from_arrow(allowed).create_view(ALLOWED, replace=True)

    def cells(self, study: Study) -> tuple[Exact, ...]:
        """Who is in each cell of each table of a study.

        Raises:
            TooLarge: it does not fit in memory.
        """
        found = self.fetch(plan(study))
        return tuple(exact_of(n, table, found) for n, table in enumerate(tables_of(study)))

    def cells_of_query(self, query: exp.Select, name: str, names: tuple[str, ...]) -> Exact:
        """Who is in each cell of the table that a query of `sql.read_sql` asks for."""
        found = self.fetch(query)
        people = found.column("person").to_numpy()
        columns = [found.column(f"t0_{n}") for n in range(len(names))]
        cells = {key: _cell(people[there], None) for key, there in grouped(columns, len(people))}
        return Exact(name=name, names=names, cells=cells)

    def fetch(self, query: exp.Select) -> Any:
        """What a query gives, as Arrow.

        Raises:
            TooLarge: it does not fit in memory.
        """
        watch = Timer(LONGEST, self.connection.interrupt)
        watch.start()
        try:
            found: Any = self.connection.execute(text(query))
            return found.fetch_arrow_table()
        except (duckdb.OutOfMemoryException, duckdb.InterruptException):
            raise TooLarge from None
        except duckdb.Error:  # its own words may hold somebody's data
            raise StudyWrong("The database cannot run it: compare like with like.") from None
        finally:
            watch.cancel()

    def close(self) -> None:
        """Let the files go."""
        self.connection.close()


def exact_of(n: int, table: Table, found: Any) -> Exact:
    """Table number n of what a plan gave, as Arrow: who is in each cell."""
    columns = [found.column(f"t{n}_{i}") for i in range(len(table.by))]
    people = found.column("person").to_numpy()
    mean = None
    if table.mean is not None:
        mean = found.column(f"t{n}_mean").to_numpy(zero_copy_only=False)
    cells = {
        key: _cell(people[places], None if mean is None else mean[places])
        for key, places in grouped(columns, len(people))
    }
    return Exact(name=table.name, names=table.names, cells=cells, has_mean=mean is not None)


def grouped(
    columns: Iterable[Any], rows: int
) -> Iterable[tuple[tuple[str, ...], NDArray[np.int64]]]:
    """The rows' places by what the columns say there."""
    groups = np.zeros(rows, dtype=np.int64)
    names: list[list[str]] = []
    for column in columns:
        coded: Any = column.combine_chunks().dictionary_encode()
        said: list[str] = coded.dictionary.to_pylist()
        names.append(said)
        groups = groups * max(len(said), 1) + coded.indices.to_numpy()
    order = np.argsort(groups, kind="stable")
    values, starts = np.unique(groups[order], return_index=True)
    for value, places in zip(values.tolist(), np.split(order, starts[1:]), strict=False):
        key: list[str] = []
        rest: int = value
        for said in reversed(names):
            rest, one = divmod(rest, max(len(said), 1))
            key.append(said[one])
        yield tuple(reversed(key)), places


def _cell(people: NDArray[np.int64], numbers: NDArray[np.float64] | None) -> Cell:
    if numbers is None:
        return Cell(people=np.sort(people))
    known: NDArray[np.float64] = np.abs(numbers[~np.isnan(numbers)])
    sizes: list[float] = np.sort(known)[-2:][::-1].tolist()
    largest = [*sizes, 0.0, 0.0][:2]
    return Cell(
        people=np.sort(people),
        known=len(known),
        total=float(np.nansum(numbers)),
        largest=(largest[0], largest[1]),
    )
