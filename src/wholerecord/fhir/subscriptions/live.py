"""Telling by websocket: what a process has for it, and one subscription told over one socket."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from wholerecord.access import Door
from wholerecord.access.subscriptions import ChannelType, Standing, Subscription, Subscriptions
from wholerecord.fhir.subscriptions.notification import notification

#: Notifications of one subscription before the others of its socket have their turn.
_IN_TURN = 10


class Ended(Exception):
    """A socket is told nothing more; `code` is of RFC 6455, 7.4, and says why."""

    def __init__(self, code: int, says: str) -> None:
        super().__init__(says)
        self.code = code


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class Live:
    """What telling by websocket needs; `stands` says whether who subscribed still counts.

    `most` sockets at a time; every `turn` seconds it is looked for what there is to tell, every
    `again` seconds whether who listens would still be let in. What was sent is `sure` to have been
    taken in so many seconds later, while the socket lasts: by then the other end answered a ping.
    """

    store: Subscriptions
    stands: Callable[[Subscription], Awaitable[bool]]
    most: int = 200
    turn: float = 1.0
    again: float = 3.0
    sure: float = 45.0
    now: Callable[[], datetime] = _now
    open: int = 0


@dataclass(slots=True, kw_only=True)
class Line:
    """One subscription over one socket: `sent` is the last number that went, `spoke` when."""

    id: str
    sent: int
    spoke: datetime
    unsure: deque[tuple[datetime, int]] = field(default_factory=deque[tuple[datetime, int]])


async def standing(live: Live, id: str) -> Subscription:
    """The subscription, if it is told by websocket and goes on.

    Raises:
        Ended: it does not.
    """
    one = await live.store.subscription(id)
    if one is None or one.wish.channel is not ChannelType.WEBSOCKET or one.standing is Standing.OFF:
        raise Ended(1000, "The subscription was ended.")
    if one.until <= live.now():
        raise Ended(1000, "The subscription has come to its end.")
    if not await live.stands(one):
        await live.store.end_subscription(one.id, says="The app that asked was ended.")
        raise Ended(1008, "The app that asked was ended.")
    return one


#: Sends one text, or ends what is too slow to take it: the text, and seconds.
Say = Callable[[str, float], Awaitable[None]]


async def begun(live: Live, id: str, door: Door, say: Say) -> Line:
    """A subscription, shaken hands on: what it was not told before follows.

    Raises:
        Ended: it does not go on.
    """
    one = await standing(live, id)
    await say((await notification(one, (), door, "handshake")).decode(), one.wish.timeout)
    now = live.now()
    await live.store.delivered(one.id, until=one.delivered, now=now, heartbeat=0)
    return Line(id=id, sent=one.delivered, spoke=now)


async def told(live: Live, line: Line, door: Door, say: Say) -> None:
    """Tell what there is to tell, a heartbeat where there is nothing and one is due.

    What was sent counts as taken in when it is sure, and not before: who loses the connection is
    told it again.

    Raises:
        Ended: it does not go on.
    """
    one = await standing(live, line.id)
    await _keep(live, line)
    for _ in range(_IN_TURN):
        if one.events <= line.sent:
            break
        events = await live.store.happenings(one.id, after=line.sent, limit=one.wish.most)
        if not events:
            break
        body = await notification(one, events, door, "event-notification")
        await say(body.decode(), one.wish.timeout)
        line.sent, line.spoke = events[-1].number, live.now()
        line.unsure.append((line.spoke, line.sent))
    quiet = live.now() - line.spoke
    if one.wish.heartbeat and quiet >= timedelta(seconds=one.wish.heartbeat):
        await say((await notification(one, (), door, "heartbeat")).decode(), one.wish.timeout)
        line.spoke = live.now()


async def _keep(live: Live, line: Line) -> None:
    """Keep how far it was told, as far as that is sure."""
    now, reached = live.now(), 0
    while line.unsure and line.unsure[0][0] + timedelta(seconds=live.sure) <= now:
        reached = line.unsure.popleft()[1]
    if reached:
        await live.store.delivered(line.id, until=reached, now=now, heartbeat=0)
