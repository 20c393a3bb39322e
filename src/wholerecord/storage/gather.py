"""Requests that wait at the same moment, answered together."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Gatherer(Generic[Q, A]):
    """Answers each request as `work` would, several with one call of `work`.

    A caller who is alone is answered at once: nothing waits for company. While `at_once` calls of
    `work` are under way, what arrives is gathered, up to `most`, for the next. When a call
    fails, each of its requests is tried alone, so that one bad request fails alone.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Q]], Awaitable[Sequence[A]]],
        *,
        most: int = 256,
        at_once: int = 1,
    ) -> None:
        self._work = work
        self._most = most
        self._at_once = at_once
        self._waiting: deque[tuple[Q, asyncio.Future[A]]] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def ask(self, request: Q) -> A:
        """The answer to `request`, or the error that `work` raised for it."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if len(self._running) < self._at_once:
            task = asyncio.create_task(self._answer_waiting())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return await answer

    async def close(self) -> None:
        """Wait until everything asked is answered."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def _answer_waiting(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            batch = [(request, answer) for request, answer in batch if not answer.cancelled()]
            await self._answer(batch)

    async def _answer(self, batch: Sequence[tuple[Q, "asyncio.Future[A]"]]) -> None:
        if not batch:
            return
        try:
            answers = await self._work([request for request, _ in batch])
        except Exception as error:  # noqa: BLE001 - it is the callers' to handle, and reaches them
            if len(batch) > 1:
                for each in batch:
                    await self._answer([each])
            elif not batch[0][1].cancelled():
                batch[0][1].set_exception(error)
            return
        for (_, waiting), answer in zip(batch, answers, strict=True):
            if not waiting.cancelled():
                waiting.set_result(answer)
