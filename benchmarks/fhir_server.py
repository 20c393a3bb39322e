"""The FHIR server as a client meets it: a process that listens, sixteen connections on loopback.

    .venv/bin/python -m benchmarks.fhir_server [--bundles 40] [--seconds 5] [--peer URL]
        [--peer-process PID] [--synthea FOLDER]

The program's own application serves from its own process, with uvicorn, an embedded PostgreSQL with
`fsync` on, audit on and validation on; the client is this process, on the same machine. Each row is
requests a second with p50 and p99; errors are counted, not left out. Baselines in the same run:
a route of the same server that answers with fixed bytes (what a request costs that asks nothing),
pgbench's reads by key and durable commits, and COPY of rows. The processor time of the server's own
process stands beside, which is the same on a machine that is busy; PostgreSQL's is not in it. With
`--peer`, the same work is then done at another FHIR server, whose base address that is.

What is written is made up: people of 280 resources, 1.2 kB each, as `benchmarks.fhir` makes them;
with `--synthea`, what Synthea wrote into that folder (`benchmarks.synthea`).
"""

import argparse
import asyncio
import itertools
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from benchmarks.fhir import observation, size_of
from benchmarks.http_client import Answer, Client
from benchmarks.limits import copy_rows, pgbench
from benchmarks.machine import machine
from benchmarks.screen import session, site_for
from benchmarks.synthea import Work, made_up, of_synthea
from wholerecord.access import Doorway
from wholerecord.app import Web, application
from wholerecord.app.garbage import collect_seldom
from wholerecord.consent import standing_rules
from wholerecord.portal import COOKIE
from wholerecord.storage import embedded, open_store

_CONNECTIONS, _HOT = 16, 50
_ORGANISATION = "RXA"
_BARE = b'{"resourceType":"Observation"}' + b" " * 1200
#: What one request asks: method, path, body.
Ask = tuple[str, str, bytes]


async def serve(url: str, port: int) -> None:
    """The application on a port, until it is ended."""
    collect_seldom()
    with tempfile.TemporaryDirectory() as exports:
        async with open_store(url) as store:
            for rule in standing_rules():
                await store.add_rule(rule)
            way = Doorway(store)
            web = Web(
                way=way,
                site=site_for(way, _ORGANISATION),
                keep=store.keep,
                pledge=store.pledge,
                admits=lambda *_: False,
                exports=Path(exports),
            )

            async def bare(_: Request) -> Response:
                return Response(_BARE, media_type="application/fhir+json")

            app = Starlette(routes=[Route("/bare", bare), Mount("/", application(web))])
            config = uvicorn.Config(app, port=port, log_level="warning", access_log=False)
            await uvicorn.Server(config).serve()


