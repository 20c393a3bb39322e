"""Durable registrations a second in a filled store: `python -m benchmarks.people_register [held]`.

A registration is what `people.Register.link_waiting` does for one patient: candidates by blocking
key, whole persons read, every comparison weighed, vetoes, the event with its parts, the commit: one
at a time on one connection, sixteen in one transaction, sixteen linkers at once. Match only is the
same without writing. The store is embedded PostgreSQL that waits for the disk at each commit; the
baseline is pgbench's commits on it in the same run, by one client and by sixteen. Of a machine that
others use too, what a registration takes of the processors says more than the rate: both are said.
"""

import asyncio
import csv
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter, process_time
from uuid import UUID

import asyncpg
import uvloop

from benchmarks.limits import pgbench
from benchmarks.machine import machine, spread
from benchmarks.people_region import REPORTING, write
from benchmarks.processor import processor
from wholerecord.people import Candidate, Demographics, keys, linking_keys
from wholerecord.people.decide import decide
from wholerecord.people.rows import from_row
from wholerecord.people.weigh import MODEL
from wholerecord.record import PatientId, Source
from wholerecord.storage import embedded, open_store
from wholerecord.storage.postgres import Store
from wholerecord.storage.postgres.who import home_of, pack

_NEW = 2000
#: Of those held so many are written at once: millions do not fit.
_AT_ONCE = 50_000
Said = list[tuple[PatientId, str, Demographics]]


async def main() -> None:
    held = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(tempfile.mkdtemp(prefix="wholerecord-bench-"))
    print(machine())
    try:
        write(folder / "region.csv", held + 4 * _NEW, REPORTING)
        async with (
            embedded.running(folder / "database") as url,
            open_store(f"embedded:{folder / 'database'}") as store,
        ):
            postmaster = folder / "database" / "postgresql" / "postmaster.pid"
            pid = int(postmaster.read_text(encoding="utf-8").split()[0])
            await _measure(store, url, pid, folder / "region.csv", held)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _measure(store: Store, url: str, pid: int, file: Path, held: int) -> None:
    await store.declare(Source(name="bench", controller="BENCH", title="A measurement"))
    batches = _batches(file, held)
    for _ in range(0, held, _AT_ONCE):
        await _hold(url, next(batches), linked=True)
    await _settle(url)
    new = list(batches)
    print(f"{held:,} patients held, model {MODEL}")
    worked, all_of_it = process_time(), processor(pid)
    seconds = await _matched(store, new[0])
    print(f"  match only: {spread(seconds)}; {_took(worked, all_of_it, pid, len(seconds))}")
    commits = {clients: pgbench(url, select_only=False, clients=clients) for clients in (1, 16)}
    print(f"  limit: single durable commits {commits[1]:,.0f}/s, of sixteen {commits[16]:,.0f}/s")
    for batch, what, limit, linkers in (
        (new[1], "one at a time", 1, 1),
        (new[2], "16 in a transaction", 16, 1),
        (new[3], "16 linkers at once", 1, 16),
    ):
        await _hold(url, batch, linked=False)
        started, worked, all_of_it = perf_counter(), process_time(), processor(pid)
        done = sum(await asyncio.gather(*(_link(store, limit) for _ in range(linkers))))
        rate = done / (perf_counter() - started)
        print(
            f"  {what}: {rate:,.0f} registrations/s ({rate / commits[linkers]:.2f} of single "
            f"commits); {_took(worked, all_of_it, pid, done)}"
        )


def _took(worked: float, all_of_it: float, pid: int, many: int) -> str:
    """What each of many took of the processors since, here and in PostgreSQL."""
    ours = (process_time() - worked) / many * 1000
    theirs = (processor(pid) - all_of_it) / many * 1000 - ours
    return f"{ours:.2f} ms of this program's processor each and {theirs:.2f} of PostgreSQL's"


async def _link(store: Store, limit: int) -> int:
    """How many were linked."""
    done = 0
    while events := await store.link_waiting(decide, limit=limit, model=MODEL):
        done += len(events)
    return done


async def _matched(store: Store, newcomers: Said) -> list[float]:
    """Seconds of each look: keys, candidates, decision."""
    seconds: list[float] = []
    for patient, _, said in newcomers:
        started = perf_counter()
        found = await store.find(linking_keys(said))
        candidates = [
            Candidate(patient=member.patient, person=person, demographics=member.demographics)
            for person, member in found
            if member.patient != patient
        ]
        decide(said, candidates)
        seconds.append(perf_counter() - started)
    return seconds


def _batches(file: Path, held: int) -> Iterable[Said]:
    """Those held, some at a time, then the newcomers, each with who they truly are."""
    with file.open(newline="", encoding="utf-8") as opened:
        batch: Said = []
        for n, row in enumerate(csv.DictReader(opened), 1):
            batch.append((PatientId(n), row["person"], from_row(row)))
            if n % _AT_ONCE == 0 if n < held else (n - held) % _NEW == 0:
                yield batch
                batch = []


async def _hold(url: str, patients: Said, *, linked: bool) -> None:
    """Write patients as filing does: linked by the truth, or waiting to be linked."""
    connection = await asyncpg.connect(url)
    source = await connection.fetchval("SELECT id FROM source WHERE name = 'bench'")
    try:
        await connection.copy_records_to_table(
            "patient",
            columns=["id", "home", "source", "number", "demographics"],
            records=(
                (who, home_of(who, [said]), source, str(who), pack(said))
                for who, _, said in patients
            ),
        )
        await connection.copy_records_to_table(
            "blocking_key",
            columns=["key", "patient"],
            records=((key, who) for who, _, said in patients for key in keys(said)),
        )
        if linked:
            await connection.copy_records_to_table(
                "member", records=((who, UUID(int=int(person))) for who, person, _ in patients)
            )
        else:
            await connection.copy_records_to_table(
                "to_link",
                columns=["patient", "n", "keys"],
                records=((who, int(who), linking_keys(said)) for who, _, said in patients),
            )
    finally:
        await connection.close()


async def _settle(url: str) -> None:
    """Have the database know what it holds, as it does some time after a load."""
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE patient, blocking_key, member")
    await connection.execute("CHECKPOINT")
    await connection.close()


if __name__ == "__main__":
    uvloop.run(main())
