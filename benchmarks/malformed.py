"""Everything of a folder, whole and broken, over every channel at once, while a good source sends.

    .venv/bin/python -m benchmarks.malformed [FOLDER] [--most 550]

FOLDER is ../shared/data/hl7v2. A program of its own serves; MLLP with and without TLS, HTTPS POST,
a watched folder, a MESH mailbox (`mesh-sandbox`) and the command line each give it the folder's
files: as they are, cut in half, with bytes changed, without their beginning, twice in one, and with
other delimiters. A good source sends one admission after the other over MLLP, first alone and then
meanwhile. Printed is what each channel was told, whether everything that was acknowledged is there
byte for byte, whether the program said a traceback, and how long the good source waited. Exits with
1 where one of the first three is not as it must be.
"""

import argparse
import asyncio
import hashlib
import os
import random
import ssl
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import asyncpg
import httpx
from mesh_client import MeshClient

from benchmarks.machine import machine, spread
from tests.e2e.program import Program
from tests.e2e.serving import free, ready, until
from tests.unit.certificates import Authority
from wholerecord.intake.mllp.frames import framed
from wholerecord.record import Source
from wholerecord.storage import embedded, open_store

_HOST = "127.0.0.1"
_SOURCES = ("plain", "secret", "posted", "dropped", "mailed", "typed", "good")
_BOXES, _KEY, _WAIT = ("X26ABC1", "X26ABC2"), "TestKey", 30.0
_GOOD, _SEED = 150, 6


@dataclass(slots=True)
class Told:
    """What the channels were told: by channel and answer. `taken` are hashes of what is kept."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    taken: set[bytes] = field(default_factory=set[bytes])
    done: set[str] = field(default_factory=set[str])

    def add(self, channel: str, answer: str, body: bytes, *, kept: bool) -> None:
        """Count an answer. What is many messages is kept as many, and counted only."""
        self.answers[channel, answer] += 1
        if kept and body.count(b"MSH") < 2 and b"FHS" not in body and b"BHS" not in body:
            self.taken.add(hashlib.sha256(body).digest())


@dataclass(frozen=True, slots=True)
class Site:
    """A running program, and where its channels are."""

    folder: Path
    ports: dict[str, int]
    mesh: str
    secure: ssl.SSLContext


def broken(body: bytes, rng: random.Random) -> Iterator[bytes]:
    """The body as it is and as five kinds of fault leave it."""
    yield body
    yield body[: len(body) // 2]
    changed = bytearray(body)
    for _ in range(1 + len(body) // 50):
        changed[rng.randrange(len(body))] = rng.randrange(256)
    yield bytes(changed)
    yield body[rng.randrange(1, 30) :]
    yield body + body
    yield body.replace(b"|", rng.choice((b"", b"^", b"\\", b"||"))).replace(b"\r", b"\n")


async def over_mllp(
    channel: str, port: int, tls: ssl.SSLContext | None, bodies: Sequence[bytes], told: Told
) -> None:
    """Send each, and begin again where the connection ends without an answer."""
    at = 0
    while at < len(bodies):
        try:
            reader, writer = await asyncio.open_connection(_HOST, port, ssl=tls)
        except OSError:  # the machine is too busy for a handshake
            told.add(channel, "no connection", b"", kept=False)
            await asyncio.sleep(1)
            continue
        try:
            while at < len(bodies):
                body, at = bodies[at], at + 1
                writer.write(framed(body))
                answer = await asyncio.wait_for(reader.readuntil(b"\x1c\r"), _WAIT)
                code = code_of(answer)
                told.add(channel, code, body, kept=code in {"AA", "CA"})
        except (asyncio.IncompleteReadError, ConnectionError):
            told.add(channel, "connection ended", b"", kept=False)
        except TimeoutError:  # it asked for no answer, or its answer was eaten
            told.add(channel, "no answer", b"", kept=False)
        finally:
            writer.close()


def code_of(answer: bytes) -> str:
    """MSA-1 of an acknowledgement; where it has none, how it begins."""
    for line in answer.replace(b"\n", b"\r").split(b"\r"):
        if line.startswith(b"MSA"):
            return line[4:6].decode("ascii", "replace")
    return f"no MSA: {answer[:12]!r}"


async def posted(site: Site, bodies: Sequence[bytes], told: Told) -> None:
    """Each by HTTPS POST with a certificate, its own idempotency key, and every tenth twice."""
    async with httpx.AsyncClient(verify=site.secure, timeout=_WAIT) as client:
        for n, body in enumerate(bodies):
            for _ in range(2 if n % 10 == 0 else 1):
                answer = await client.post(
                    f"https://{_HOST}:{site.ports['posted']}/intake/posted",
                    content=body,
                    headers={"Idempotency-Key": f"key-{n}"},
                )
                taken = answer.status_code == 202
                told.add("posted", str(answer.status_code), body, kept=taken)
                if "Traceback" in answer.text:
                    told.add("posted", "TRACEBACK", b"", kept=False)


async def dropped(site: Site, bodies: Sequence[bytes], told: Told) -> None:
    """Each as a file of the watched folder, until every one is in `done` or `failed`."""
    for n, body in enumerate(bodies):
        await asyncio.to_thread((site.folder / f"in/{n}.hl7").write_bytes, body)
    async with asyncio.timeout(600):
        while any(each.is_file() for each in (site.folder / "in").iterdir()):  # noqa: ASYNC110 - another program's
            await asyncio.sleep(0.2)
    for n, body in enumerate(bodies):
        kept = (site.folder / f"in/done/{n}.hl7").exists()
        told.add("dropped", "done" if kept else "failed", body, kept=kept)


async def mailed(site: Site, bodies: Sequence[bytes], told: Told) -> None:
    """Each sent to the program's mailbox, until that is empty."""

    def send() -> None:
        with MeshClient(site.mesh, _BOXES[0], "password", shared_key=_KEY.encode()) as client:
            for body in bodies:
                client.send_message(_BOXES[1], body, workflow_id="WR")  # pyright: ignore[reportUnknownMemberType] - it says no types

    def left() -> int:
        with MeshClient(site.mesh, _BOXES[1], "password", shared_key=_KEY.encode()) as client:
            return len(client.list_messages())

    await asyncio.to_thread(send)
    async with asyncio.timeout(600):
        while await asyncio.to_thread(left):  # noqa: ASYNC110 - another program's
            await asyncio.sleep(0.5)
    for body in bodies:
        told.add("mailed", "acknowledged", body, kept=True)


