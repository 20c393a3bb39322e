"""Messages kept, parked items and counts. Filing is `filing`."""

import asyncio
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

import zstandard
from asyncpg import Record

from wholerecord.errors import NotFound
from wholerecord.intake import Arrival, Counts, Feed, Parked, Receipt
from wholerecord.record import MessageId, Source
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable

#: Counters are kept in so many rows a source, so that those who count at once rarely meet.
SLOTS = 8
#: Bodies from here on are hashed and compressed in a thread, bytes.
_LARGE = 1 << 18


@dataclass(frozen=True, slots=True)
class _Packed:
    """An arrival ready to keep: the first two parts are its identity."""

    source: int
    sha256: bytes
    name: str
    size: int
    body: bytes


class Messages:
    """The part of `intake.Inbox` that is not filing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keeps = Gatherer(self._keep, most=512, at_once=2)

    async def declare(self, source: Source) -> None:
        """See `intake.Inbox.declare`."""
        await self._database.fetch(
            "declare",
            source.name,
            source.controller,
            source.title,
            source.setting,
            source.expected,
            source.columns,
        )

    async def sources(self) -> Sequence[Source]:
        """See `intake.Inbox.sources`."""
        return [_source(row) for row in await self._database.fetch("sources")]

    async def keep(self, arrival: Arrival) -> Receipt:
        """See `intake.Inbox.keep`."""
        source = await self._database.source_id(arrival.source)
        if len(arrival.body) < _LARGE:
            packed = _pack(source, arrival)
        else:
            packed = await asyncio.to_thread(_pack, source, arrival)
        return await self._keeps.ask(packed)

    async def _keep(self, packed: Sequence[_Packed]) -> list[Receipt]:
        new: dict[tuple[int, bytes], _Packed] = {}
        for each in packed:
            new.setdefault((each.source, each.sha256), each)
        wanted = list(new.values())
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                QUERIES["keep"],
                [each.source for each in wanted],
                [each.sha256 for each in wanted],
                [each.name for each in wanted],
                [each.size for each in wanted],
                [each.body for each in wanted],
                random.randrange(SLOTS),  # noqa: S311 - spreads a counter, keeps no secret
            )
            known = {(row["source"], row["sha256"]): MessageId(row["id"]) for row in rows}
            fresh = set(known)
            if old := [key for key in new if key not in known]:
                rows = await connection.fetch(
                    QUERIES["kept_before"], *map(list, zip(*old, strict=True))
                )
                known |= {(row["source"], row["sha256"]): row["id"] for row in rows}
        receipts: list[Receipt] = []
        for each in packed:
            key = (each.source, each.sha256)
            receipts.append(Receipt(message=known[key], fresh=key in fresh))
            fresh.discard(key)
        return receipts

    async def parked(
        self, *, source: str | None = None, open_only: bool = True
    ) -> Sequence[Parked]:
        """See `intake.Inbox.parked`."""
        rows = await self._database.fetch("parked", source, open_only)
        return [Parked(**dict(row)) for row in rows]

    async def release(self, n: int, *, by: str, why: str) -> None:
        """See `intake.Inbox.release`."""
        if await self._database.fetchrow("release", n, storable(by), storable(why)) is None:
            raise NotFound(f"There is no parked item {n}.")

    async def feeds(self) -> Sequence[Feed]:
        """See `intake.Inbox.feeds`."""
        return [
            Feed(
                source=_source(row),
                messages=row["messages"],
                waiting=row["waiting"],
                parked=row["parked"],
                last_received=row["last_received"],
                newest=row["newest"],
            )
            for row in await self._database.fetch("feeds")
        ]

    async def received(self) -> Counts:
        """See `intake.Inbox.received`."""
        [row] = await self._database.fetch("received")
        return Counts(**dict(row))


def _pack(source: int, arrival: Arrival) -> _Packed:
    return _Packed(
        source,
        hashlib.sha256(arrival.body).digest(),
        storable(arrival.name),
        len(arrival.body),
        zstandard.ZstdCompressor(level=3).compress(arrival.body),
    )


def _source(row: Record) -> Source:
    return Source(
        name=row["name"],
        controller=row["controller"],
        title=row["title"],
        setting=row["setting"],
        expected=row["expected"],
        columns=row["columns"],
    )
