"""Work that goes on beside a block, and ends with it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager


@asynccontextmanager
async def running_task(work: Coroutine[None, None, None]) -> AsyncGenerator[None]:
    """`work`, under way for as long as the block lasts."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
