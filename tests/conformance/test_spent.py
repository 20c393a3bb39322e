"""What counts no longer, in every store there is."""

import asyncio
from datetime import UTC, datetime, timedelta


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


async def test_a_name_is_fresh_once(store):
    assert await store.spend("session 1", until=soon())
    assert not await store.spend("session 1", until=soon())
    assert await store.spend("session 2", until=soon())


async def test_of_many_at_the_same_moment_one_is_first(store):
    told = await asyncio.gather(*(store.spend("code 1", until=soon()) for _ in range(20)))
    assert sum(told) == 1


async def test_when_the_last_of_several_names_was_spent(store):
    before = datetime.now(UTC) - timedelta(seconds=1)
    assert await store.spent(["a", "b"]) is None
    assert await store.spent([]) is None
    await store.spend("a", until=soon())
    first = await store.spent(["a", "b"])
    assert before < first < datetime.now(UTC) + timedelta(seconds=1)
    await store.spend("b", until=soon())
    assert await store.spent(["a", "b"]) > first
    await store.spend("a", until=soon())
    assert await store.spent(["a"]) > first


async def test_those_who_ask_together_are_each_told_of_their_own(store):
    await store.spend("a", until=soon())
    told = await asyncio.gather(*(store.spent([name]) for name in "abab"))
    assert [each is not None for each in told] == [True, False, True, False]


async def test_names_are_forgotten_once_they_would_have_ended_anyway(store):
    past = datetime.now(UTC) - timedelta(seconds=1)
    await store.spend("old", until=past)
    await store.spend("another", until=soon())
    assert await store.spent(["old"]) is None


async def test_a_name_may_hold_anything(store):
    assert await store.spend("\x00 \ud800 " + "x" * 100_000, until=soon())
