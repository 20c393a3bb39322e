"""The open tables: how many people have each of a few conditions, by age and sex.

Which cells there are is fixed, so that none tells by being there. A person is in one cell of each
table: what is spent on a table is spent on each person once.
"""

from datetime import date

import msgspec
import numpy as np

from wholerecord.access.studying import LeftOut
from wholerecord.research.board.asked import Measure, alive
from wholerecord.research.board.measures import MEASURES
from wholerecord.research.count import SEXES, band_names
from wholerecord.research.known import numbers_of
from wholerecord.research.openly.noise import noised, off
from wholerecord.research.snapshot import Snapshot
from wholerecord.research.study.engine import Engine, Exact
from wholerecord.research.study.nodes import Age, Band, Both, Of, Study, Table, Value
from wholerecord.research.study.project import allowed
from wholerecord.research.tables import TABLES

_BOUNDS = (0, 18, 40, 65, 80)
_EVERYBODY = "Everybody alive"
_COUNTED = tuple(one for one in MEASURES.values() if one.id.startswith("prevalence-"))


class OpenTable(msgspec.Struct, frozen=True, kw_only=True):
    """People with noise, by age (rows) and sex (columns). Rows and columns are always the same."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]


class OpenCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What is published of a snapshot. A number is off by `off` at most, 95 times in 100.

    `epsilon` is what was spent on all tables together, in millionths.
    """

    snapshot: str
    as_of: date
    epsilon: int
    off: int
    tables: tuple[OpenTable, ...]


def open_counts(snapshot: Snapshot, out: LeftOut, *, epsilon: int) -> OpenCounts:
    """The tables with noise, `epsilon` for all of them together. `out` are in none of them."""
    on = snapshot.manifest.as_of.date()
    each = epsilon // (1 + len(_COUNTED))
    engine = Engine({name: snapshot.file(name) for name in TABLES})
    try:
        may = allowed(engine.people().to_pylist(), numbers_of(snapshot, out.people), on=on)
        engine.allow(np.asarray(may.people))
        exact = [(_EVERYBODY, _cells(engine, None, on))]
        exact += [(one.title, _cells(engine, one, on)) for one in _COUNTED]
    finally:
        engine.close()
    return OpenCounts(
        snapshot=snapshot.manifest.name,
        as_of=on,
        epsilon=epsilon,
        off=off(each),
        tables=tuple(_table(title, cells, each) for title, cells in exact),
    )


def _cells(engine: Engine, measure: Measure | None, on: date) -> Exact:
    here = alive(on) if measure is None else Both(alive(on), measure.asked(on).of)
    by = Band(Age(Value(on)), _BOUNDS), Of("sex")
    return engine.cells(Study("open", here, (Table("open", by, ("age", "sex")),)))[0]


def _table(title: str, exact: Exact, epsilon: int) -> OpenTable:
    rows = band_names(_BOUNDS)
    keys = [(row, column) for row in rows for column in SEXES]
    found = [len(exact.cells[key].people) if key in exact.cells else 0 for key in keys]
    drawn = iter(noised(found, epsilon=epsilon))
    return OpenTable(
        title=title,
        rows=rows,
        columns=SEXES,
        cells=tuple(tuple(next(drawn) for _ in SEXES) for _ in rows),
    )
