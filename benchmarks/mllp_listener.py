"""A listener in its own process: prints its port, and ends when its input does."""

import asyncio
import sys

import uvloop

from wholerecord.intake import mllp
from wholerecord.storage import open_store


async def main(database: str) -> None:
    """Listen on a free port of loopback and keep into the store."""
    loop = asyncio.get_running_loop()
    async with (
        open_store(database) as store,
        mllp.serve("127.0.0.1", 0, keep=store.keep, source_of=lambda _: "bench") as listener,
    ):
        print(listener.port, flush=True)
        await loop.run_in_executor(None, sys.stdin.buffer.read)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
