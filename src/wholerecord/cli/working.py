"""The process that files and links what is kept, beside the one that serves."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog

from wholerecord.settings import Settings

#: Seconds before a worker that ended is followed by another.
_NEXT_WORKER = 1.0
_log = structlog.get_logger()


@asynccontextmanager
async def a_worker(settings: Settings) -> AsyncGenerator[None]:
    """The process that files and links what is kept, for as long as the block lasts."""
    ending = asyncio.Event()
    working = asyncio.create_task(_work_until(ending, settings))
    try:
        yield
    finally:
        ending.set()
        await working


async def _work_until(ending: asyncio.Event, settings: Settings) -> None:
    """Have a worker until `ending`: one that is killed is followed by another."""
    stop = asyncio.create_task(ending.wait())
    while not ending.is_set():
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "wholerecord.worker",
            stdin=asyncio.subprocess.PIPE,
            env={**os.environ, "WHOLERECORD_DATABASE": settings.database},
            start_new_session=True,  # what a terminal sends to all ends us, and we end the worker
        )
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not ending.is_set():
            _log.warning("the worker ended, another follows", code=process.returncode)
            await asyncio.wait({stop}, timeout=_NEXT_WORKER)
            continue
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(ended, 10)
        except TimeoutError:
            process.kill()
            await process.wait()