async def typed(program: Program, folder: Path, bodies: Sequence[bytes], told: Told) -> None:
    """All of them in one folder, by the command line."""
    for n, body in enumerate(bodies):
        await asyncio.to_thread((folder / f"{n}.hl7").write_bytes, body)
    words = ("ingest", folder, "--source", "typed", "--controller", "RXX")
    ended = await asyncio.to_thread(lambda: program(*words, seconds=600))
    for body in bodies:
        told.add("typed", f"exit {ended.code}", body, kept=ended.code in {0, 1})


async def good(port: int, first: int, until_done: Callable[[], bool]) -> list[float]:
    """Seconds until each admission was acknowledged, one after the other."""
    took: list[float] = []
    reader, writer = await asyncio.open_connection(_HOST, port)
    n = first
    while not until_done() or n - first < _GOOD:
        n += 1
        body = (
            f"MSH|^~\\&|PAS|RXX|WR|WR|20260701||ADT^A01|G{n}|P|2.5\r"
            f"PID|1||G{n}^^^RXX^MR||EXAMPLE{n}^ADA||19700504|F\rPV1|1|I|W1\r"
        ).encode()
        begun = time.perf_counter()
        writer.write(framed(body))
        answer = await reader.readuntil(b"\x1c\r")
        took.append(time.perf_counter() - begun)
        if b"MSA|AA|G%d" % n not in answer:
            sys.exit(f"the good source was told {answer!r}")
        await asyncio.sleep(0.005)
    writer.close()
    return took


