"""Link events written, and the caches that follow from them in the same transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wholerecord.people import Act, Asked, LinkEvent
from wholerecord.record import PatientId
from wholerecord.storage.linking import MOVES, brought_by, meanwhile, merged_through
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import event, event_columns, parts_json
from wholerecord.storage.text import storable

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


async def write_links(
    connection: "Connection", links: Sequence[LinkEvent], *, model: str, done: Sequence[PatientId]
) -> list[LinkEvent]:
    """Write that rules of `model` made newcomers who they are, and take `done` from the queue.

    As `write_events`.
    """
    rows = await connection.fetch(
        QUERIES["link_newcomers"],
        [each.patient for each in links],
        [each.person for each in links],
        [each.weight for each in links],
        [parts_json(each.parts) for each in links],
        [each.why for each in links],
        model,
        done,
    )
    return [replace(each, n=row["n"], at=row["at"]) for each, row in zip(links, rows, strict=True)]


async def write_questions(connection: "Connection", asked: Sequence[Asked]) -> int:
    """Ask people; a question asked before is asked again with what is known now.

    How many were not open. What a detector asked and somebody answered is not asked again.
    """
    if not asked:
        return 0
    last = {(each.patient, each.person): each for each in asked}
    each = list(last.values())
    rows = await connection.fetch(
        QUERIES["ask"],
        [one.patient for one in each],
        [one.person for one in each],
        [one.weight for one in each],
        [parts_json(one.parts) for one in each],
        [one.against for one in each],
        [storable(one.why) for one in each],
    )
    return sum(row["fresh"] for row in rows)


async def events_of(connection: "Connection", patient: PatientId) -> list[LinkEvent]:
    """The patient's own events, oldest first."""
    return [event(row) for row in await connection.fetch(QUERIES["events_of_patient"], patient)]


async def ask_after(connection: "Connection", parted: LinkEvent, own: Sequence[LinkEvent]) -> None:
    """Ask about what was filed and merged while a patient was merged who now was taken out.

    `own` are the patient's events before that.
    """
    brought, left = brought_by(own), parted.was
    if brought is None or brought.act is not Act.MERGE or left in (None, parted.person):
        return
    rows = await connection.fetch(QUERIES["filed_since"], left, parted.patient, brought.at)
    asked = [meanwhile(row["id"], parted.person, row["filings"]) for row in rows if row["filings"]]
    theirs = [event(row) for row in await connection.fetch(QUERIES["events_of_person"], left)]
    stay = [row["id"] for row in await connection.fetch(QUERIES["companions"], [left])]
    asked += merged_through(theirs, brought, stay)
    await write_questions(connection, asked)
