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
        self._busy = 0
        self._running: set[asyncio.Task[None]] = set()  # so that none is collected

    async def ask(self, request: Q) -> A:
        """The answer to `request`, or the error that `work` raised for it."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._busy < self._at_once:
            self._busy += 1
            task = asyncio.create_task(self._answer_waiting())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return await answer

    async def close(self) -> None:
        """Wait until everything asked is answered."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def _answer_waiting(self) -> None:
        try:
            while self._waiting:
                size = min(self._most, len(self._waiting))
                taken = [self._waiting.popleft() for _ in range(size)]
                await self._answer([each for each in taken if not each[1].cancelled()])
        finally:
            # Counted here, not by the task's end, which a caller just answered may run before.
            self._busy -= 1

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
