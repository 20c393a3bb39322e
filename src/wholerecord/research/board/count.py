"""A board counted on a snapshot: who is in which group, protected, with how sure each share is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
import numpy as np

from wholerecord.access.studying import LeftOut
from wholerecord.research.board.complement import closed
from wholerecord.research.board.likely import likely
from wholerecord.research.board.measures import Measure, alive, dimensions
from wholerecord.research.known import numbers_of
from wholerecord.research.snapshot import Snapshot
from wholerecord.research.study.beside import SideBySide, is_shown, near_to
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.factors import Bits, TableOf, bits_of, tables_with_factors
from wholerecord.research.study.nodes import Both, Study, Table
from wholerecord.research.study.project import allowed
from wholerecord.research.study.protect import Shown, shown
from wholerecord.research.tables import TABLES

#: The table of everybody, beside those by something.
EVERYBODY = "Everybody"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One group of people: how many have it, of how many, and the 95 % bounds of the share.

    All of it is None where either of the two numbers is hidden.
    """

    name: str
    with_it: int | None = None
    of: int | None = None
    low: float | None = None
    high: float | None = None


class Breakdown(msgspec.Struct, frozen=True, kw_only=True):
    """Groups by one thing. `left_out`: none of it can be shown beside the others."""

    by: str
    groups: tuple[Group, ...] = ()
    left_out: bool = False


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A board that may be shown.

    `before` and `after` are people in the tables, and without those who opted out, each None when
    it is hidden. `fewer` says whom it speaks less of than of others.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedBoard:
    """A board before it is held against what studies released: nobody is shown it.

    `tables` are all of it, `safe` what may be shown side by side, and `whole` everybody.
    """

    board: Board
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
        tables = tables_with_factors(engine, _study(measure, on), numbers)
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
    )
    return CountedBoard(
        board=board,
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
    every = [each for sides in cells.values() for each in sides]
    studies = [one for one in earlier if not is_shown(every, one, made.whole)]
    safe = {
        table.name: table
        for table in made.safe
        if not any(
            near_to(each, factors, made.whole) for each in cells[table.name] for factors in studies
        )
    }
    names = [table.name for table in made.tables]
    board = msgspec.structs.replace(
        made.board, breakdowns=tuple(_breakdown(name, safe.get(name)) for name in names)
    )
    return board, tuple(each for name in safe for each in cells[name])


def side_by_side(shown: Shown, tables: Sequence[TableOf]) -> tuple[SideBySide, ...]:
    """The cells that a table shows: who has it, who has it not, and both, each by group."""
    numbers = dict(shown.rows)
    table = next(one for one in tables if one.name == shown.name)
    halves: dict[str, list[frozenset[Bits]]] = {"yes": [], "no": [], "": []}
    groups: dict[tuple[str, ...], list[frozenset[Bits]]] = {}
    for cell in table.cells:
        if numbers.get(cell.key) is not None:
            halves[cell.key[-1]].append(cell.factors)
            groups.setdefault(cell.key[:-1], []).append(cell.factors)
    halves[""] = [_in_all(both) for both in groups.values()]
    found: list[SideBySide] = []
    for parts in halves.values():
        if parts:
            shared = _in_all(parts) if len(parts) > 1 else frozenset[Bits]()
            found.append(SideBySide(shared=shared, parts=tuple(one - shared for one in parts)))
    return tuple(found)


def _in_all(sets: Sequence[frozenset[Bits]]) -> frozenset[Bits]:
    found = sets[0]
    for each in sets[1:]:
        found &= each
    return found


def _study(measure: Measure, on: date) -> Study:
    asked = measure.asked(on)
    tables = (
        Table(EVERYBODY, (asked.of,), ("it",)),
        *(Table(name, (by, asked.of), (name, "it")) for name, by in dimensions(on)),
    )
    return Study(measure.title, Both(alive(on), asked.among), tables)


def _breakdown(name: str, table: Shown | None) -> Breakdown:
    if table is None:
        return Breakdown(by=name, left_out=True)
    rows = dict(table.rows)
    names = dict.fromkeys(key[:-1] for key in rows)
    groups = [_group(" ".join(each) or EVERYBODY, each, rows) for each in sorted(names, key=_order)]
    return Breakdown(by=name, groups=tuple(groups))


def _group(name: str, key: tuple[str, ...], rows: dict[tuple[str, ...], int | None]) -> Group:
    with_it, without = rows.get((*key, "yes")), rows.get((*key, "no"))
    if with_it is None or without is None:
        return Group(name=name)
    low, high = likely(with_it, without)
    return Group(name=name, with_it=with_it, of=with_it + without, low=low, high=high)


def _order(key: tuple[str, ...]) -> tuple[bool, int, str]:
    """Bands by their numbers, then words, and what is not known last."""
    said = " ".join(key)
    first = said.split(" ")[0]
    return said == "not known", int(first) if first.isdigit() else -1, said


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
