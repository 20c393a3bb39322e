"""From what was said to what each subscriber is told, and out to their receivers.

Two steps, each safe to be killed in. News becomes numbered events in the commit that takes the news
away; a notification is sent until its receiver takes it in, and then that is kept.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wholerecord.access import Doorway
from wholerecord.access.subscriptions import (
    IN_ERROR,
    Happening,
    News,
    Standing,
    Subscription,
    Subscriptions,
    wait_before,
)
from wholerecord.errors import WholerecordError
from wholerecord.fhir.problem import Problem
from wholerecord.fhir.served import served
from wholerecord.fhir.subscriptions.filters import filtering
from wholerecord.fhir.subscriptions.notification import let_in, notification
from wholerecord.fhir.subscriptions.topics import topics
from wholerecord.intake.fhir.shape import is_object
from wholerecord.record import read_json

#: News gone through, and deliveries under way, at once.
_NEWS, _AT_ONCE = 100, 8


class NotTaken(Exception):
    """A receiver did not take a notification in; says why, in words for whoever subscribed."""


#: Sends a body to an endpoint with these headers and patience (seconds).
Send = Callable[[str, bytes, tuple[str, ...], int], Awaitable[None]]
#: Whether who subscribed may go on: their app is still registered, and was not ended since.
Stands = Callable[[Subscription], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What telling needs: where it is kept, the doors, the way out, and who still counts."""

    store: Subscriptions
    way: Doorway
    send: Send
    stands: Stands


async def hear(telling: Telling, now: datetime) -> int:
    """Make events of all news there is; how many pieces of news were gone through."""
    heard = 0
    while True:
        listed = await telling.store.news(limit=_NEWS)
        if not listed:
            return heard
        going = await telling.store.subscriptions(now=now)
        for news in listed:
            told = {one.id: await _events(telling, one, news, now) for one in going}
            await telling.store.tell_news(news.n, told, now=now)
            heard += 1


async def _events(
    telling: Telling, one: Subscription, news: News, now: datetime
) -> list[Happening]:
    """What of it is told to one subscriber: what they may see, of what they asked for."""
    topic = topics().get(one.wish.topic)
    if topic is None:
        return []
    try:
        wanted = filtering(topic, one.wish.filters, one.wish.base)
    except Problem:  # a value set that is no longer loaded, say: whoever asked is told by `$status`
        return []
    door = telling.way.door(one.wish.actor)
    shown = await door.heard(news, purpose=one.wish.purpose, kinds=wanted.kinds, named=wanted.named)
    events: list[Happening] = []
    for each in shown:
        version, kind = each.version, each.version.statement.kind
        change = "delete" if version.gone else "create" if version.number == 1 else "update"
        if change not in topic.changes[kind] or not let_in(door, each):
            continue
        if version.gone:
            fits = wanted.wants_gone(kind)
        else:
            resource = read_json(served(each))
            fits = is_object(resource) and wanted.fits(kind)(resource)
        if fits:
            focus = f"{kind}/{version.id.text}"
            events.append(Happening(focus=focus, change=change, at=now))
    return events


async def deliver(telling: Telling, now: datetime) -> int:
    """Send what is due, each once; how many notifications were taken in."""
    taken = await telling.store.take_deliveries(now=now, limit=_AT_ONCE)
    went = await asyncio.gather(*(_deliver(telling, one, now) for one in taken))
    return sum(went)


async def _deliver(telling: Telling, one: Subscription, now: datetime) -> bool:
    store, wish = telling.store, one.wish
    if not await telling.stands(one):
        await store.end_subscription(one.id, says="The app that asked was ended.")
        return False
    door = telling.way.door(wish.actor)
    try:
        if one.standing is Standing.REQUESTED:
            until, body = 0, await notification(one, (), door, "handshake")
        else:
            events = await store.happenings(one.id, after=one.delivered, limit=wish.most)
            sort = "event-notification" if events else "heartbeat"
            until = events[-1].number if events else one.delivered
            body = await notification(one, events, door, sort)
        await telling.send(wish.endpoint, body, wish.headers, wish.timeout)
    except (NotTaken, WholerecordError) as error:
        again = now + timedelta(seconds=wait_before(one.tries))
        failing = one.tries >= IN_ERROR
        says = str(error) if isinstance(error, NotTaken) else "It could not be made."
        await store.not_delivered(one.id, again=again, says=says, error=failing)
        return False
    await store.delivered(one.id, until=until, now=now, heartbeat=wish.heartbeat)
    return True
