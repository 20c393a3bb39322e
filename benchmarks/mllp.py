"""Durable MLLP acknowledgements a second, and how long each takes, beside the machine's limits.

    .venv/bin/python -m benchmarks.mllp

The listener, the sender and PostgreSQL (an embedded one of its own in a temporary folder, with
`fsync` on) are three processes on this machine. A sender waits for each answer before it sends
the next message (`window 1`, as most do), or has up to `window` messages on their way.
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

import msgspec

from benchmarks.limits import copy_rows, pgbench
from benchmarks.machine import machine
from wholerecord.record import Source
from wholerecord.storage import embedded, open_store

#: Connections, messages on their way over each, and messages in all.
_RUNS = ((1, 1, 3_000), (8, 1, 20_000), (32, 1, 40_000), (8, 8, 40_000), (32, 8, 60_000))
#: Connections, window and messages of a source that floods, while another sends this many.
_FLOOD, _QUIET = (32, 64, 150_000), 100
#: Bytes of a stored message: what a row of `COPY` is made as large as.
_STORED = 420


class Sent(msgspec.Struct, frozen=True):
    """What a run of the sender tells: durations are in milliseconds."""

    rate: float
    p50: float
    p99: float
    most: float
    refused: int
    cpu: float


async def sent(port: int, connections: int, window: int, messages: int, first: int) -> Sent:
    """What the sender, in its own process, measured."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.mllp_sender",
        *map(str, (port, connections, window, messages, first)),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    return msgspec.json.decode(out, type=Sent)


async def measure_rates(port: int, copied: float, commits: float) -> None:
    """Acknowledgements a second at some numbers of connections, beside the machine's limits."""
    first = 5_000
    await sent(port, 8, 8, first, 0)  # warm
    for connections, window, messages in _RUNS:
        told = await sent(port, connections, window, messages, first)
        first += messages
        print(
            f"  {connections:>2} connections, window {window:>2}: "
            f"{told.rate:>7,.0f} durable acknowledgements/s, "
            f"p50 {told.p50:.2f} ms, p99 {told.p99:.2f} ms, most {told.most:.1f} ms "
            f"({told.rate / copied:.3f} of COPY, {told.rate / commits:.2f} of commits; "
            f"sender {told.cpu:.2f} s of processor, refused {told.refused})"
        )


async def measure_fairness(port: int, other: int) -> None:
    """How long a source waits that sends one at a time, alone and while another floods."""
    alone = await sent(other, 1, 1, _QUIET, 0)
    flood = asyncio.create_task(sent(port, *_FLOOD, 1_000_000))
    await asyncio.sleep(3)  # until it has begun in earnest
    beside = await sent(other, 1, 1, _QUIET, _QUIET)
    if flood.done():
        print("  the flood ended before the other source did: send more")
    flooded = await flood
    print(
        f"  one at a time: p50 {alone.p50:.2f} ms, p99 {alone.p99:.2f} ms; while another source "
        f"floods ({flooded.rate:,.0f}/s, its own p50 {flooded.p50:.0f} ms): "
        f"p50 {beside.p50:.2f} ms, p99 {beside.p99:.2f} ms"
    )


async def main() -> None:
    """Measure on a store of its own."""
    folder = Path(tempfile.mkdtemp(prefix="wholerecord-bench-"))
    database = f"embedded:{folder / 'database'}"
    print(machine())
    try:
        async with embedded.running(folder / "database") as url:
            async with open_store(database) as store:
                for name in ("bench", "quiet"):
                    await store.declare(Source(name=name, controller="BENCH", title=name))
            copied = await copy_rows(url, 100_000, _STORED)
            commits = pgbench(url, select_only=False)
            print(f"limit: COPY of {_STORED}-byte rows {copied:,.0f}/s, commits {commits:,.0f}/s")
            listener = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "benchmarks.mllp_listener",
                database,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            if listener.stdin is None or listener.stdout is None:
                raise RuntimeError("the listener has no pipes")
            port, other = map(int, (await listener.stdout.readline()).split())
            await measure_rates(port, copied, commits)
            await measure_fairness(port, other)
            listener.stdin.close()
            await listener.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
