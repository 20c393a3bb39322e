"""Boards, as the pages ask for them: research's numbers in words."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.portal import BoardGroup, BoardLine, BoardPage, BoardTable, OpenPage, OpenTable
from wholerecord.research.board.count import Board
from wholerecord.research.board.groups import Breakdown, Group
from wholerecord.research.board.measures import MEASURES
from wholerecord.research.board.show import BoardBook, board
from wholerecord.research.disclose import SMALL, STEP, say
from wholerecord.research.openly.publish import opened
from wholerecord.research.study.protect import csv_line

_LEFT_OUT = (
    "Not shown: beside the other tables, or beside what a study released, it would give small"
    " numbers back, or it is too large for that to be found out by machine. Wider areas may help."
)


class KeptBoards:
    """See `portal.Boards`. `snapshots` is the folder of the tables."""

    def __init__(
        self,
        register: BoardBook,
        snapshots: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._register = register
        self._snapshots = snapshots
        self._now = now

    def boards(self) -> Sequence[BoardLine]:
        """See `portal.Boards.boards`."""
        return [BoardLine(id=one.id, group=one.group, title=one.title) for one in MEASURES.values()]

    async def board(self, door: Door, id: str, *, purpose: Purpose) -> BoardPage | Refused:
        """See `portal.Boards.board`."""
        now = self._now()
        found = await board(door, self._register, self._snapshots, id, purpose=purpose, now=now)
        return found if isinstance(found, Refused) else _page(*found)

    async def board_csv(self, door: Door, id: str, *, purpose: Purpose) -> str | Refused:
        """See `portal.Boards.board_csv`."""
        found = await self.board(door, id, purpose=purpose)
        if isinstance(found, Refused):
            return found
        lines = [csv_line((f"Query {found.n}", found.title, f"of {found.among}"))]
        lines += [csv_line((note,)) for note in found.notes]
        lines.append(csv_line(("by", "group", "people", "of", "share", "low", "high")))
        for table in found.tables:
            for group in table.groups:
                shares = (
                    "" if one is None else f"{one:.4f}"
                    for one in (group.share, group.low, group.high)
                )
                lines.append(csv_line((table.by, group.name, group.with_it, group.of, *shares)))
        return "".join(lines)

    async def open_counts(self) -> OpenPage | None:
        """See `portal.Boards.open_counts`."""
        for query in await self._register.queries():
            made = opened(query)
            if made is not None:
                return OpenPage(
                    as_of=f"{made.as_of.day} {made.as_of:%B %Y}",
                    off=say(made.off),
                    epsilon=f"{made.epsilon / 1e6:g}",
                    tables=tuple(
                        OpenTable(
                            title=table.title,
                            columns=table.columns,
                            rows=tuple(
                                (name, *map(say, cells))
                                for name, cells in zip(table.rows, table.cells, strict=True)
                            ),
                        )
                        for table in made.tables
                    ),
                )
        return None


def _page(n: int, made: Board) -> BoardPage:
    return BoardPage(
        n=n,
        id=made.id,
        title=made.title,
        among=made.among,
        tables=tuple(map(_table, made.breakdowns)),
        notes=tuple(_notes(made)),
    )


def _table(one: Breakdown) -> BoardTable:
    note = _LEFT_OUT if one.left_out else ""
    return BoardTable(by=one.by, groups=tuple(map(_group, one.groups)), note=note)


def _group(one: Group) -> BoardGroup:
    share = None if one.with_it is None or not one.of else one.with_it / one.of
    return BoardGroup(
        name=one.name,
        with_it=say(one.with_it),
        of=say(one.of),
        share=share,
        low=one.low,
        high=one.high,
    )


def _notes(made: Board) -> Sequence[str]:
    """What is beside every number: coverage, who is left out, and how it was protected."""
    of_day = f"{made.as_of.day} {made.as_of:%B %Y}"
    notes = [
        f"Everything told by {of_day}, as recorded by any source, confirmed entries only.",
        f"People in the tables: {say(made.before)}, and {say(made.after)} after opt-outs.",
    ]
    notes += [f"Left out by {kind}: {say(number)}." for kind, number in made.left_out]
    notes += [f"{by} is not known of {share}." for by, share in _not_known(made)]
    notes += made.cautions
    if made.fewer:
        notes.append(f"It speaks less of these than of others: {', '.join(made.fewer)}.")
    notes.append(
        f"Numbers of {SMALL} or fewer, and others that would give them back, are not shown."
        f" The rest are rounded to the nearest {STEP}, each by itself: sums may not add."
    )
    notes.append("A share in a group of few people says little: look at its interval.")
    return notes


def _not_known(made: Board) -> Sequence[tuple[str, str]]:
    """By what groups are, and the share of people of whom that is not known, where it is shown."""
    found: list[tuple[str, str]] = []
    for one in made.breakdowns:
        all_ = sum(group.of or 0 for group in one.groups)
        unknown = sum(group.of or 0 for group in one.groups if group.name == "not known")
        if all_ and unknown:
            found.append((one.by, f"{100 * unknown / all_:.0f}% of those shown"))
    return found
