"""Requests that wait at the same moment are answered together, and none waits for ever."""

import asyncio

import pytest

from wholerecord.storage.gather import Gatherer


async def doubled(batch):
    await asyncio.sleep(0)
    return [2 * each for each in batch]


async def test_whoever_is_answered_may_ask_again_at_once():
    gatherer = Gatherer(doubled)

    async def ask_often():
        for n in range(500):
            assert await gatherer.ask(n) == 2 * n

    async with asyncio.timeout(5):
        await ask_often()
        await asyncio.gather(*(ask_often() for _ in range(8)))


async def test_what_waits_together_is_answered_together():
    sizes = []

    async def counted(batch):
        sizes.append(len(batch))
        await asyncio.sleep(0.01)
        return batch

    gatherer = Gatherer(counted, most=10)
    assert await asyncio.gather(*(gatherer.ask(n) for n in range(25))) == list(range(25))
    assert max(sizes) == 10
    assert len(sizes) <= 4


async def test_one_bad_request_fails_alone():
    async def inverted(batch):
        return [1 / each for each in batch]

    gatherer = Gatherer(inverted)
    answers = await asyncio.gather(*(gatherer.ask(n) for n in (1, 0, 2)), return_exceptions=True)
    assert answers[0] == 1
    assert isinstance(answers[1], ZeroDivisionError)
    assert answers[2] == 0.5


async def test_a_caller_who_left_does_not_hold_up_the_others():
    gatherer = Gatherer(doubled)
    leaving = asyncio.create_task(gatherer.ask(1))
    staying = asyncio.create_task(gatherer.ask(2))
    await asyncio.sleep(0)
    leaving.cancel()
    async with asyncio.timeout(5):
        assert await staying == 4
    with pytest.raises(asyncio.CancelledError):
        await leaving
