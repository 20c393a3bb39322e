"""Messages kept and counted. Filing is `filing`, what could not be filed `parked`."""

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec
import zstandard
from asyncpg import Record

from wholerecord.intake import Arrival, Counts, Fault, Feed, Reason, Receipt
from wholerecord.intake.known import known_as, known_id
from wholerecord.record import MessageId, Source
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.keyring import Wrapped
from wholerecord.storage.postgres.data_keys import DataKeys
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.parked import ParkedItems
from wholerecord.storage.postgres.redone import redone
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import CONTROL_PLACE, phrase, storable

#: Counters are kept in so many rows a source, so that those who count at once rarely meet.
SLOTS = 8
#: Bodies from here on are hashed and compressed in a thread, bytes.
_LARGE = 1 << 18
_LEVEL = 3
#: What a message is parked with whose control id came before: place, reason and words.
_REUSED = (
    CONTROL_PLACE,
    Reason.CONTROL_REUSED.name,
    phrase(Fault(reason=Reason.CONTROL_REUSED)),
)


class _Packed(msgspec.Struct, frozen=True, gc=False):
    """An arrival ready to keep."""

    source: int
    sha256: bytes
    name: str
    size: int
    body: bytes
    control: str | None
    sender: str
    known_as: int | None
    wrapped: Wrapped | None

    @property
    def key(self) -> tuple[int, bytes]:
        """What makes two arrivals the same."""
        return (self.source, self.sha256)


class Messages(ParkedItems):
    """The part of `intake.Inbox` that is not filing."""

    def __init__(self, database: Database) -> None:
        ParkedItems.__init__(self, database)
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)
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
        self._database.need_room()
        source, keys = await self._database.source_id(arrival.source), self._database.keys
        if len(arrival.body) < _LARGE:
            packed = _pack(source, arrival, self._compressor, keys)
        else:
            own = zstandard.ZstdCompressor(level=_LEVEL)  # one is for one thread
            packed = await asyncio.to_thread(_pack, source, arrival, own, keys)
        return await self._keeps.ask(packed)

    async def pledge(self, source: str, key: str, sha256: bytes) -> bool:
        """See `intake.Inbox.pledge`."""
        number = await self._database.source_id(source)
        row = None
        while row is None:  # another program's pledge of this key is seen only once it commits
            row = await self._database.fetchrow("pledge", number, storable(key), sha256)
        return bool(row["sha256"] == sha256)

    async def _keep(self, packed: Sequence[_Packed]) -> list[Receipt]:
        """Receipts for a batch. Each statement commits by itself: one round trip, one flush."""
        new: dict[tuple[int, bytes], _Packed] = {}
        for each in packed:
            new.setdefault(each.key, each)
        slot = random.randrange(SLOTS)  # noqa: S311 - spreads a counter, keeps no secret
        async with self._database.connection() as connection:

            @redone
            async def fetch(query: str, *values: object) -> Sequence[Record]:
                return await connection.fetch(QUERIES[query], *values)

            rows = await fetch("keep", *_columns(new.values()), slot, *_keys(new.values()))
            found = {(row["source"], row["sha256"]): _receipt(row) for row in rows}
            while left := [each for key, each in new.items() if key not in found]:
                old = await fetch(
                    "kept_before",
                    [each.source for each in left],
                    [each.sha256 for each in left],
                )
                found |= {
                    (row["source"], row["sha256"]): _receipt(row, fresh=False, reused=row["reused"])
                    for row in old
                }
                if reused := [each for each in left if each.key not in found]:
                    rows = await fetch(
                        "keep_reused",
                        *_columns(reused),
                        slot,
                        *_REUSED,
                        *_keys(reused),
                    )
                    found |= {
                        (row["source"], row["sha256"]): _receipt(row, reused=True) for row in rows
                    }
        if len(new) == len(packed) and all(receipt.fresh for receipt in found.values()):
            return [found[each.key] for each in packed]
        receipts: list[Receipt] = []
        for each in packed:
            receipt = found[each.key]
            receipts.append(receipt)
            if receipt.fresh:
                found[each.key] = replace(receipt, fresh=False)
        again = Counter(
            each.source for each, receipt in zip(packed, receipts, strict=True) if not receipt.fresh
        )
        if again:
            await self._database.fetch("count_again", list(again), list(again.values()), slot)
        return receipts

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


def _columns(packed: Iterable[_Packed]) -> Sequence[Sequence[object]]:
    """The arrays that the queries of keeping begin with."""
    rows = [
        (
            *(one.source, one.sha256, one.name, one.size, one.body),
            *(one.control, one.sender, one.known_as),
        )
        for one in packed
    ]
    return list(zip(*rows, strict=True))


def _keys(packed: Iterable[_Packed]) -> tuple[list[str | None], list[bytes | None]]:
    """The arrays that they end with: by which key each one's own is wrapped, and that."""
    wrapped = [one.wrapped for one in packed]
    return [one and one.kek for one in wrapped], [one and one.data for one in wrapped]


def sealed(
    keys: DataKeys, source: int, sha256: bytes, packed: bytes
) -> tuple[bytes, Wrapped | None]:
    """A message's body as it is kept, and its wrapped key where it is encrypted."""
    return keys.seal_message(source, sha256, packed) if keys.on else (packed, None)


def _receipt(row: Record, *, fresh: bool = True, reused: bool = False) -> Receipt:
    return Receipt(
        message=MessageId(row["id"]), fresh=fresh, received=row["received"], reused=reused
    )


def _pack(
    source: int, arrival: Arrival, compressor: zstandard.ZstdCompressor, keys: DataKeys
) -> _Packed:
    sha256 = hashlib.sha256(arrival.body).digest()
    body, wrapped = sealed(keys, source, sha256, compressor.compress(arrival.body))
    return _Packed(
        source,
        sha256,
        storable(arrival.name),
        len(arrival.body),
        body,
        None if arrival.control is None else storable(arrival.control),
        storable(arrival.sender),
        known_as(known_id(arrival.body)) if arrival.control is None else None,
        wrapped,
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
