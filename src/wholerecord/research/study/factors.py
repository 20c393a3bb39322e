"""Who is in each cell, and why: the conditions that must all hold, each with who fulfils it.

People are bits: the lowest bit is the first of `everybody`. A set of a hundred thousand people is
12 kB, and what two sets differ by is counted in microseconds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from wholerecord.research.study.engine import Exact
from wholerecord.research.study.intervals import tables_of
from wholerecord.research.study.nodes import Both, Expression, Study, Table, Value

#: A set of people.
Bits = int


class StudyEngine(Protocol):
    """The tables of one snapshot, ready to be asked: by DuckDB, or by Spark with the same rows."""

    def people(self) -> Any:
        """The table of people, as Arrow."""
        ...

    def allow(self, people: Iterable[int] | NDArray[np.int64]) -> None:
        """From now on these may be asked about, and nobody else."""
        ...

    def cells(self, study: Study) -> tuple[Exact, ...]:
        """Who is in each cell of each table of a study.

        Raises:
            TooLarge: it needs more than a study may use.
        """
        ...

    def cells_of_query(self, query: exp.Select, name: str, names: tuple[str, ...]) -> Exact:
        """Who is in each cell of the table that a query of `sql.read_sql` asks for."""
        ...

    def close(self) -> None:
        """Let the files go."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CellOf:
    """One cell of a table: `factors` are the sets whose common part is who is in it."""

    key: tuple[str, ...]
    factors: frozenset[Bits]
    people: Bits


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOf:
    """A table before anything is protected. `values` are those of each dimension."""

    name: str
    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    cells: tuple[CellOf, ...]


def bits_of(people: NDArray[np.int64], everybody: NDArray[np.int64]) -> Bits:
    """The people as bits. All of them must be among `everybody`, which is sorted."""
    there = np.zeros(len(everybody), dtype=np.bool_)
    there[np.searchsorted(everybody, people)] = True
    return int.from_bytes(np.packbits(there, bitorder="little").tobytes(), "little")


def tables_with_factors(
    engine: StudyEngine, study: Study, everybody: NDArray[np.int64]
) -> tuple[TableOf, ...]:
    """Every table of a study with who is in each cell; `everybody` are all numbers, sorted."""
    tables = tables_of(study)
    conditions = tuple(_conditions(study.people))
    dimensions = tuple(dict.fromkeys(part for table in tables for part in table.by))
    asked = (*conditions, *dimensions)
    parts = tuple(Table(str(n), (said,), ("",)) for n, said in enumerate(asked))
    found = engine.cells(Study(study.title, Value(True), parts))  # noqa: FBT003 - everybody
    sets = [
        {key[0]: bits_of(cell.people, everybody) for key, cell in exact.cells.items()}
        for exact in found
    ]
    included = frozenset(held.get("yes", 0) for held in sets[: len(conditions)])
    by = dict(zip(dimensions, sets[len(conditions) :], strict=True))
    whole = (1 << len(everybody)) - 1
    return tuple(_table(table, included, by, whole) for table in tables)


def table_of_cells(exact: Exact, numbers: NDArray[np.int64]) -> TableOf:
    """A table of whose cells only the people are known: each is a condition by itself.

    A person may be in several of them, so it is audited with no table beside it.
    """
    sets = {key: bits_of(cell.people, numbers) for key, cell in exact.cells.items()}
    values = tuple(tuple(sorted({key[n] for key in sets})) for n in range(len(exact.names)))
    keys: Any = product(*values)
    cells = [
        CellOf(key=key, factors=frozenset({sets.get(key, 0)}), people=sets.get(key, 0))
        for key in keys
    ]
    return TableOf(name=exact.name, names=exact.names, values=values, cells=tuple(cells))


def common(factors: frozenset[Bits], whole: Bits) -> Bits:
    """Who is in all of the sets: everybody, when there are none."""
    people = whole
    for each in factors:
        people &= each
    return people


def _conditions(said: Expression) -> Iterator[Expression]:
    """What must all hold for it to hold."""
    if isinstance(said, Both):
        yield from _conditions(said.left)
        yield from _conditions(said.right)
    else:
        yield said


def _table(
    table: Table,
    included: frozenset[Bits],
    by: dict[Expression, dict[str, Bits]],
    whole: Bits,
) -> TableOf:
    population = common(included, whole)
    values = [
        sorted(value for value, who in by[part].items() if who & population) for part in table.by
    ]
    cells: list[CellOf] = []
    keys: Any = product(*values)
    for key in keys:
        factors = included | {by[part][value] for part, value in zip(table.by, key, strict=True)}
        people = common(factors, whole)
        cells.append(CellOf(key=key, factors=frozenset(factors), people=people))
    return TableOf(
        name=table.name,
        names=table.names,
        values=tuple(map(tuple, values)),
        cells=tuple(cells),
    )
