"""A board through the door: made once a month, kept on the public register, the same for everybody.

Made once, because two boards a day apart differ by a few people, and their difference tells of
those few: so within a month there is one answer, whoever asks and whatever was told since. It is
held against what studies released, and studies later against it.
"""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.errors import NotFound
from wholerecord.research.board.count import Board, CountedBoard, count_board, show_board
from wholerecord.research.board.measures import MEASURES
from wholerecord.research.register import Query, QueryRegister
from wholerecord.research.snapshot import NoSnapshot, Snapshot, latest_snapshot
from wholerecord.research.study.beside import write_boards
from wholerecord.research.study.book import ReleaseBook
from wholerecord.research.study.sets import read_cells


class NoBoard(NotFound):
    """There is no such board: the list of boards names them."""


class BoardBook(QueryRegister, ReleaseBook, Protocol):
    """The public register, and what was released."""


class Asked(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="board"):
    """What is asked of a board, as the register has it. Opt-outs differ by `purpose`."""

    board: str
    month: str
    purpose: str


async def board(
    door: Door, register: BoardBook, folder: Path, id: str, *, purpose: Purpose, now: datetime
) -> tuple[int, Board] | Refused:
    """A board of this month with its number in the register; or why it may not be seen.

    Every look is an opening. The first in a month makes it, of the newest snapshot.

    Raises:
        NoBoard: there is none of that id.
        NoSnapshot: there are no tables yet.
        TooLarge: it needs more than a study may use.
    """
    measure = MEASURES.get(id)
    if measure is None:
        raise NoBoard
    snapshot = _newest(folder)
    since = snapshot.manifest.as_of if snapshot else now
    out = await door.studied(purpose, f"board {id}", project="", since=since)
    if isinstance(out, Refused):
        return out
    asked = msgspec.json.encode(Asked(board=id, month=f"{now:%Y-%m}", purpose=purpose.value))
    kept = await register.first_query(asked)
    if kept is None:
        if snapshot is None:
            raise NoSnapshot
        made = await _released(
            register, await asyncio.to_thread(count_board, measure, snapshot, out)
        )
        await register.add_query(
            actor=door.actor.id,
            organisation=door.actor.organisation,
            purpose=purpose.value,
            asked=asked,
            answered=msgspec.json.encode(made),
        )
        kept = await register.first_query(asked)  # two at once are shown the same
    if kept is None:
        raise NoBoard
    return kept.n, msgspec.json.decode(kept.answered, type=Board)


async def _released(book: BoardBook, counted: CountedBoard) -> Board:
    """The board as it may be shown beside every study; its cells are kept, for later studies."""
    while True:
        releases, boards = await book.releases(), await book.board_releases()
        earlier = {factors for one in releases for factors in read_cells(one.cells)[1]}
        made, cells = await asyncio.to_thread(show_board, counted, earlier)
        if await book.release_board(write_boards(cells), seen=len(releases) + len(boards)):
            return made


def board_in_words(query: Query) -> tuple[str, str] | None:
    """What a registered query asked and answered, when it is a board; else None."""
    try:
        asked = msgspec.json.decode(query.asked, type=Asked)
        told = msgspec.json.decode(query.answered, type=Board)
    except msgspec.DecodeError:
        return None
    groups = [group for breakdown in told.breakdowns for group in breakdown.groups]
    hidden = sum(group.of is None for group in groups)
    return (
        f"Board of {asked.month}: {told.title}",
        f"{len(groups)} groups, {hidden} of them not shown.",
    )


def _newest(folder: Path) -> Snapshot | None:
    try:
        return latest_snapshot(folder)
    except NoSnapshot:
        return None