@asynccontextmanager
async def served(url: str) -> AsyncGenerator[tuple[str, int]]:
    """The address of the application, in a process of its own, and that process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    words = ("-m", "benchmarks.fhir_server", "--serve", url, "--port", str(port))
    process = await asyncio.create_subprocess_exec(sys.executable, *words)
    try:
        for _ in range(600):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            writer.close()
            break
        yield f"http://127.0.0.1:{port}/fhir", process.pid
    finally:
        process.terminate()
        await process.wait()


class Bench:
    """Work done at one server over its connections, each row printed."""

    def __init__(self, base: str, seconds: float, headers: dict[str, str], pid: int = 0) -> None:
        parts = urlsplit(base)
        self._path = parts.path
        self._seconds = seconds
        self._pid = pid
        host, port = parts.hostname or "", parts.port or 80
        self._clients = [Client(host, port, headers) for _ in range(_CONNECTIONS)]
        #: The ids of what was written, by type.
        self.made: dict[str, list[str]] = {"Patient": [], "Observation": []}

    async def ask(self, method: str, path: str, more: str = "") -> Answer:
        """One answer; of a path that begins with a slash, of the server and not of its FHIR."""
        return await self._clients[0].ask(method, self._whole(path), more=more)

    def _whole(self, path: str) -> str:
        return path if path.startswith("/") else f"{self._path}/{path}".rstrip("/")

    def _processor(self) -> float:
        """Seconds of processor the server's process has taken; 0 where it is not ours."""
        if not self._pid:
            return 0.0
        said = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, said[11:13])) / os.sysconf("SC_CLK_TCK")

    async def row(
        self,
        name: str,
        asks: Iterator[Ask],
        *,
        each: float = 1,
        told: Callable[[Answer], None] | None = None,
        whole: bool = False,
    ) -> float:
        """How much of it is done in a second, printed with its spread and its errors.

        For the seconds asked for; `whole`: to the end of what is to be asked.
        """
        took: list[float] = []
        errors: dict[int, int] = {}
        began = time.perf_counter()
        end = began + (float("inf") if whole else self._seconds)
        worked = self._processor()

        async def connection(client: Client) -> None:
            for method, path, body in asks:
                start = time.perf_counter()
                answer = await client.ask(method, self._whole(path), body)
                took.append(time.perf_counter() - start)
                if answer.status >= 400:
                    errors[answer.status] = errors.get(answer.status, 0) + 1
                elif told is not None:
                    told(answer)
                if time.perf_counter() > end:
                    return

        await asyncio.gather(*(connection(client) for client in self._clients))
        spent = time.perf_counter() - began
        worked = (self._processor() - worked) / (len(took) * each) * 1000
        took.sort()
        rate = (len(took) - sum(errors.values())) * each / spent
        p50, p99 = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
        wrong = f"errors {errors}" if errors else "no errors"
        print(
            f"  {name}: {rate:,.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms, {worked:.2f} ms of the "
            f"server's processor each ({len(took)} requests, {wrong})",
            flush=True,
        )
        return rate

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients:
            await client.close()


async def loaded(bench: Bench, work: Work) -> float:
    """Resources a second, by transactions; the ids of what was written are kept."""

    def told(answer: Answer) -> None:
        for entry in json.loads(answer.body)["entry"]:
            kind, _, rest = entry["response"]["location"].rpartition("/fhir/")[2].partition("/")
            one = rest.partition("/")[0]
            if kind in bench.made:
                bench.made[kind].append(one)

    asks = iter([("POST", "", bundle) for bundle in work.bundles])
    each = work.resources / len(work.bundles)
    name = f"resources in transactions of {each:.0f}"
    return await bench.row(name, asks, each=each, told=told, whole=True)


async def worked(bench: Bench, work: Work) -> dict[str, float]:
    """Every row but loading, by name."""
    people, made = bench.made["Patient"], bench.made["Observation"]

    def over(every: list[str], path: str) -> Iterator[Ask]:
        for n in itertools.count():
            yield "GET", path.format(every[n * 7919 % len(every)]), b""

    numbers = [f"Patient?identifier={one}" for one in work.identifiers]
    newest = f"Observation?patient={{}}&code=http://loinc.org|{work.code}&_sort=-date&_count=20"

    def creates() -> Iterator[Ask]:
        for n in itertools.count():
            said = observation(n, f"Patient/{people[n % len(people)]}")
            yield "POST", "Observation", json.dumps(said).encode()

    def puts() -> Iterator[Ask]:
        for n in itertools.count():
            hot = n % _HOT
            said = observation(n, f"Patient/{people[hot % len(people)]}")
            said["identifier"] = [{"system": "https://bench.example/hot", "value": f"{hot}"}]
            url = f"Observation?identifier=https://bench.example/hot|{hot}"
            entry = {"resource": said, "request": {"method": "PUT", "url": url}}
            whole = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
            yield "POST", "", json.dumps(whole).encode()

    return {
        "first": await bench.row(
            "read by id, records not read before",
            itertools.islice(over(people, "Patient/{}"), len(people)),
        ),
        "read": await bench.row("read by id", over(made, "Observation/{}")),
        "identifier": await bench.row("Patient by identifier", over(numbers, "{}")),
        "newest": await bench.row(
            "Observation by patient and code, newest 20", over(people, newest)
        ),
        "everything": await bench.row(
            "$everything of one person", over(people, "Patient/{}/$everything")
        ),
        "create": await bench.row("create Observation", creates()),
        "put": await bench.row(f"transaction of a conditional PUT, {_HOT} identities", puts()),
    }


