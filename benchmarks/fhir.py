"""The FHIR server: reads, creates, transactions and bytes a resource, beside PostgreSQL alone.

    .venv/bin/python -m benchmarks.fhir

Requests go to the application itself, sixteen at a time, without a socket between: audit on,
validation on, `fsync` on, an embedded PostgreSQL of its own, and the one process of Python that
asks is the one that answers. What a listening server adds is not measured here.
"""

import asyncio
import itertools
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from benchmarks.limits import pgbench
from benchmarks.machine import machine
from benchmarks.store import at_once
from wholerecord import fhir
from wholerecord.access import Actor, Doorway
from wholerecord.consent import Role, standing_rules
from wholerecord.storage import embedded, open_store

_CLIENTS, _PATIENTS, _CREATES, _READS = 16, 50, 4_000, 20_000
_BUNDLES, _IN_BUNDLE = 40, 280
_SIZES = """
SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'opening'
"""
_ROUNDS = 3


class Asker:
    """Asks the application, as a server would hand it a request."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body."""
        status, parts = 0, list[bytes]()
        path, _, query = path.partition("?")

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            parts.append(message.get("body", b""))

        scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": f"/fhir/{path}",
            "raw_path": f"/fhir/{path}".encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"content-type", b"application/fhir+json"), (b"host", b"bench")],
            "server": ("bench", 80),
            "client": ("bench", 1),
        }
        await self._app(scope, receive, send)
        return status, b"".join(parts)


def asker(way: Doorway) -> Asker:
    """The application, asked by one doctor."""
    doctor = Actor(id="bench", name="Bench", role=Role.DOCTOR, organisation="RXA")

    async def who_asks(_: Request) -> Actor:
        return doctor

    api = fhir.Api(door=way.door, who_asks=who_asks, cursors=fhir.Cursors(b"bench"))
    return Asker(Starlette(routes=[Mount("/fhir", routes=fhir.routes(api, "bench"))]))


def patient(n: int) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": "https://bench.example/number", "value": f"{n}"}],
        "name": [{"family": f"Bench{n}", "given": ["Ann"]}],
        "birthDate": f"{1930 + n % 80}-{1 + n % 12:02}-{1 + n % 28:02}",
    }


def observation(n: int, subject: str) -> dict[str, Any]:
    """A result as laboratories send them: about 1.2 kB of JSON."""
    system = "http://terminology.hl7.org/CodeSystem/observation-category"
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": system, "code": "laboratory"}]}],
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}],
            "text": "Potassium",
        },
        "subject": {"reference": subject},
        "effectiveDateTime": f"2026-01-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}:00Z",
        "issued": f"2026-01-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}:30Z",
        "performer": [{"display": "Laboratory of the bench"}],
        "valueQuantity": {
            "value": 3 + n % 30 / 10,
            "unit": "mmol/L",
            "system": "http://unitsofmeasure.org",
            "code": "mmol/L",
        },
        "referenceRange": [{"low": {"value": 3.5}, "high": {"value": 5.3}}],
    }


def bundle(n: int) -> bytes:
    """A transaction: somebody new, and what a laboratory says of them."""
    person = f"urn:uuid:00000000-0000-4000-8000-{n:012x}"
    entries: list[dict[str, Any]] = [
        {
            "fullUrl": person,
            "resource": patient(10_000 + n),
            "request": {"method": "POST", "url": "Patient"},
        }
    ]
    entries += [
        {
            "resource": observation(n * _IN_BUNDLE + m, person),
            "request": {"method": "POST", "url": "Observation"},
        }
        for m in range(_IN_BUNDLE - 1)
    ]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()


async def measured(
    name: str, count: int, work: Callable[[int], Awaitable[int]], well: int, each: int = 1
) -> float:
    """A second's worth of it, and how long one took (p50, p99, milliseconds)."""
    took: list[float] = []

    async def one(n: int) -> None:
        began = time.perf_counter()
        status = await work(n)
        took.append(time.perf_counter() - began)
        if status != well:
            raise RuntimeError(f"{name}: {status}")

    def all_() -> Iterable[Callable[[], Awaitable[object]]]:
        for n in range(count):
            yield lambda n=n: one(n)

    seconds = await at_once(all_(), _CLIENTS)
    took.sort()
    rate = count * each / seconds
    p50, p99 = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    print(f"  {name}: {rate:,.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms ({count} at {_CLIENTS})")
    return rate


async def size_of(url: str) -> int:
    """Bytes on disk of all but the audit log, indexes included."""
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(_SIZES))
    finally:
        await connection.close()


async def measure(way: Doorway, url: str) -> None:
    """All of it, printed."""
    ask = asker(way)
    people: list[str] = []
    for n in range(_PATIENTS):
        _, body = await ask("POST", "Patient", json.dumps(patient(n)).encode())
        people.append(f"Patient/{json.loads(body)['id']}")
    made: list[str] = []
    numbers = itertools.count()

    async def create(_: int) -> int:
        n = next(numbers)
        said = json.dumps(observation(n, people[n % _PATIENTS])).encode()
        status, body = await ask("POST", "Observation", said)
        made.append(json.loads(body)["id"])
        return status

    async def read(n: int) -> int:
        status, _ = await ask("GET", f"Observation/{made[n * 7919 % len(made)]}")
        return status

    async def transaction(n: int) -> int:
        status, _ = await ask("POST", "", bundles[n])
        return status

    before = await size_of(url)
    creates = max([await measured("create", _CREATES, create, 201) for _ in range(_ROUNDS)])
    per = (await size_of(url) - before) / (_CREATES * _ROUNDS)
    await measured("read, each record not read before", _PATIENTS, read, 200)
    reads = max([await measured("read by id", _READS, read, 200) for _ in range(_ROUNDS)])
    bundles = [bundle(n) for n in range(_BUNDLES)]
    whole = sum(map(len, bundles)) / (_BUNDLES * _IN_BUNDLE)
    before = await size_of(url)
    resources = await measured(
        f"transaction of {_IN_BUNDLE}", _BUNDLES, transaction, 200, _IN_BUNDLE
    )
    many = (await size_of(url) - before) / (_BUNDLES * _IN_BUNDLE)
    print(f"  resources a second in transactions: {resources:,.0f}")
    print(f"  bytes on disk a resource, openings apart: {per:,.0f} alone, {many:,.0f} in bundles")
    print(f"  ({whole:,.0f} bytes of JSON)")
    selects, commits = pgbench(url), pgbench(url, select_only=False)
    print(f"  limit: pgbench reads by key {selects:,.0f}/s; durable commits {commits:,.0f}/s")
    print(f"  ratio to it: reads {reads / selects:.2f}, creates {creates / commits:.2f}")


async def main() -> None:
    """Run on a database of its own."""
    print(machine())
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        async with embedded.running(Path(folder)) as url, open_store(url) as store:
            for rule in standing_rules():
                await store.add_rule(rule)
            await measure(Doorway(store), url)


if __name__ == "__main__":
    asyncio.run(main())
