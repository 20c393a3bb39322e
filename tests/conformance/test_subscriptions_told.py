"""From a statement to a receiver, on every store: real HTTP, two workers, one that is killed."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.conformance.fhir_server import doorway, someone
from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.receiver import Receiver, receiving
from tests.unit.test_subscriptions import BASE, stands
from wholerecord.access import Doorway, Store
from wholerecord.access.subscriptions import LEASE, Subscription, Wish
from wholerecord.app.receivers import Receivers
from wholerecord.app.sender import Sender
from wholerecord.consent import Purpose
from wholerecord.fhir.subscriptions.notification import notification
from wholerecord.fhir.subscriptions.telling import Telling, deliver, hear
from wholerecord.intake import Arrival
from wholerecord.worker import prepare_here, settle

NOW = datetime.now(UTC)


def telling(way: Doorway, receiver: Receiver) -> Telling:
    listed = Receivers.parse(f"inside:http://127.0.0.1:{receiver.port}")
    sender = Sender(receivers=listed)
    return Telling(store=way.store, way=way, send=sender.send, stands=stands)


async def said(store: Store, *ids: str) -> None:
    for one in ids:
        body = bundle(patient("p1", "9990000018"), condition(one, "p1"))
        await store.keep(Arrival(source="pas", body=body, name="post"))
    await settle(store, prepare_here)


async def subscribed(store: Store, receiver: Receiver, **more: object) -> Doorway:
    way = await doorway(store)
    await said(store, "c0")
    fields = {
        "actor": someone(),
        "purpose": Purpose.DIRECT_CARE,
        "topic": f"{BASE}risks",
        "endpoint": receiver.url,
        "content": "id-only",
        "base": "http://here.example/fhir",
    }
    wish = Wish(**fields | more)  # type: ignore[arg-type]
    until = NOW + timedelta(days=1)
    await store.subscribe(Subscription(id="a" * 32, wish=wish, begun=NOW, until=until))
    return way


async def test_what_is_said_is_told_once_though_two_workers_hear_and_deliver(store: Store) -> None:
    async with receiving() as receiver:
        way = await subscribed(store, receiver)
        both = [telling(Doorway(store), receiver), telling(way, receiver)]
        await deliver(both[0], NOW)
        await said(store, "c1", "c2", "c3")
        await asyncio.gather(*(hear(one, NOW) for one in both))
        await asyncio.gather(*(deliver(one, NOW) for one in both))
        await deliver(both[0], NOW)
        assert receiver.sorts() == ["handshake", "event-notification"]
        assert receiver.numbers() == [1, 2, 3]
        assert await store.news(limit=9) == []


async def test_whoever_is_killed_at_any_step_is_followed_and_nothing_is_lost(store: Store) -> None:
    async with receiving() as receiver:
        way = await subscribed(store, receiver)
        first = telling(way, receiver)
        await deliver(first, NOW)
        await said(store, "c1")  # killed before it heard: news waits
        again = telling(Doorway(store), receiver)
        await hear(again, NOW)
        await store.take_deliveries(now=NOW, limit=9)  # killed while it delivered
        later = NOW + timedelta(seconds=LEASE)
        last = telling(Doorway(store), receiver)
        await deliver(last, NOW)
        assert receiver.numbers() == []
        await deliver(last, later)
        assert receiver.numbers() == [1]
        await said(store, "c2")
        await hear(last, later)
        [one] = await store.take_deliveries(now=later, limit=9)
        await last.send(receiver.url, await notified(last, one), (), 5)  # killed before it was kept
        await deliver(last, later + timedelta(seconds=LEASE))
        assert receiver.numbers() == [1, 2, 2]


async def notified(last: Telling, one: Subscription) -> bytes:
    events = await last.store.happenings(one.id, after=one.delivered, limit=9)
    return await notification(one, events, last.way.door(one.wish.actor), "event-notification")


async def test_a_heartbeat_is_sent_while_there_is_nothing_to_tell(store: Store) -> None:
    async with receiving() as receiver:
        way = await subscribed(store, receiver, heartbeat=60)
        last = telling(way, receiver)
        for minute in range(3):
            while await deliver(last, NOW + timedelta(minutes=minute)):
                pass
        assert receiver.sorts() == ["handshake", "heartbeat", "heartbeat"]
        assert receiver.numbers() == []


async def test_many_events_go_in_notifications_of_as_many_as_are_wanted(store: Store) -> None:
    async with receiving() as receiver:
        way = await subscribed(store, receiver, most=2)
        last = telling(way, receiver)
        await said(store, "c1", "c2", "c3", "c4", "c5")
        await hear(last, NOW)
        while await deliver(last, NOW):
            pass
        assert receiver.numbers() == [1, 2, 3, 4, 5]
        assert receiver.sorts() == ["handshake", *["event-notification"] * 3]