async def exported(bench: Bench, held: int) -> None:
    """Resources a second of a system export, from the kick-off to the last file's end."""
    began = time.perf_counter()
    begun = await bench.ask("GET", "$export", "Prefer: respond-async\r\n")
    if begun.status != 202:
        print(f"  $export: {begun.status}")
        return
    status = urlsplit(begun.headers["content-location"]).path
    answer = await bench.ask("GET", status)
    for _ in range(12_000):
        if answer.status != 202:
            break
        await asyncio.sleep(0.05)
        answer = await bench.ask("GET", status)
    lines = 0
    for file in json.loads(answer.body)["output"]:
        lines += (await bench.ask("GET", urlsplit(file["url"]).path)).body.count(b"\n")
    spent = time.perf_counter() - began
    print(f"  $export: {lines / spent:,.0f} resources/s ({lines} of {held} in {spent:.1f} s)")


async def ours(work: Work, seconds: float) -> None:
    """This program, beside what the same machine does without it."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        async with embedded.running(Path(folder)) as url, served(url) as (base, pid):
            bench = Bench(base, seconds, {"Cookie": f"{COOKIE}={session()}"}, pid)
            bare = await bench.row(
                "baseline: a fixed answer", itertools.repeat(("GET", "/bare", b""))
            )
            before = await size_of(url)
            resources = await loaded(bench, work)
            size = (await size_of(url) - before) / work.resources
            said = sum(map(len, work.bundles)) / work.resources
            rates = await worked(bench, work)
            await exported(bench, work.resources)
            await bench.close()
            print(f"  bytes on disk a resource, openings apart: {size:,.0f} of {said:,.0f} of JSON")
            selects, commits = pgbench(url), pgbench(url, select_only=False)
            copied = await copy_rows(url)
    print(
        f"  limits: pgbench reads {selects:,.0f}/s, commits {commits:,.0f}/s; COPY {copied:,.0f}/s"
    )
    print(
        "  ratios: "
        + "; ".join(
            [
                f"{name} {rates[name] / bare:.2f} of a fixed answer"
                for name in ("read", "identifier", "newest")
            ]
            + [f"{name} {rates[name] / commits:.2f} of a commit" for name in ("create", "put")]
            + [f"transactions {resources / copied:.2f} of COPY"]
        )
    )


async def main() -> None:
    """What the command line asks for."""
    words = argparse.ArgumentParser(prog="benchmarks.fhir_server")
    words.add_argument("--bundles", type=int, default=40)
    words.add_argument("--seconds", type=float, default=5)
    words.add_argument("--synthea", type=Path)
    words.add_argument("--peer", default="")
    words.add_argument("--peer-process", type=int, default=0)
    words.add_argument("--serve", default="", help=argparse.SUPPRESS)
    words.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.serve:
        await serve(asked.serve, asked.port)
        return
    print(machine())
    work = of_synthea(asked.synthea) if asked.synthea else made_up(asked.bundles)
    print(f"{work.resources:,} resources of {len(work.bundles)} people")
    await ours(work, asked.seconds)
    if asked.peer:
        print(f"the same at {asked.peer}")
        bench = Bench(asked.peer, asked.seconds, {}, asked.peer_process)
        await loaded(bench, work)
        await worked(bench, work)
        await bench.close()


if __name__ == "__main__":
    uvloop.run(main())
