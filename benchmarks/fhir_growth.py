"""What grows as the store does: `.venv/bin/python -m benchmarks.fhir_growth [--people 200]`.

Three stores, each an embedded PostgreSQL of its own: 20 people of 280 resources; 200 such people;
and 20 people whose every resource has ten versions. Filled by messages of one source, filed as any
message is; then asked, one request after the other, by the application itself with no socket
between, audit on. The people asked about are twenty in each, so that what differs is the store.
Processor time of this process and of the PostgreSQL processes together, each p50 of many, beside
its ratio to the small store's; the baseline in the same run is that store.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import asyncpg

from benchmarks.fhir import Asker, asker, observation, patient
from benchmarks.machine import machine
from wholerecord import worker
from wholerecord.access import Doorway
from wholerecord.app.garbage import collect_seldom
from wholerecord.consent import standing_rules
from wholerecord.intake import Arrival
from wholerecord.record import LogicalId, PatientKey, Source, canonical
from wholerecord.storage import embedded, open_store
from wholerecord.storage.postgres import Store

_SOURCE, _IN_ONE, _ASKED, _TIMES = "bench", 280, 20, 100
_TICK = os.sysconf("SC_CLK_TCK")
#: What is asked, by name; `{p}` and `{o}` are a person's and an Observation's logical id.
_PATHS = {
    "read": "Observation/{o}",
    "vread": "Observation/{o}/_history/1",
    "newest 20 of a code": "Observation?patient={p}&code=http://loinc.org|2823-3&_sort=-date&_count=20",
    "history of one": "Observation/{o}/_history",
    "history of the type, 20": "Observation/_history?_count=20",
}


def messages(people: int, versions: int) -> Iterator[bytes]:
    """Every person's resources, each time with another value."""
    for version in range(versions):
        for n in range(people):
            about = f"Patient/p{n}"
            made = [patient(n) | {"id": f"p{n}"}]
            made += [
                observation(version + m, about) | {"id": f"o{n}-{m}"} for m in range(_IN_ONE - 1)
            ]
            entries = [{"resource": one} for one in made]
            yield canonical({"resourceType": "Bundle", "type": "collection", "entry": entries})


async def filled(store: Store, people: int, versions: int) -> None:
    """File it all, a hundred messages at a time."""
    for rule in standing_rules():
        await store.add_rule(rule)
    await store.declare(Source(name=_SOURCE, controller="RXA", title="Bench"))
    for n, body in enumerate(messages(people, versions)):
        await store.keep(Arrival(source=_SOURCE, body=body, name=f"{n}"))
        if n % 50 == 49:
            await worker.settle(store, worker.prepare_here)
    await worker.settle(store, worker.prepare_here)


async def backends(url: str) -> float:
    """Seconds of processor that PostgreSQL's processes for clients have taken."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()
    return sum(processor(row["pid"]) for row in rows)


def processor(pid: int) -> float:
    """Seconds of processor a process has taken; 0 where it has ended."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    return sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13])) / _TICK


async def timed(ask: Asker, url: str, path: Callable[[int], str]) -> tuple[float, float]:
    """Milliseconds of processor a request: the median of this process, PostgreSQL's mean."""
    for n in range(_ASKED):
        status, body = await ask("GET", path(n))
        if status != 200:
            raise RuntimeError(f"{path(n)}: {status} {body[:200]!r}")
    took: list[float] = []
    before = await backends(url)
    for n in range(_TIMES):
        began = time.process_time()
        await ask("GET", path(n))
        took.append(time.process_time() - began)
    return median(took) * 1000, (await backends(url) - before) / _TIMES * 1000


async def measured(people: int, versions: int) -> dict[str, tuple[float, float]]:
    """Each path's figures in a store of so many people and versions."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        async with embedded.running(Path(folder)) as url, open_store(url) as store:
            began = time.perf_counter()
            await filled(store, people, versions)
            spent = time.perf_counter() - began
            count = people * versions * _IN_ONE
            print(f"{count:,} statements filed in {spent:.0f} s", flush=True)
            ask = asker(Doorway(store))
            return {
                name: await timed(ask, url, lambda n, path=path: path_of(path, n))
                for name, path in _PATHS.items()
            }


def logical(person: int, n: int) -> str:
    """The logical id of a person's n-th Observation."""
    return LogicalId.of(PatientKey(_SOURCE, f"p{person}").id, f"o{person}-{n}").text


def path_of(path: str, n: int) -> str:
    """The path of the n-th request."""
    who = n % _ASKED
    person = LogicalId.of(PatientKey(_SOURCE, f"p{who}").id, f"p{who}").text
    return path.format(p=person, o=logical(who, n * 7 % (_IN_ONE - 1)))


async def main() -> None:
    """Prints each store's figures and their ratio to the small one's."""
    words = argparse.ArgumentParser(prog="benchmarks.fhir_growth")
    words.add_argument("--people", type=int, default=200)
    words.add_argument("--versions", type=int, default=10)
    asked = words.parse_args()
    print(machine())
    collect_seldom()  # as the server does
    small = await measured(_ASKED, 1)
    for name, people, versions in (
        ("as it is", _ASKED, 1),
        (f"{asked.people} people", asked.people, 1),
        (f"{asked.versions} versions", _ASKED, asked.versions),
    ):
        found = small if people == _ASKED and versions == 1 else await measured(people, versions)
        print(name)
        for path, (ours, theirs) in found.items():
            ratio = (ours + theirs) / sum(small[path])
            print(f"  {path}: {ours:.2f} ms + PostgreSQL {theirs:.2f} ms, {ratio:.2f} of the small")


if __name__ == "__main__":
    asyncio.run(main())
