"""What every store does with subscriptions, news and events."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.conformance.given import DOCTOR, NUMBERS, keep, patient, prepare, settled, sources
from wholerecord.access import Store
from wholerecord.access.subscriptions import (
    LEASE,
    ChannelType,
    Happening,
    Standing,
    Subscription,
    Wish,
    asker_of,
)
from wholerecord.consent import Purpose

NOW = datetime.now(UTC).replace(microsecond=0)
WISH = Wish(
    actor=DOCTOR,
    purpose=Purpose.DIRECT_CARE,
    topic="urn:topic",
    endpoint="https://receiver.example/hook",
    content="id-only",
    base="http://here.example/fhir",
    filters=("Observation?code=1",),
    headers=("Authorization: Bearer not-told",),
)


def wanted(id: str, **more: object) -> Subscription:
    fields = {"begun": NOW, "until": NOW + timedelta(days=1), "wish": WISH} | more
    return Subscription(id=id, **fields)  # type: ignore[arg-type]


def event(focus: str) -> Happening:
    return Happening(focus=focus, change="create", at=NOW)


async def said(store: Store, count: int = 1) -> None:
    await sources(store, "gp")
    for _ in range(count):
        fresh = ["fault", str(uuid4())]  # other bytes each time
        await keep(store, "gp", ["1", "Example", NUMBERS[0], 1], fresh)
        await settled(store)


async def test_a_subscription_is_found_by_its_id_and_by_whoever_asked(store: Store) -> None:
    await store.subscribe(wanted("b", begun=NOW + timedelta(seconds=1)))
    await store.subscribe(wanted("a"))
    assert await store.subscription("a") == wanted("a")
    assert await store.subscription("z\0") is None
    assert [one.id for one in await store.subscriptions_of(asker_of(DOCTOR))] == ["a", "b"]
    assert await store.subscriptions_of("else") == []
    assert "not-told" not in repr(wanted("a"))
    await store.end_subscription("a", says="gone")
    [left] = await store.subscriptions(now=NOW)
    assert left.id == "b"
    assert await store.subscriptions(now=NOW + timedelta(days=2)) == []
    await store.forget_subscription("a")
    assert await store.subscription("a") is None


async def test_news_is_written_with_what_is_filed_while_somebody_is_subscribed(
    store: Store,
) -> None:
    await said(store)
    assert await store.news(limit=9) == []
    await store.subscribe(wanted("a"))
    await said(store, 2)
    [_, second] = await store.news(limit=9)
    assert (second.patient, second.t) == (patient("gp", "1"), 3)
    assert len(await store.news(limit=1)) == 1
    await keep(store, "gp", ["2", "Other", "", 1])
    while await store.file_waiting(prepare):
        pass
    assert len(await store.news(limit=9)) == 2  # nobody yet knows whose that is
    await settled(store)
    assert len(await store.news(limit=9)) == 3


async def test_events_are_numbered_without_gaps_and_once(store: Store) -> None:
    for name in ("a", "b"):
        await store.subscribe(wanted(name))
    await said(store, 3)
    one, two, three = await store.news(limit=9)
    assert await store.tell_news(one.n, {"a": [event("A/1"), event("A/2")]}, now=NOW)
    assert not await store.tell_news(one.n, {"a": [event("A/1")]}, now=NOW)
    assert await store.tell_news(two.n, {"a": [event("A/3")], "b": [event("B/1")]}, now=NOW)
    assert await store.tell_news(three.n, {"a": [], "gone": [event("C/1")]}, now=NOW)
    told = await store.happenings("a", after=0, limit=9)
    assert [(each.number, each.focus) for each in told] == [(1, "A/1"), (2, "A/2"), (3, "A/3")]
    assert [each.number for each in await store.happenings("b", after=0, limit=9)] == [1]
    assert [each.number for each in await store.happenings("a", after=1, limit=1)] == [2]
    assert await store.news(limit=9) == []
    found = await store.subscription("a")
    assert found is not None
    assert found.events == 3


async def test_a_delivery_is_lent_and_due_again_when_whoever_took_it_ended(store: Store) -> None:
    await store.subscribe(wanted("a"))
    [taken] = await store.take_deliveries(now=NOW, limit=9)
    assert taken.tries == 1
    assert await store.take_deliveries(now=NOW, limit=9) == []
    late = NOW + timedelta(seconds=LEASE)
    [again] = await store.take_deliveries(now=late, limit=9)
    assert again.tries == 2
    await store.delivered("a", until=0, now=late, heartbeat=0)
    assert await store.take_deliveries(now=late + timedelta(hours=1), limit=9) == []
    found = await store.subscription("a")
    assert found is not None
    assert (found.standing, found.tries) == (Standing.ACTIVE, 0)


async def test_what_was_not_taken_in_waits_as_long_as_it_should(store: Store) -> None:
    await store.subscribe(wanted("a"))
    await said(store)
    await store.take_deliveries(now=NOW, limit=9)
    later = NOW + timedelta(seconds=300)
    await store.not_delivered("a", again=later, says="503", error=True)
    [news] = await store.news(limit=9)
    await store.tell_news(news.n, {"a": [event("A/1")]}, now=NOW)
    assert await store.take_deliveries(now=NOW, limit=9) == []  # it waits all the same
    [taken] = await store.take_deliveries(now=later, limit=9)
    assert (taken.standing, taken.says, taken.tries) == (Standing.ERROR, "503", 2)
    await store.delivered("a", until=0, now=later, heartbeat=60)
    [due] = await store.take_deliveries(now=later, limit=9)  # an event is there
    await store.delivered("a", until=due.events, now=later, heartbeat=60)
    assert await store.take_deliveries(now=later, limit=9) == []
    assert await store.take_deliveries(now=later + timedelta(seconds=60), limit=9)
    await store.end_subscription("a", says="")
    assert await store.take_deliveries(now=later + timedelta(hours=1), limit=9) == []


async def test_another_wish_is_shaken_hands_on_and_numbers_go_on(store: Store) -> None:
    await store.subscribe(wanted("a"))
    await said(store)
    [news] = await store.news(limit=9)
    await store.tell_news(news.n, {"a": [event("A/1")]}, now=NOW)
    await store.take_deliveries(now=NOW, limit=9)
    await store.delivered("a", until=1, now=NOW, heartbeat=0)
    await store.rewish("a", WISH, until=NOW + timedelta(days=2), now=NOW)
    [due] = await store.take_deliveries(now=NOW, limit=9)
    assert (due.standing, due.events, due.delivered) == (Standing.REQUESTED, 1, 1)
    assert await store.forget_happenings(before=NOW) == 0
    assert await store.forget_happenings(before=NOW + timedelta(seconds=1)) == 1
    assert await store.happenings("a", after=0, limit=9) == []


async def test_what_is_told_by_websocket_is_never_due_to_be_delivered(store: Store) -> None:
    connected = replace(WISH, channel=ChannelType.WEBSOCKET, endpoint="")
    await store.subscribe(wanted("a", wish=connected))
    assert await store.subscription("a") == wanted("a", wish=connected)
    assert await store.take_deliveries(now=NOW, limit=9) == []
    await said(store)
    [news] = await store.news(limit=9)
    await store.tell_news(news.n, {"a": [event("A/1")]}, now=NOW)
    assert await store.take_deliveries(now=NOW + timedelta(hours=1), limit=9) == []
    await store.rewish("a", WISH, until=NOW + timedelta(days=2), now=NOW)
    assert [one.id for one in await store.take_deliveries(now=NOW, limit=9)] == ["a"]
    await store.rewish("a", connected, until=NOW + timedelta(days=2), now=NOW)
    assert await store.take_deliveries(now=NOW + timedelta(hours=1), limit=9) == []
    await store.delivered("a", until=1, now=NOW, heartbeat=0)
    found = await store.subscription("a")
    assert found is not None
    assert (found.standing, found.delivered) == (Standing.ACTIVE, 1)
