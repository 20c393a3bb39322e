"""What waits to be written down is written soon: nobody waits for it, nothing is lost."""

import asyncio
from collections.abc import Awaitable, Callable


class Soon:
    """Calls `write` soon after it is asked to, every `pause` seconds while some of it `waits`."""

    def __init__(
        self, write: Callable[[], Awaitable[None]], waits: Callable[[], bool], pause: float
    ) -> None:
        self._write = write
        self._waits = waits
        self._pause = pause
        self._closing = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    def ask(self) -> None:
        """Something waits."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_on())

    async def close(self) -> None:
        """Write down all that waits.

        A write that has begun is waited for: one cut short may be in the store all the same, and
        would be written twice.
        """
        self._closing.set()
        if self._writing is not None:
            await asyncio.wait({self._writing})
        await self._write()

    async def _write_on(self) -> None:
        while self._waits():
            await self._write()
            try:
                await asyncio.wait_for(self._closing.wait(), self._pause)
            except TimeoutError:
                continue
            return
