"""Who asked to be told of what is said, what there is to tell, and how far each was told.

What is filed leaves a row of news in its own commit. A worker asks the door what each subscriber
may see of it: only that becomes an event with the subscriber's next number, in the commit that
takes the news away. So a subscriber's numbers have no gaps, and nobody learns from them of what
they may not see. What was not taken in is told again, at least once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from wholerecord.access.opening import Actor
from wholerecord.consent import Purpose
from wholerecord.record import PatientId

#: Seconds after which whoever took a delivery is thought to have ended.
LEASE = 90
#: The longest wait between two tries, seconds; tries go on until the subscription ends.
LONGEST = 900
#: Tries after which a subscription is said to be in error.
IN_ERROR = 4
#: Days for which events can be asked for again.
KEPT_DAYS = 14


class ChannelType(Enum):
    """By which way a subscriber is told. Value set `subscription-channel-type` of FHIR R4."""

    REST_HOOK = "rest-hook"
    WEBSOCKET = "websocket"


class Standing(Enum):
    """How a subscription stands. Value set `subscription-status` of FHIR R4."""

    REQUESTED = "requested"
    ACTIVE = "active"
    ERROR = "error"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a subscriber asked for. `base` is the server's address as they call it.

    `filters` are searches as they were written. `content` is `empty`, `id-only` or `full-resource`;
    `heartbeat` and `timeout` are seconds (0: none), `most` the events of one notification. Of a
    websocket `endpoint` is "": who is told comes for it.
    """

    actor: Actor
    purpose: Purpose
    topic: str
    endpoint: str
    content: str
    base: str
    filters: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    heartbeat: int = 0
    timeout: int = 10
    most: int = 100
    reason: str = ""
    channel: ChannelType = ChannelType.REST_HOOK

    def __repr__(self) -> str:
        return f"Wish(topic={self.topic!r}, …)"  # headers hold secrets, filters say who


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A wish, and how it stands. `events` were told of so far, `delivered` of them taken in.

    `tries` is how often the next notification was sent, `says` what went wrong the last time.
    """

    id: str
    wish: Wish
    begun: datetime
    until: datetime
    standing: Standing = Standing.REQUESTED
    events: int = 0
    delivered: int = 0
    tries: int = 0
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """That something was said of a patient, at their `t`."""

    n: int
    patient: PatientId
    t: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event of a subscription: `focus` is `Type/id`, `change` create, update or delete."""

    focus: str
    change: str
    at: datetime
    number: int = 0


class Subscriptions(Protocol):
    """Where subscriptions, news and events are kept. `now` is the moment, for clocks of tests."""

    async def subscribe(self, wanted: Subscription) -> None:
        """Keep it; its handshake is due at once."""
        ...

    async def rewish(self, id: str, wish: Wish, *, until: datetime, now: datetime) -> None:
        """Keep another wish in its place: the handshake is due again, numbers go on."""
        ...

    async def end_subscription(self, id: str, *, says: str) -> None:
        """Switch it off: nothing is told any more."""
        ...

    async def forget_subscription(self, id: str) -> None:
        """Remove it with its events."""
        ...

    async def subscription(self, id: str) -> Subscription | None:
        """The one of that id, or None."""
        ...

    async def subscriptions_of(self, asker: str) -> Sequence[Subscription]:
        """All of one asker (see `asker_of`), oldest first."""
        ...

    async def subscriptions(self, *, now: datetime) -> Sequence[Subscription]:
        """Those that go on at that moment, oldest first."""
        ...

    async def news(self, *, limit: int) -> Sequence[News]:
        """What was said and not gone through yet, oldest first; of those only who are somebody."""
        ...

    async def tell_news(
        self, n: int, told: Mapping[str, Sequence[Happening]], *, now: datetime
    ) -> bool:
        """Give each subscription its events, numbered on, and take the news away: one commit.

        False: somebody else did, and nothing was done.
        """
        ...

    async def happenings(self, id: str, *, after: int, limit: int) -> Sequence[Happening]:
        """A subscription's events with a number above `after`, in order."""
        ...

    async def take_deliveries(self, *, now: datetime, limit: int) -> Sequence[Subscription]:
        """Those due by REST hook; nobody else is given them for `LEASE` seconds."""
        ...

    async def delivered(self, id: str, *, until: int, now: datetime, heartbeat: int) -> None:
        """Keep that its receiver took all events up to that number; the next is due."""
        ...

    async def not_delivered(self, id: str, *, again: datetime, says: str, error: bool) -> None:
        """Try again at that moment; `error`: the subscription is said to be in error."""
        ...

    async def forget_happenings(self, *, before: datetime) -> int:
        """Remove the delivered events of before that moment; how many there were."""
        ...


def asker_of(actor: Actor) -> str:
    """Whose a subscription is: who asks, in which role, for which organisation and person.

    >>> from wholerecord.access import Actor
    >>> from wholerecord.consent import Role
    >>> asker_of(Actor(id="dr", name="Dr A", role=Role.DOCTOR, organisation="RXX"))
    'dr doctor RXX '
    """
    return f"{actor.id} {actor.role.value} {actor.organisation} {actor.person or ''}"


def wait_before(tries: int) -> int:
    """Seconds from a try that failed to the next, each time longer.

    >>> [wait_before(n) for n in (1, 2, 3, 9, 10, 1000)]
    [2, 4, 8, 512, 900, 900]
    """
    return min(2 ** min(tries, 10), LONGEST)