@contextmanager
def sandbox(folder: Path) -> Generator[str]:
    """The address of a MESH sandbox of its own process."""
    port = free()
    words = ["uvicorn", "mesh_sandbox.api:app", "--port", str(port), "--log-level", "critical"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-W", "ignore", "-m", *words],
        env=os.environ | {"SHARED_KEY": _KEY, "STORE_MODE": "memory", "AUTH_MODE": "full"},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://{_HOST}:{port}"
    try:
        until(lambda: healthy(address), 60)
        yield address
    finally:
        process.terminate()
        process.wait()


def healthy(address: str) -> bool:
    """Whether the sandbox answers."""
    try:
        return httpx.get(f"{address}/health", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def laid_out(folder: Path, mesh: str) -> tuple[dict[str, int], ssl.SSLContext]:
    """The file of channels and all that it names; the ports, and how a client speaks TLS."""
    authority = Authority(folder)
    authority.issue("server")
    client = authority.issue("client.example")
    ports = {name: free() for name in ("web", "good", "plain", "secret", "posted")}
    (folder / "in").mkdir()
    (folder / "typed").mkdir()
    (folder / "mesh.password").write_text("password")
    (folder / "mesh.shared").write_text(_KEY)
    for secret in ("mesh.password", "mesh.shared", "server.key"):
        (folder / secret).chmod(0o600)
    secure = 'certificate = "server.pem"\nkey = "server.key"\nclients = "ca.pem"\n'
    (folder / "channels.toml").write_text(
        f'[[mllp]]\nport = {ports["plain"]}\nsource = "plain"\n'
        f'[[mllp]]\nport = {ports["secret"]}\n{secure}sources = {{"client.example" = "secret"}}\n'
        f'[[https]]\nport = {ports["posted"]}\n{secure}sources = {{"client.example" = "posted"}}\n'
        '[[folder]]\npath = "in"\nsource = "dropped"\nevery_seconds = 0.2\n'
        f'[[mesh]]\nurl = "{mesh}"\nmailbox = "{_BOXES[1]}"\nsource = "mailed"\n'
        'password = "mesh.password"\nshared_key = "mesh.shared"\nevery_seconds = 1\n'
    )
    context = ssl.create_default_context(cafile=str(authority.file))
    context.load_cert_chain(client.certificate, client.key)
    return ports, context


async def flooded(
    program: Program, site: Site, bodies: Sequence[bytes]
) -> tuple[Told, list[list[float]]]:
    """What was told, and what the good source waited alone and meanwhile."""
    told = Told()
    alone = await good(site.ports["good"], 0, lambda: True)
    whole = [body for body in bodies if b"\x1c" not in body and b"\x0b" not in body]
    work: dict[str, Awaitable[None]] = {
        "plain": over_mllp("plain", site.ports["plain"], None, whole, told),
        "secret": over_mllp("secret", site.ports["secret"], site.secure, whole, told),
        "posted": posted(site, bodies, told),
        "dropped": dropped(site, bodies, told),
        "mailed": mailed(site, bodies, told),
        "typed": typed(program, site.folder / "typed", bodies, told),
    }

    async def finished(name: str, one: Awaitable[None]) -> None:
        await one
        told.done.add(name)

    sending = asyncio.gather(*(finished(name, one) for name, one in work.items()))
    meanwhile = await good(site.ports["good"], 100_000, sending.done)
    await sending
    return told, [alone, meanwhile]


async def kept(program: Program) -> tuple[set[bytes], int]:
    """The hashes of everything kept; how many of the good source's messages."""
    with embedded.used(program.folder) as url:
        connection = await asyncpg.connect(url)
        rows = await connection.fetch(
            "SELECT sha256, name FROM (SELECT message.sha256, source.name FROM message"
            " INNER JOIN source ON source.id = message.source) AS every"
        )
        await connection.close()
    return {row["sha256"] for row in rows}, sum(row["name"] == "good" for row in rows)


def main() -> int:
    """Run it, and say what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data/hl7v2"))
    asked.add_argument("--most", type=int, default=10_000, help="files at most")
    said = asked.parse_args()
    files = [each for each in sorted(said.folder.rglob("*")) if each.is_file()][: said.most]
    rng = random.Random(_SEED)
    bodies = [one for file in files for one in broken(file.read_bytes() or b" ", rng) if one]
    print(machine(), f"{len(files)} files, {len(bodies)} bodies a channel", sep="\n")
    with tempfile.TemporaryDirectory() as made, sandbox(Path(made)) as mesh:
        folder = Path(made)
        program = Program(folder / "store")
        ports, secure = laid_out(folder, mesh)

        async def declared() -> None:
            async with open_store(f"embedded:{program.folder}") as store:
                for name in _SOURCES:
                    await store.declare(Source(name=name, controller="RXX", title=name))

        asyncio.run(declared())
        log = folder / "serve.log"
        with log.open("wb") as written:
            serving = program.start(
                *("serve", "--port", str(ports["web"]), "--mllp-port", str(ports["good"])),
                *("--mllp-source", "good", "--channels", folder / "channels.toml"),
                stdout=written,
                stderr=written,
            )
            try:
                until(lambda: ready(ports["web"]), 60)
                site = Site(folder, ports, mesh, secure)
                told, (alone, meanwhile) = asyncio.run(flooded(program, site, bodies))
                serves = ready(ports["web"])
            finally:
                serving.terminate()
                serving.wait()
        said_wrong = "Traceback" in log.read_text("utf-8", "replace")
        if said_wrong:
            print(log.read_text("utf-8", "replace")[:4000])
        ended = program("check", seconds=300)
        there, ours = asyncio.run(kept(program))
    for (channel, answer), count in sorted(told.answers.items()):
        print(f"  {channel:8} {answer:20} {count:6}")
    lost = len(told.taken - there)
    print(f"acknowledged and not there: {lost} of {len(told.taken)}; tracebacks: {said_wrong}")
    print(f"the program serves still: {serves}; check exits with {ended.code}")
    print(f"good source, {ours} kept: alone {spread(alone)}")
    print(f"  meanwhile {spread(meanwhile)}")
    ratio = quantiles(meanwhile, n=20)[-1] / quantiles(alone, n=20)[-1]
    print(f"  p95 meanwhile to alone: {ratio:.1f}")
    every = ours == len(alone) + len(meanwhile)
    return int(bool(lost) or said_wrong or not serves or ended.code != 0 or not every)


if __name__ == "__main__":
    sys.exit(main())
