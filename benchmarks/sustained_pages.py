"""Somebody who opens first screens, in a process of its own: five a second, for so many seconds.

Reads the cookie and the addresses of the pages from standard input, as JSON; prints milliseconds.
"""

import asyncio
import random
import sys
import time

import httpx
import msgspec

_EVERY = 0.2


class Asked(msgspec.Struct):
    """Where to look: the cookie's name and value, and paths."""

    name: str
    value: str
    paths: list[str]


async def main(port: int, seconds: float) -> None:
    """Open pages one after the other, of people in any order."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    order = random.Random(7)
    took: list[float] = []
    began = time.perf_counter()
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", cookies={asked.name: asked.value}, timeout=60
    ) as browser:
        while time.perf_counter() - began < seconds:
            at = time.perf_counter()
            (await browser.get(order.choice(asked.paths))).raise_for_status()
            took.append(time.perf_counter() - at)
            await asyncio.sleep(max(0.0, _EVERY - took[-1]))
    print(msgspec.json.encode([each * 1000 for each in took]).decode())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
