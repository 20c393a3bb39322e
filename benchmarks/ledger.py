"""How long a study's cell is held against every board: `python -m benchmarks.ledger [people]`.

Made-up people of `benchmarks.research_people`, and the cells that every board would show of them.
*Index* is `research.study.near`; *walk* is the plain engine of its property test, which walks over
every cell of every board, for a few of the studies' cells. Their answers must agree. Every figure
is of this process's processor time.
"""

import sys
import time
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.cohorts import COHORTS, study_of
from benchmarks.machine import machine, spread
from benchmarks.research_people import TODAY, make
from tests.property.test_near_laws import near_any
from wholerecord.research.board.count import board_study, side_by_side
from wholerecord.research.board.measures import MEASURES
from wholerecord.research.snapshot import Snapshot
from wholerecord.research.study.beside import SideBySide, write_boards
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.factors import CellOf, tables_with_factors
from wholerecord.research.study.near import ShownCells
from wholerecord.research.study.protect import protect
from wholerecord.research.tables import TABLES

_WALKED = 4


def shown_by_boards(snapshot: Snapshot) -> list[list[SideBySide]]:
    """What each board shows: every number above the threshold."""
    engine = Engine({name: snapshot.file(name) for name in TABLES})
    everybody = engine.everybody()
    engine.allow(everybody)
    numbers = np.arange(1 + int(everybody.max()), dtype=np.int64)
    boards: list[list[SideBySide]] = []
    for measure in MEASURES.values():
        tables = tables_with_factors(engine, board_study(measure, TODAY), numbers)
        safe = map(protect, tables)
        boards.append([side for each in safe for side in side_by_side(each, tables)])
    engine.close()
    return boards


def counted(folder: Path, people: int) -> tuple[list[list[SideBySide]], list[CellOf], int]:
    """What each board shows, the cells that studies ask for, and everybody."""
    snapshot = make(folder, people)
    boards = shown_by_boards(snapshot)
    engine = Engine({name: snapshot.file(name) for name in TABLES})
    everybody = np.arange(1 + people, dtype=np.int64)
    engine.allow(engine.everybody())
    cells = [
        cell
        for name in COHORTS
        for table in tables_with_factors(engine, study_of(name), everybody)
        for cell in table.cells
    ]
    engine.close()
    return boards, cells, (1 << len(everybody)) - 1


def main() -> None:
    """Print how long reading the boards takes, and a cell by either."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(machine())
    with TemporaryDirectory() as folder:
        boards, cells, whole = counted(Path(folder), people)
    raw = [write_boards(board) for board in boards]
    sides = [side for board in boards for side in board]
    parts = sum(len(side.parts) for side in sides)
    print(f"{people:,} people, {len(boards)} boards of {parts:,} cells, {len(cells)} asked for")
    start = time.process_time()
    shown = ShownCells()
    for each in raw:
        shown.read(each)
    shown.among(whole)
    shown.shows(cells[0].factors)
    print(f"read and indexed: {time.process_time() - start:.2f} s")
    index: list[float] = []
    answers: list[bool] = []
    for cell in cells:
        start = time.process_time()
        answers.append(shown.near(cell.factors))
        index.append(time.process_time() - start)
    walk: list[float] = []
    step = max(1, len(cells) // _WALKED)
    for place, cell in islice(enumerate(cells), 0, None, step):
        start = time.process_time()
        if near_any(sides, cell.factors, whole) != answers[place]:
            sys.exit("the two do not agree")
        walk.append(time.process_time() - start)
    print(f"index  {spread(index)}")
    print(f"walk   {spread(walk)}")
    print(f"{sum(answers)} of {len(cells)} near; {median(walk) / median(index):.0f} times as fast")


if __name__ == "__main__":
    main()
