"""Messages read, filed and linked for minutes on end, while people's pages are opened.

    .venv/bin/python -m benchmarks.sustained [--minutes 1] [--rate 1000] [--processes 2]

One embedded PostgreSQL of its own, with `fsync` on, and four measurements in one run:

- *drained*: messages already kept are read, filed and linked as fast as can be, by `--processes`
  reading processes, as `ingest` does; and FHIR R4 Bundles of a hundred resources likewise;
- *sustained*: a sender gives the running program (`serve`: pages, MLLP and its worker) messages at
  the rate for the minutes. Filing keeps up when few wait at the end, and lag is from receipt to
  filing. First screens of the same people are opened five times a second: each has new statements,
  so each is folded afresh;
- *burst*: the same at a hundred messages a second, then at ten times that.

Half the messages are admissions (5 statements) and half reports of twelve values (14).
"""

import argparse
import asyncio
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import asyncpg
import msgspec
import uvloop

from benchmarks.limits import copy_rows
from benchmarks.machine import machine
from benchmarks.processor import processor
from benchmarks.screen import session, site_for
from benchmarks.sustained_messages import POOL, bundle, message, nhs_number
from wholerecord import worker
from wholerecord.access import Doorway
from wholerecord.cli.serving import Listening, running, with_standing_rules
from wholerecord.intake import Arrival
from wholerecord.people.search import Search
from wholerecord.portal import COOKIE, Site
from wholerecord.record import Source
from wholerecord.settings import Settings
from wholerecord.storage import embedded, open_store
from wholerecord.storage.postgres import Store

_LAG, _WAITING, _ = Path(__file__).with_suffix(".sql").read_text().split(";")
_DRAINED, _BUNDLES, _AT_ONCE = 20_000, 400, 64
#: People whose pages are opened, the usual rate, a burst of it, and seconds of each.
_LOOKED_AT, _USUAL, _TIMES, _SECONDS = 200, 100.0, 10, 15.0


class Sent(msgspec.Struct, frozen=True):
    """What the sender tells: durations in milliseconds."""

    rate: float
    sent: int
    answered: int
    refused: int
    p50: float
    p95: float
    p99: float


@dataclass(slots=True)
class Bench:
    """What every measurement needs. `first` is the number of the next message.

    `postgres` is the process id of the database server.
    """

    settings: Settings
    url: str
    postgres: int
    store: Store
    port: int
    mllp_port: int
    first: int = 0


async def keep_all(store: Store, source: str, bodies: Iterable[bytes]) -> None:
    """Keep them, many at once."""
    waiting = iter(bodies)

    async def one_after_another() -> None:
        for body in waiting:
            await store.keep(Arrival(source=source, body=body, name="bench"))

    await asyncio.gather(*(one_after_another() for _ in range(_AT_ONCE)))


async def drained(
    bench: Bench, source: str, bodies: Iterable[bytes], *, processes: int, copied: float
) -> None:
    """Keep first, then read, file and link as fast as can be."""
    await keep_all(bench.store, source, bodies)
    async with worker.readers(processes) as prepare:
        if processes:
            await asyncio.gather(*(prepare([]) for _ in range(processes * 4)))  # started
        began, spent = time.perf_counter(), processor(bench.postgres)
        done = await worker.settle(bench.store, prepare)
        took, spent = time.perf_counter() - began, processor(bench.postgres) - spent
    print(
        f"  {source}: {done.messages:,} messages, {done.statements:,} statements in {took:.1f} s = "
        f"{done.messages / took:,.0f} messages/s, {done.statements / took:,.0f} statements/s "
        f"({done.statements / took / copied:.3f} of COPY), parked {done.parked}\n"
        f"    {_per(spent, done)}"
    )


def _per(spent: float, done: worker.Settled) -> str:
    """What it takes of the processors, which is the same on a machine that is busy."""
    return (
        f"{spent:.1f} s of processor, {spent / done.messages * 1000:.2f} s a thousand messages, "
        f"{spent / done.statements * 1000:.3f} s a thousand statements"
    )


