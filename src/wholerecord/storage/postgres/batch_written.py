"""A batch written: its statements, and all that follows from them, in its transaction."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wholerecord.intake import (
    Unmerge,
)
from wholerecord.people.blocking import keys, keys_of
from wholerecord.record import PatientId
from wholerecord.storage.postgres.book import book, slot_to_file_in
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import unpack

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection

from wholerecord.storage.postgres.batch import Batch, Moved

COLUMNS = (
    *("home", "patient", "message", "received", "filed", "t", "n"),
    *("kind", "dictionary", "place", "body"),
)


async def write_filed(connection: "Connection", batch: Batch) -> None:
    """Write the batch."""
    await connection.copy_records_to_table("statement", records=batch.statements, columns=COLUMNS)
    if batch.resources:
        newest = batch.resources.values()
        homes, patients, keys_, kinds = zip(*batch.resources, strict=True)
        await connection.execute(
            QUERIES["set_resources"],
            *(homes, patients, keys_),
            *([each.t for each in newest], [each.n for each in newest]),
            *([each.versions for each in newest], kinds, [each.gone for each in newest]),
        )
    if batch.earlier:
        await connection.execute(
            QUERIES["add_earlier"], *map(list, zip(*batch.earlier, strict=True))
        )
    moved = [(who, each) for who, each in batch.patients.items() if each.moved or each.now]
    await connection.execute(
        QUERIES["move_patients"],
        [who for who, _ in moved],
        [each.moved for _, each in moved],
        [each.now for _, each in moved],
        [each.described for _, each in moved],
    )
    await queue_links(connection, batch.changed)
    news = [
        (who, each.t + more)
        for who, each in batch.patients.items()
        if batch.keys[who].number
        for more in range(1, each.moved + 1)
    ]
    if news:
        await connection.execute(QUERIES["write_news"], *map(list, zip(*news, strict=True)))
    if batch.merges:
        await connection.execute(
            QUERIES["queue_merges"],
            [merge.kept.id for merge in batch.merges],
            [merge.retired.id for merge in batch.merges],
            [isinstance(merge, Unmerge) for merge in batch.merges],
            [merge.said for merge in batch.merges],
        )
    if batch.parked:
        await connection.fetch(QUERIES["park"], *map(list, zip(*batch.parked, strict=True)))
    slot = slot_to_file_in()
    await book(connection, batch.book, slot)
    await connection.execute(
        QUERIES["count_said"],
        list(batch.said),
        list(batch.said.values()),
        [batch.newest.get(source) for source in batch.said],
        slot,
    )


async def queue_links(connection: "Connection", changed: Mapping[PatientId, Moved]) -> None:
    """Keep the blocking keys of changed demographics, and queue the patients to be linked."""
    dropped: list[tuple[int, int]] = []
    added: list[tuple[int, int]] = []
    linking: list[tuple[int, int]] = []
    for who, patient in changed.items():
        now = keys_of(unpack(patient.now))
        old, new = set(keys(unpack(patient.was))), set(now.kept)
        dropped.extend((key, who) for key in old - new)
        added.extend((key, who) for key in new - old)
        linking.extend((key, who) for key in now.linking)
    if dropped:
        await connection.execute(
            QUERIES["drop_keys"], [key for key, _ in dropped], [who for _, who in dropped]
        )
    if added:
        await connection.execute(
            QUERIES["add_keys"], [key for key, _ in added], [who for _, who in added]
        )
    if changed:
        await connection.execute(
            QUERIES["queue_links"],
            list(changed),
            [key for key, _ in linking],
            [who for _, who in linking],
        )
