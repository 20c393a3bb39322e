"""Requests answered together."""

import asyncio
from collections.abc import Sequence

import pytest

from wholerecord.storage.gather import Gatherer


class Work:
    """Doubles numbers; fails for a batch that has a zero; remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def __call__(self, asked: Sequence[int]) -> list[int]:
        self.batches.append(list(asked))
        await asyncio.sleep(0.001)
        if 0 in asked:
            raise ZeroDivisionError
        return [2 * each for each in asked]


async def test_what_waits_together_is_answered_together() -> None:
    work = Work()
    gatherer = Gatherer(work)
    answers = await asyncio.gather(*(gatherer.ask(n) for n in range(1, 6)))
    assert answers == [2, 4, 6, 8, 10]
    assert work.batches == [[1, 2, 3, 4, 5]]


async def test_no_batch_is_larger_than_it_may_be() -> None:
    work = Work()
    gatherer = Gatherer(work, most=2)
    await asyncio.gather(*(gatherer.ask(n) for n in range(1, 6)))
    assert work.batches == [[1, 2], [3, 4], [5]]


async def test_a_caller_alone_is_answered_again_and_again() -> None:
    gatherer = Gatherer(Work())
    async with asyncio.timeout(5):
        for n in range(1, 50):
            assert await gatherer.ask(n) == 2 * n


async def test_one_bad_request_fails_alone() -> None:
    gatherer = Gatherer(Work())
    answers = await asyncio.gather(*map(gatherer.ask, (1, 0, 2)), return_exceptions=True)
    assert isinstance(answers[1], ZeroDivisionError)
    assert (answers[0], answers[2]) == (2, 4)
    assert await gatherer.ask(3) == 6


async def test_a_caller_who_left_stops_nobody() -> None:
    work = Work()
    gatherer = Gatherer(work)
    gone = asyncio.create_task(gatherer.ask(1))
    stays = asyncio.create_task(gatherer.ask(2))
    await asyncio.sleep(0.0005)
    gone.cancel()
    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await gone


@pytest.mark.parametrize("at_once", [1, 3])
async def test_no_more_calls_run_at_once_than_may(at_once: int) -> None:
    running = most = 0

    async def work(asked: Sequence[int]) -> Sequence[int]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return asked

    gatherer = Gatherer(work, most=1, at_once=at_once)
    await asyncio.gather(*map(gatherer.ask, range(20)))
    assert most == at_once


async def test_closing_waits_for_what_was_asked() -> None:
    work = Work()
    gatherer = Gatherer(work)
    asked = asyncio.create_task(gatherer.ask(1))
    await asyncio.sleep(0)
    await gatherer.close()
    assert asked.done() or await asked == 2
