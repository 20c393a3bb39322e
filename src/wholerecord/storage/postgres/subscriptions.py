"""Subscriptions, news and events."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from asyncpg import Record

from wholerecord.access.subscriptions import (
    LEASE,
    Happening,
    News,
    Standing,
    Subscription,
    Wish,
    asker_of,
)
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable

_DECODE = msgspec.json.Decoder(Wish).decode


class Subscriptions:
    """See `access.subscriptions.Subscriptions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def subscribe(self, wanted: Subscription) -> None:
        """See `access.subscriptions.Subscriptions.subscribe`."""
        await self._database.fetch(
            "subscribe",
            wanted.id,
            storable(asker_of(wanted.wish.actor)),
            wanted.standing.value,
            wanted.begun,
            wanted.until,
            msgspec.json.encode(wanted.wish),
            wanted.wish.channel.value,
        )

    async def rewish(self, id: str, wish: Wish, *, until: datetime, now: datetime) -> None:
        """See `access.subscriptions.Subscriptions.rewish`."""
        written = msgspec.json.encode(wish)
        await self._database.fetch("rewish", id, written, until, now, wish.channel.value)

    async def end_subscription(self, id: str, *, says: str) -> None:
        """See `access.subscriptions.Subscriptions.end_subscription`."""
        await self._database.fetch("end_subscription", id, storable(says))

    async def forget_subscription(self, id: str) -> None:
        """See `access.subscriptions.Subscriptions.forget_subscription`."""
        await self._database.fetch("forget_subscription", id)

    async def subscription(self, id: str) -> Subscription | None:
        """See `access.subscriptions.Subscriptions.subscription`."""
        row = await self._database.fetchrow("subscription", storable(id))
        return None if row is None else _subscription(row)

    async def subscriptions_of(self, asker: str) -> Sequence[Subscription]:
        """See `access.subscriptions.Subscriptions.subscriptions_of`."""
        rows = await self._database.fetch("subscriptions_of", storable(asker))
        return [_subscription(row) for row in rows]

    async def subscriptions(self, *, now: datetime) -> Sequence[Subscription]:
        """See `access.subscriptions.Subscriptions.subscriptions`."""
        return [_subscription(row) for row in await self._database.fetch("subscriptions", now)]

    async def news(self, *, limit: int) -> Sequence[News]:
        """See `access.subscriptions.Subscriptions.news`."""
        rows = await self._database.fetch("news", limit)
        return [News(n=row["n"], patient=row["patient"], t=row["t"]) for row in rows]

    async def tell_news(
        self, n: int, told: Mapping[str, Sequence[Happening]], *, now: datetime
    ) -> bool:
        """See `access.subscriptions.Subscriptions.tell_news`."""
        async with self._database.transaction() as connection:
            if await connection.fetchval(QUERIES["take_news"], n) is None:
                return False
            for name, events in sorted(told.items()):  # in one order: two never wait for each other
                if not events:
                    continue
                last = await connection.fetchval(QUERIES["number_events"], name, len(events), now)
                if last is None:
                    continue
                await connection.execute(
                    QUERIES["add_happenings"],
                    name,
                    list(range(last - len(events) + 1, last + 1)),
                    [one.at for one in events],
                    [one.focus for one in events],
                    [one.change for one in events],
                )
        return True

    async def happenings(self, id: str, *, after: int, limit: int) -> Sequence[Happening]:
        """See `access.subscriptions.Subscriptions.happenings`."""
        rows = await self._database.fetch("happenings", id, after, limit)
        return [Happening(**dict(row)) for row in rows]

    async def take_deliveries(self, *, now: datetime, limit: int) -> Sequence[Subscription]:
        """See `access.subscriptions.Subscriptions.take_deliveries`."""
        rows = await self._database.fetch("take_deliveries", now, limit, LEASE)
        return [_subscription(row) for row in rows]

    async def delivered(self, id: str, *, until: int, now: datetime, heartbeat: int) -> None:
        """See `access.subscriptions.Subscriptions.delivered`."""
        await self._database.fetch("delivered", id, until, now, heartbeat)

    async def not_delivered(self, id: str, *, again: datetime, says: str, error: bool) -> None:
        """See `access.subscriptions.Subscriptions.not_delivered`."""
        await self._database.fetch("not_delivered", id, again, storable(says), error)

    async def forget_happenings(self, *, before: datetime) -> int:
        """See `access.subscriptions.Subscriptions.forget_happenings`."""
        async with self._database.connection() as connection:
            done = await connection.execute(QUERIES["forget_happenings"], before)
        return int(done.rpartition(" ")[2])


def _subscription(row: Record) -> Subscription:
    return Subscription(
        id=row["id"],
        wish=_DECODE(row["wish"]),
        begun=row["begun"],
        until=row["until"],
        standing=Standing(row["state"]),
        events=row["events"],
        delivered=row["delivered"],
        tries=row["tries"],
        says=row["says"],
    )
