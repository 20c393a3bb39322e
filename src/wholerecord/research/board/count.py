"""A board counted on a snapshot: who is in which group, protected, with how sure each share is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
import numpy as np

from wholerecord.access.studying import LeftOut
from wholerecord.research.board.asked import Measure, Spread, alive
from wholerecord.research.board.complement import HAS_IT, closed, is_share
from wholerecord.research.board.groups import (
    EVERYBODY,
    Breakdown,
    all_of,
    breakdown_of,
    spread_over,
)
from wholerecord.research.board.measures import dimensions
from wholerecord.research.known import numbers_of
from wholerecord.research.snapshot import Snapshot
from wholerecord.research.study.beside import SideBySide
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.factors import Bits, TableOf, bits_of, tables_with_factors
from wholerecord.research.study.near import ShownCells
from wholerecord.research.study.nodes import Both, Study, Table
from wholerecord.research.study.project import allowed
from wholerecord.research.study.protect import Shown, shown
from wholerecord.research.tables import TABLES


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A board that may be shown.

    `before` and `after` are people in the tables, and without those who opted out, each None when
    it is hidden. `fewer` says whom it speaks less of than of others, `cautions` what to know.
    """

    id: str
    title: str
    among: str
    snapshot: str
    as_of: datetime
    before: int | None
    after: int | None
    left_out: tuple[tuple[str, int | None], ...]
    fewer: tuple[str, ...]
    breakdowns: tuple[Breakdown, ...]
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedBoard:
    """A board before it is held against what studies released: nobody is shown it.

    `tables` are all of it, `safe` what may be shown side by side, and `whole` everybody. The table
    of its `spread` has one value for each person; the others end with whether they have it.
    """

    board: Board
    spread: Spread | None
    tables: tuple[TableOf, ...]
    safe: tuple[Shown, ...]
    whole: Bits


def count_board(measure: Measure, snapshot: Snapshot, out: LeftOut) -> CountedBoard:
    """The board of a snapshot, without those in `out`. As of the day the snapshot was made.

    Raises:
        TooLarge: it needs more than a study may use.
    """
    on = snapshot.manifest.as_of.date()
    engine = Engine({name: snapshot.file(name) for name in TABLES})
    try:
        people = engine.people().to_pylist()
        may = allowed(people, numbers_of(snapshot, out.people), on=on)
        engine.allow(may.people)
        numbers = np.arange(1 + max((row["person"] for row in people), default=0), dtype=np.int64)
        tables = tables_with_factors(engine, board_study(measure, on), numbers)
    finally:
        engine.close()
    by_kind = ((kind.value, shown(len(numbers_of(snapshot, who)))) for kind, who in out.by.items())
    board = Board(
        id=measure.id,
        title=measure.title,
        among=measure.among,
        snapshot=snapshot.manifest.name,
        as_of=snapshot.manifest.as_of,
        before=may.before,
        after=may.after,
        left_out=tuple(sorted(by_kind)),
        fewer=_fewer(may.before, may.after, may.bias),
        breakdowns=(),
        cautions=measure.cautions,
    )
    return CountedBoard(
        board=board,
        spread=measure.spread,
        tables=tables,
        safe=closed(tables).tables,
        whole=bits_of(may.people, numbers),
    )


def show_board(
    made: CountedBoard, earlier: Iterable[frozenset[Bits]]
) -> tuple[Board, tuple[SideBySide, ...]]:
    """The board as it may be shown, and the cells that it shows.

    A table of which some cells together come too near to an `earlier` cell of a study is left out.
    """
    cells = {table.name: side_by_side(table, made.tables) for table in made.safe}
    every = ShownCells(each for sides in cells.values() for each in sides)
    every.among(made.whole)
    studies = [one for one in earlier if not every.shows(one)]
    safe = {
        table.name: table
        for table in made.safe
        if not _comes_near(cells[table.name], studies, made.whole)
    }
    all_ = all_of(safe.get(EVERYBODY))
    breakdowns = (
        spread_over(made.spread, safe.get(table.name), all_)
        if made.spread is not None and not is_share(table)
        else breakdown_of(table.name, safe.get(table.name))
        for table in made.tables
    )
    board = msgspec.structs.replace(made.board, breakdowns=tuple(breakdowns))
    return board, tuple(each for name in safe for each in cells[name])


def _comes_near(
    cells: Sequence[SideBySide], studies: Iterable[frozenset[Bits]], whole: Bits
) -> bool:
    """Whether any of the studies' cells, which are not shown, is near to these of one table."""
    table = ShownCells(cells)
    table.among(whole)
    return any(map(table.near, studies))


def side_by_side(shown: Shown, tables: Sequence[TableOf]) -> tuple[SideBySide, ...]:
    """The cells that a table shows: who has it, who has it not, and both, each by group."""
    numbers = dict(shown.rows)
    table = next(one for one in tables if one.name == shown.name)
    if not is_share(table):
        return _together(
            [cell.factors for cell in table.cells if numbers.get(cell.key) is not None]
        )
    halves: dict[str, list[frozenset[Bits]]] = {"yes": [], "no": [], "": []}
    groups: dict[tuple[str, ...], list[frozenset[Bits]]] = {}
    for cell in table.cells:
        if numbers.get(cell.key) is not None:
            halves[cell.key[-1]].append(cell.factors)
            groups.setdefault(cell.key[:-1], []).append(cell.factors)
    halves[""] = [_in_all(both) for both in groups.values()]
    return tuple(side for parts in halves.values() for side in _together(parts))


def _together(parts: Sequence[frozenset[Bits]]) -> tuple[SideBySide, ...]:
    if not parts:
        return ()
    shared = _in_all(parts) if len(parts) > 1 else frozenset[Bits]()
    return (SideBySide(shared=shared, parts=tuple(one - shared for one in parts)),)


def _in_all(sets: Sequence[frozenset[Bits]]) -> frozenset[Bits]:
    found = sets[0]
    for each in sets[1:]:
        found &= each
    return found


def board_study(measure: Measure, on: date) -> Study:
    """What is counted for a board, as of a day: everybody, by each thing, and its spread."""
    asked = measure.asked(on)
    more = ((name, by(on)) for name, by in measure.more)
    tables = [
        Table(EVERYBODY, (asked.of,), (HAS_IT,)),
        *(Table(name, (by, asked.of), (name, HAS_IT)) for name, by in (*dimensions(on), *more)),
    ]
    if (spread := measure.spread) is not None:
        tables.insert(1, Table(spread.name, (spread.by(on),), (spread.name,)))
    return Study(measure.title, Both(alive(on), asked.among), tuple(tables))


def _fewer(
    before: int | None,
    after: int | None,
    bias: Sequence[tuple[str, str, int | None, int | None]],
) -> tuple[str, ...]:
    """The groups of which a larger part opted out than of everybody."""
    if not before:
        return ()
    kept = (after or 0) / before
    return tuple(
        f"{name} {value}"
        for name, value, was, left in bias
        if was and (left or 0) / was < kept - 0.05
    )
