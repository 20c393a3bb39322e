"""A listener in its own process: prints its two ports, and ends when its input does."""

import asyncio
import sys

import uvloop

from wholerecord.intake import mllp
from wholerecord.intake.turns import Turns
from wholerecord.storage import open_store


async def main(database: str) -> None:
    """Listen on two free ports of loopback, one a source, and keep into the store."""
    loop = asyncio.get_running_loop()
    async with open_store(database) as store:
        keep = Turns(store.keep).keep
        async with (
            mllp.serve("127.0.0.1", 0, keep=keep, source_of=lambda _: "bench") as listener,
            mllp.serve("127.0.0.1", 0, keep=keep, source_of=lambda _: "quiet") as other,
        ):
            print(listener.port, other.port, flush=True)
            await loop.run_in_executor(None, sys.stdin.buffer.read)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
