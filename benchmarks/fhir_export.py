"""Bulk export: resources a second and the memory it takes, beside reading the bare rows.

    .venv/bin/python -m benchmarks.fhir_export

An embedded PostgreSQL of its own, audit on, `fsync` on. The first export folds every record, to
know what may be seen of it; the second finds the folds remembered. The baseline reads each
statement's row and unpacks it, and does nothing else. One process; the ratios are of its own
processor time, which does not depend on who else is at work on the machine; PostgreSQL's is not
in it.
"""

import asyncio
import os
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.fhir import asker, bundle
from benchmarks.machine import machine
from wholerecord.access import Actor, Doorway
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.fhir.bulk.asked import Asked
from wholerecord.fhir.bulk.exports import Exports
from wholerecord.fhir.bulk.interactions import known
from wholerecord.storage import embedded, open_store
from wholerecord.storage.postgres import Store

_BUNDLES, _IN_BUNDLE = 120, 280
_DOCTOR = Actor(id="bench", name="Bench", role=Role.DOCTOR, organisation="RXA")


def megabytes() -> float:
    """The most this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def bare(store: Store) -> float:
    """Statements a second of this process's processor time, read and unpacked."""
    count, began = 0, time.process_time()
    for person in await store.people():
        members = await store.members(person)
        count += len(await store.statements({one.patient: one.t for one in members}))
    return count / (time.process_time() - began)


async def exported(way: Doorway, folder: Path) -> float:
    """Resources a second of this process's processor time, written to files."""
    exports, door = Exports(folder), way.door(_DOCTOR)
    began, worked = time.perf_counter(), time.process_time()
    export = exports.begin(
        door,
        Purpose.DIRECT_CARE,
        known(door),
        Asked(types=frozenset(), since=None),
        asker="bench",
        url="",
        base="",
    )
    while export.done is None:  # noqa: ASYNC110 - as a client asks for the status
        await asyncio.sleep(0.01)
    took, busy = time.perf_counter() - began, time.process_time() - worked
    count = sum(export.counts.values())
    size = sum(one.stat().st_size for one in export.folder.iterdir())
    print(
        f"  {count:,} resources, {size / 2**20:.1f} MiB, {took:.2f} s: {count / took:,.0f}/s",
        end="",
    )
    print(f"    {busy:.2f} s of processor: {count / busy:,.0f} a second of it")
    exports.remove(export)
    return count / busy


async def main() -> None:
    """Run on a database of its own."""
    print(machine())
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        async with embedded.running(Path(folder)) as url, open_store(url) as store:
            for rule in standing_rules():
                await store.add_rule(rule)
            ask = asker(Doorway(store))
            for n in range(_BUNDLES):
                status, body = await ask("POST", "", bundle(n))
                if status != 200:
                    raise RuntimeError(body)
            way, before = Doorway(store), megabytes()
            print(f"{_BUNDLES} people with {_IN_BUNDLE} resources each")
            rates = [await exported(way, Path(folder) / "exports") for _ in range(3)]
            print(f"  memory: {before:.0f} MiB at most before, {megabytes():.0f} after")
            rows = await bare(store)
            print(f"  limit: bare rows {rows:,.0f} a second of processor")
            print(f"  ratio {rates[0] / rows:.2f}, ", end="")
            print(f"with folds remembered {max(rates) / rows:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