async def ran(module: str, *words: object, given: bytes = b"") -> bytes:
    """What a module of ours prints, run in its own process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, *map(str, words)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate(given)
    return out


async def pages(bench: Bench) -> bytes:
    """Where the reader of pages looks: at people of the pool."""
    paths: list[str] = []
    for number in (nhs_number(person) for person in range(POOL)):
        if number and len(paths) < _LOOKED_AT:
            paths += [f"/people/{who}" for who, _ in await bench.store.find(Search.of(number).keys)]
    return msgspec.json.encode({"name": COOKIE, "value": session(), "paths": paths})


async def sent_while_looked_at(
    bench: Bench, rate: float, seconds: float, where: bytes
) -> tuple[Sent, list[float], int]:
    """What the sender and the reader of pages measured, and the most messages that waited."""
    most = 0

    async def watch() -> None:
        nonlocal most
        connection = await asyncpg.connect(bench.url)
        try:
            while True:
                await asyncio.sleep(0.5)
                most = max(most, await connection.fetchval(_WAITING))
        finally:
            await connection.close()

    watching = asyncio.create_task(watch())
    sender, looked = await asyncio.gather(
        ran("benchmarks.sustained_sender", bench.mllp_port, rate, seconds, bench.first),
        ran("benchmarks.sustained_pages", bench.port, seconds, given=where),
    )
    watching.cancel()
    told = msgspec.json.decode(sender, type=Sent)
    bench.first += told.sent
    return told, msgspec.json.decode(looked, type=list[float]), most


def p95(took: Sequence[float]) -> float:
    """The 95th percentile."""
    return quantiles(took, n=20)[-1]


async def sustained(bench: Bench, rate: float, minutes: float, where: bytes) -> None:
    """The rate for the minutes: what was filed in that time, how late, and what waits."""
    before, since = await bench.store.received(), datetime.now(UTC)
    began, spent = time.perf_counter(), processor(bench.postgres)
    told, looked, most = await sent_while_looked_at(bench, rate, minutes * 60, where)
    took, spent = time.perf_counter() - began, processor(bench.postgres) - spent
    after = await bench.store.received()
    filed = (after.messages - after.waiting) - (before.messages - before.waiting)
    statements = after.statements - before.statements
    await settled(bench.store)
    caught_up = time.perf_counter() - began - took
    connection = await asyncpg.connect(bench.url)
    lag = await connection.fetchrow(_LAG, since)
    await connection.close()
    if lag is None:
        raise RuntimeError("the database did not answer")
    print(
        f"  {told.rate:,.0f} messages/s sent and acknowledged for {minutes:g} minutes "
        f"(answers p50 {told.p50:.1f} ms, p99 {told.p99:.1f} ms, refused {told.refused})"
    )
    print(
        f"  filed and linked meanwhile {filed / took:,.0f} messages/s, "
        f"{statements / took:,.0f} statements/s; at most {most:,} waited, {after.waiting:,} at the "
        f"end, none {caught_up:.1f} s later; "
        f"{spent / took:.2f} processors, {spent / max(filed, 1) * 1000:.2f} s of them a thousand "
        "messages filed, sender and pages among them"
    )
    print(
        f"  lag from receipt to filing: p50 {lag['p50']:.2f} s, p95 {lag['p95']:.2f} s, "
        f"most {lag['most']:.2f} s of {lag['statements']:,} statements"
    )
    print(
        f"  first screens folded afresh meanwhile: p50 {median(looked):.0f} ms, "
        f"p95 {p95(looked):.0f} ms (n {len(looked)})"
    )


async def burst(bench: Bench, where: bytes) -> None:
    """The pages' 95th percentile at the usual rate, in a burst of ten times that, and after."""
    found: list[float] = []
    for name, rate in (("usual", _USUAL), ("burst", _USUAL * _TIMES), ("after", _USUAL)):
        told, looked, most = await sent_while_looked_at(bench, rate, _SECONDS, where)
        found.append(p95(looked))
        print(
            f"  {name}: {told.rate:,.0f} messages/s, answers p95 {told.p95:.1f} ms; first screens "
            f"p50 {median(looked):.0f} ms, p95 {found[-1]:.0f} ms; at most {most:,} waited"
        )
        await settled(bench.store)
    print(f"  first screens' p95 in the burst is {found[1] / found[0]:.2f} times the usual")


async def settled(store: Store) -> None:
    """Wait until nothing waits."""
    while True:
        counts = await store.received()
        if not counts.waiting and not counts.unlinked:
            return
        await asyncio.sleep(0.1)


def free() -> int:
    """A port of loopback that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@asynccontextmanager
async def served(bench: Bench) -> AsyncGenerator[None]:
    """The running program, with a doctor signed in."""
    listening = Listening(
        host="127.0.0.1", port=bench.port, mllp_port=bench.mllp_port, mllp_source="pas"
    )

    def site(way: Doorway) -> Site:
        return site_for(way, "BENCH")

    async with running(bench.settings, bench.store, listening, site):
        yield


async def main(minutes: float, rate: float, processes: int) -> None:
    """Measure everything on a store of its own."""
    folder = Path(tempfile.mkdtemp(prefix="wholerecord-bench-"))
    settings = Settings(database=f"embedded:{folder / 'database'}", folder=folder)
    print(f"{machine()}; load before {os.getloadavg()[0]:.1f}")
    try:
        async with (
            embedded.running(folder / "database") as url,
            open_store(settings.database) as store,
        ):
            await with_standing_rules(store)
            for name in ("pas", "gp"):
                await store.declare(Source(name=name, controller="BENCH", title=name))
            copied = await copy_rows(url, 200_000)
            print(f"limit: COPY of 300-byte rows {copied:,.0f}/s")
            postgres = int((folder / "database/postgresql/postmaster.pid").read_text().split()[0])
            bench = Bench(settings, url, postgres, store, free(), free(), _DRAINED)
            print(f"drained, {processes} reading processes: HL7 v2 (pas), FHIR R4 Bundles (gp)")
            hl7 = (message(n) for n in range(_DRAINED))
            await drained(bench, "pas", hl7, processes=processes, copied=copied)
            r4 = (bundle(n) for n in range(_BUNDLES))
            await drained(bench, "gp", r4, processes=processes, copied=copied)
            where = await pages(bench)
            async with served(bench):
                print(f"sustained, {rate:,.0f} messages/s asked for, one worker")
                await sustained(bench, rate, minutes, where)
                print(f"burst, {_USUAL:,.0f} messages/s and ten times that")
                await burst(bench, where)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--processes", type=int, default=2)
    said = parser.parse_args()
    uvloop.run(main(said.minutes, said.rate, said.processes))
