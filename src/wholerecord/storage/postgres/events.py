"""Link events written, and the caches that follow from them in the same transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wholerecord.people import LinkEvent
from wholerecord.storage.linking import MOVES, Asked
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import event_columns, parts_json

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection

#: The moment of an event that is not written yet: the database says when.
NOT_YET = datetime.min.replace(tzinfo=UTC)


async def write_events(connection: "Connection", events: Sequence[LinkEvent]) -> list[LinkEvent]:
    """Write the events and move their patients. They come back with their numbers and times."""
    if not events:
        return []
    rows = await connection.fetch(QUERIES["add_events"], *event_columns(events))
    moved = {each.patient: each.person for each in events if each.act in MOVES}
    await connection.execute(QUERIES["set_members"], list(moved), list(moved.values()))
    await connection.execute(QUERIES["link_no_more"], list(moved))
    return [replace(each, n=row["n"], at=row["at"]) for each, row in zip(events, rows, strict=True)]


async def write_questions(connection: "Connection", asked: Sequence[Asked]) -> None:
    """Ask people; a question asked before is asked again with what is known now."""
    if not asked:
        return
    last = {(each.patient, each.person): each for each in asked}
    each = list(last.values())
    await connection.execute(
        QUERIES["ask"],
        [one.patient for one in each],
        [one.person for one in each],
        [one.weight for one in each],
        [parts_json(one.parts) for one in each],
        [one.against for one in each],
    )
