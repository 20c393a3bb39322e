"""Durable keeps, filings, audited openings and bytes a statement, beside the machine's limits.

    .venv/bin/python -m benchmarks.store

Runs on an embedded PostgreSQL of its own in a temporary folder, with `fsync` on.
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import asyncpg

from benchmarks.limits import copy_rows, pgbench
from benchmarks.machine import machine, spread
from wholerecord import worker
from wholerecord.access import Actor, Doorway
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.demo.region import make
from wholerecord.intake import Arrival
from wholerecord.intake.cut import cut
from wholerecord.record import Source
from wholerecord.storage import embedded, open_store
from wholerecord.storage.postgres import Store

_MESSAGES = 20_000
_OPENINGS = 20_000


async def at_once(work: Iterable[Callable[[], Awaitable[object]]], limit: int) -> float:
    """Seconds to do all of `work` with `limit` under way at any moment."""
    waiting = iter(work)

    async def one_after_another() -> None:
        for each in waiting:
            await each()

    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(limit)))
    return time.perf_counter() - began


def keeping(store: Store, messages: int) -> Iterable[Callable[[], Awaitable[object]]]:
    """Keeps of different messages of two kilobytes each, half of it not compressible."""
    for n in range(messages):
        body = b"MSH|^~\\&|bench|%d|" % n + os.urandom(500).hex().encode() + b"|OBX" * 250
        yield lambda body=body: store.keep(Arrival(source="bench", body=body[:2000], name="bench"))


async def measure_keeping(store: Store, url: str) -> None:
    """Messages a second made durable, at three numbers of senders."""
    copied = await copy_rows(url, 50_000, 1400)
    commits = pgbench(url, select_only=False)
    print(f"  limit: COPY of 1,400-byte rows {copied:,.0f}/s; durable commits {commits:,.0f}/s")
    for senders in (1, 64, 256):
        count = _MESSAGES if senders > 1 else 1000
        took = await at_once(keeping(store, count), senders)
        rate = count / took
        print(
            f"  keep, {senders:>3} senders: {rate:,.0f} messages/s "
            f"({rate / copied:.2f} of COPY, {rate / commits:.2f} of single commits)"
        )


async def measure_filing(store: Store, url: str) -> None:
    """Statements a second, with and without the reading, from the demonstration region."""
    region = make()
    for source in region.sources:
        await store.declare(source)
    for delivery in region.deliveries:
        await asyncio.gather(
            *(store.keep(one) for one in cut(delivery.source, delivery.name, delivery.body))
        )
    copied = await copy_rows(url)
    print(f"  limit: COPY of 300-byte rows {copied:,.0f}/s")
    spent = 0.0

    async def timed(batch: object) -> object:
        nonlocal spent
        began = time.perf_counter()
        try:
            return worker.prepare(batch)  # type: ignore[arg-type]
        finally:
            spent += time.perf_counter() - began

    began = time.perf_counter()
    done = await worker.settle(store, timed)  # type: ignore[arg-type]
    took = time.perf_counter() - began
    rate, alone = done.statements / took, done.statements / (took - spent)
    print(
        f"  read, file and link: {done.statements:,} statements in {took:.2f} s = {rate:,.0f}/s "
        f"({rate / copied:.2f} of COPY), of which reading {spent:.2f} s"
    )
    print(f"  file and link alone: {alone:,.0f} statements/s ({alone / copied:.2f} of COPY)")


async def measure_size(url: str) -> None:
    """Bytes a statement takes: row, body, key; and with the message it came from."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM ANALYZE statement, message")
        statements = await connection.fetchval("SELECT count(*) FROM statement")
        size = await connection.fetchval("SELECT pg_total_relation_size('statement')")
        heap = await connection.fetchval("SELECT pg_table_size('statement')")
        body = await connection.fetchval("SELECT avg(length(body)) FROM statement")
    finally:
        await connection.close()
    print(
        f"  {size / statements:,.0f} bytes a statement all in: row {heap / statements:,.0f} "
        f"(body {body:,.0f}), key {(size - heap) / statements:,.0f}"
    )


async def measure_opening(store: Store, url: str) -> None:
    """Audited openings: one at a time afresh and from the cache, and many at once."""
    for rule in standing_rules():
        await store.add_rule(rule)
    actor = Actor(id="bench", name="A measurement", role=Role.SYSTEM, organisation="")
    door = Doorway(store).door(actor)
    people = list(await store.people())

    async def look(person: object) -> None:
        await door.open(person, purpose=Purpose.EMERGENCY, given="bench")  # type: ignore[arg-type]

    async def times() -> list[float]:
        seconds: list[float] = []
        for person in people:
            began = time.perf_counter()
            await look(person)
            seconds.append(time.perf_counter() - began)
        return seconds

    reads = pgbench(url)
    print(f"  limit: pgbench reads by key {reads:,.0f}/s")
    print(f"  open afresh, one at a time: {spread(await times())}")
    print(f"  open from cache, one at a time: {spread(await times())}")
    for lookers in (32, 128):
        work = (lambda n=n: look(people[n % len(people)]) for n in range(_OPENINGS))
        rate = _OPENINGS / await at_once(work, lookers)
        print(
            f"  open from cache, {lookers:>3} at once: {rate:,.0f} audited openings/s "
            f"({rate / reads:.2f} of pgbench reads)"
        )


async def main() -> None:
    """Measure everything on a store of its own."""
    folder = Path(tempfile.mkdtemp(prefix="wholerecord-bench-"))
    print(machine())
    try:
        async with (
            embedded.running(folder / "database") as url,
            open_store(f"embedded:{folder / 'database'}") as store,
        ):
            print("keep: messages made durable")
            await store.declare(Source(name="bench", controller="BENCH", title="A measurement"))
            await measure_keeping(store, url)
            await worker.settle(store, worker.prepare_here)
            print("file: statements from the demonstration region")
            await measure_filing(store, url)
            print("size: on disk")
            await measure_size(url)
            print("open: audited, through the door")
            await measure_opening(store, url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
