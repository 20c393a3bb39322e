"""Subscriptions, news and events, in lists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from wholerecord.access.subscriptions import (
    LEASE,
    ChannelType,
    Happening,
    News,
    Standing,
    Subscription,
    Wish,
    asker_of,
)
from wholerecord.storage.memory.tables import Tables, Told
from wholerecord.storage.text import storable


class Subscriptions:
    """See `access.subscriptions.Subscriptions`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    @property
    def _told(self) -> dict[str, Told]:
        return self._tables.subscriptions

    async def subscribe(self, wanted: Subscription) -> None:
        """See `access.subscriptions.Subscriptions.subscribe`."""
        self._told[wanted.id] = Told(wanted, wanted.begun)

    async def rewish(self, id: str, wish: Wish, *, until: datetime, now: datetime) -> None:
        """See `access.subscriptions.Subscriptions.rewish`."""
        if told := self._told.get(id):
            fresh = {"standing": Standing.REQUESTED, "tries": 0, "says": ""}
            told.one, told.due = replace(told.one, wish=wish, until=until, **fresh), now

    async def end_subscription(self, id: str, *, says: str) -> None:
        """See `access.subscriptions.Subscriptions.end_subscription`."""
        if told := self._told.get(id):
            told.one = replace(told.one, standing=Standing.OFF, says=storable(says))
            told.due = None

    async def forget_subscription(self, id: str) -> None:
        """See `access.subscriptions.Subscriptions.forget_subscription`."""
        self._told.pop(id, None)

    async def subscription(self, id: str) -> Subscription | None:
        """See `access.subscriptions.Subscriptions.subscription`."""
        told = self._told.get(id)
        return told.one if told else None

    async def subscriptions_of(self, asker: str) -> Sequence[Subscription]:
        """See `access.subscriptions.Subscriptions.subscriptions_of`."""
        mine = (told.one for told in self._told.values() if asker_of(told.one.wish.actor) == asker)
        return sorted(mine, key=_in_order)

    async def subscriptions(self, *, now: datetime) -> Sequence[Subscription]:
        """See `access.subscriptions.Subscriptions.subscriptions`."""
        return sorted(
            (told.one for told in self._told.values() if _goes_on(told, now)), key=_in_order
        )

    async def news(self, *, limit: int) -> Sequence[News]:
        """See `access.subscriptions.Subscriptions.news`."""
        known = (one for _, one in sorted(self._tables.news.items()))
        return [one for one in known if one.patient in self._tables.person][:limit]

    async def tell_news(
        self, n: int, told: Mapping[str, Sequence[Happening]], *, now: datetime
    ) -> bool:
        """See `access.subscriptions.Subscriptions.tell_news`."""
        if self._tables.news.pop(n, None) is None:
            return False
        for name, events in told.items():
            mine = self._told.get(name)
            if not events or mine is None or mine.one.standing is Standing.OFF:
                continue
            for one in events:
                number = mine.one.events + 1
                mine.events.append(replace(one, number=number))
                mine.one = replace(mine.one, events=number)
            if mine.one.tries == 0:
                mine.due = min(mine.due, now) if mine.due else now
        return True

    async def happenings(self, id: str, *, after: int, limit: int) -> Sequence[Happening]:
        """See `access.subscriptions.Subscriptions.happenings`."""
        told = self._told.get(id)
        return [one for one in told.events if one.number > after][:limit] if told else []

    async def take_deliveries(self, *, now: datetime, limit: int) -> Sequence[Subscription]:
        """See `access.subscriptions.Subscriptions.take_deliveries`."""
        due = [
            (told.due, name)
            for name, told in self._told.items()
            if told.due is not None and told.due <= now and _goes_on(told, now)
            if told.one.wish.channel is ChannelType.REST_HOOK
        ]
        taken = [self._told[name] for _, name in sorted(due)[:limit]]
        for told in taken:
            told.one = replace(told.one, tries=told.one.tries + 1)
            told.due = now + timedelta(seconds=LEASE)
        return [told.one for told in taken]

    async def delivered(self, id: str, *, until: int, now: datetime, heartbeat: int) -> None:
        """See `access.subscriptions.Subscriptions.delivered`."""
        told = self._told.get(id)
        if told is None or told.one.standing is Standing.OFF:
            return
        reached = max(told.one.delivered, until)
        told.one = replace(told.one, delivered=reached, tries=0, says="", standing=Standing.ACTIVE)
        later = now + timedelta(seconds=heartbeat) if heartbeat else None
        told.due = now if told.one.events > reached else later

    async def not_delivered(self, id: str, *, again: datetime, says: str, error: bool) -> None:
        """See `access.subscriptions.Subscriptions.not_delivered`."""
        told = self._told.get(id)
        if told is None or told.one.standing is Standing.OFF:
            return
        standing = Standing.ERROR if error else told.one.standing
        told.one, told.due = replace(told.one, says=storable(says), standing=standing), again

    async def forget_happenings(self, *, before: datetime) -> int:
        """See `access.subscriptions.Subscriptions.forget_happenings`."""
        gone = 0
        for told in self._told.values():
            kept = [e for e in told.events if e.at >= before or e.number > told.one.delivered]
            gone += len(told.events) - len(kept)
            told.events = kept
        return gone


def _goes_on(told: Told, now: datetime) -> bool:
    return told.one.standing is not Standing.OFF and told.one.until > now


def _in_order(one: Subscription) -> tuple[datetime, str]:
    return one.begun, one.id
