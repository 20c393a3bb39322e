"""What a replay does beside statements: parked items, and merges, forth and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wholerecord.intake import Merge, Unmerge
from wholerecord.intake.parked import Step
from wholerecord.intake.replay import MessageChange
from wholerecord.record import MessageId
from wholerecord.storage.postgres.book import parked_row
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message while it is published or undone: nobody else does the same until the commit."""

    id: MessageId
    source: int
    controller: str
    faulty: bool


async def park(
    connection: "Connection", message: Claimed, replay: int, change: MessageChange
) -> None:
    """Close what holds no longer, and park what could not be filed now."""
    words = f"its message was read again: replay {replay}"
    if change.closed:
        await connection.execute(QUERIES["close_parked"], list(change.closed), "replay", words)
        await connection.execute(
            QUERIES["add_steps"], list(change.closed), replay, Step.REPLAY.name, "replay", words
        )
    if change.opened:
        rows = [
            parked_row(message.id, message.source, message.controller, fault)
            for fault in change.opened
        ]
        made = await connection.fetch(QUERIES["park"], *map(list, zip(*rows, strict=True)))
        await connection.execute(
            QUERIES["add_steps"],
            [row["n"] for row in made],
            replay,
            Step.REOPEN.name,
            "replay",
            words,
        )


async def park_back(
    connection: "Connection", message: MessageId, replay: int, *, by: str, why: str
) -> None:
    """Open what the replay closed, and close what it parked."""
    rows = await connection.fetch(QUERIES["steps_of_replay"], replay, message)
    closed = [row["parked"] for row in rows if row["step"] == Step.REPLAY.name]
    opened = [row["parked"] for row in rows if row["step"] == Step.REOPEN.name]
    words = storable(f"replay {replay} was undone: {why}")
    who = storable(by)
    if closed:
        await connection.execute(QUERIES["open_parked"], closed)
        await connection.execute(QUERIES["add_steps"], closed, None, Step.REOPEN.name, who, words)
    if opened:
        await connection.execute(QUERIES["close_parked"], opened, who, words)
        await connection.execute(QUERIES["add_steps"], opened, None, Step.RELEASE.name, who, words)


async def queue_merges(
    connection: "Connection", merges: Sequence[Merge | Unmerge | tuple[int, int, bool]]
) -> None:
    """Have the patients merged, or taken apart, when they are linked.

    What is taken back does not say when it was said: it was with what it takes back.
    """
    if not merges:
        return
    said = [
        (*each, None) if isinstance(each, tuple) else (*_ids(each), each.said) for each in merges
    ]
    await connection.execute(QUERIES["queue_merges"], *map(list, zip(*said, strict=True)))


def _ids(merge: Merge | Unmerge) -> tuple[int, int, bool]:
    return (merge.kept.id, merge.retired.id, isinstance(merge, Unmerge))


def flat(merges: Sequence[Merge | Unmerge]) -> list[int]:
    """Three numbers a merge: kept, retired, and 1 for an unmerge."""
    return [int(number) for merge in merges for number in _ids(merge)]


def taken_back(flat: Sequence[int]) -> list[tuple[int, int, bool]]:
    """The merges that undo these, the last first."""
    threes = [flat[at : at + 3] for at in range(0, len(flat), 3)]
    return [(kept, retired, not undo) for kept, retired, undo in reversed(threes)]
