"""What a message takes of the processors, by part: kept, read, filed and linked.

    .venv/bin/python -m benchmarks.intake [MESSAGES]

Messages (half admissions of 5 statements, half reports of twelve values) and FHIR R4 Bundles of a
hundred resources, by one process and one embedded PostgreSQL with `fsync` on. Seconds of processor
and not of the clock, so that others on the machine change little: one second of processor in a
thousand messages is a thousand a second of one core. The limit is COPY of the same statements'
rows, and `hl7lw` that only parses.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from hl7lw import Hl7Parser

from benchmarks.limits import copy_rows
from benchmarks.machine import machine
from benchmarks.processor import processor
from benchmarks.sustained import keep_all
from benchmarks.sustained_messages import bundle, message
from wholerecord import worker
from wholerecord.app.garbage import collect_seldom
from wholerecord.intake import Filing, Kept, filing
from wholerecord.intake.prepare import prepare
from wholerecord.intake.recognise import read
from wholerecord.record import MessageId, Source
from wholerecord.storage import embedded, open_store

_MESSAGES, _IN_BUNDLE, _ROUNDS = 8_000, 100, 3
_RECEIVED = datetime(2026, 7, 1, 12, tzinfo=UTC)


def kept(bodies: Iterable[bytes]) -> list[Kept]:
    """Messages as a reader gets them."""
    return [
        Kept(message=MessageId(n), source="pas", name="mllp", body=body, received=_RECEIVED)
        for n, body in enumerate(bodies, start=1)
    ]


def took(work: Callable[[], object]) -> float:
    """Seconds of processor of the quickest of some rounds: only others make one slower."""
    rounds: list[float] = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        work()
        rounds.append(time.process_time() - began)
    return min(rounds)


def reading(name: str, batch: Sequence[Kept]) -> None:
    """How many messages a core reads into statements, alone and made ready to file."""
    said = sum(len(one.sayings) for each in prepare(batch) for one in each.patients)
    alone = took(lambda: [read(each) for each in batch])
    ready = took(lambda: [filing(each, read(each)) for each in batch])
    n = len(batch)
    print(
        f"| {name} | {alone / n * 1e6:,.0f} | {n / alone:,.0f} | {said / alone:,.0f} "
        f"| {ready / n * 1e6:,.0f} | {n / ready:,.0f} |"
    )


def readings(messages: int) -> None:
    """The table of reading, of messages that are all different, and of a parser alone."""
    print("| read | µs | messages/s of a core | statements/s | ready to file, µs | messages/s |")
    print("|---|---:|---:|---:|---:|---:|")
    bodies = [message(n) for n in range(messages)]
    reading("ADT^A01", kept(bodies[::2]))
    reading("ORU^R01, 12 values", kept(bodies[1::2]))
    reading("half and half", kept(bodies))
    reading(f"R4 Bundle of {_IN_BUNDLE}", kept(bundle(n) for n in range(messages // _IN_BUNDLE)))
    parser = Hl7Parser()
    parsed = took(
        lambda: [parser.parse_message(message=each, encoding="ascii") for each in bodies[::2]]
    )
    print(f"\nlimit: hl7lw parses such an ADT^A01 in {parsed / len(bodies[::2]) * 1e6:,.0f} µs\n")


@dataclass(slots=True)
class Spent:
    """Seconds of processor, of this program and of the database server, so far."""

    ours: float
    theirs: float

    @classmethod
    def now(cls, postgres: int) -> "Spent":
        """What was spent until now."""
        ours = time.process_time()
        return cls(ours, processor(postgres) - ours)

    def since(self, before: "Spent", done: worker.Settled) -> str:
        """What was spent since, for each message and statement."""
        ours, theirs = self.ours - before.ours, self.theirs - before.theirs
        each, one = done.messages / 1000, max(done.statements, 1) / 1000
        return f"{ours / each:.3f} | {theirs / each:.3f} | {(ours + theirs) / one:.4f}"


async def filed(url: str, postgres: int, source: str, bodies: Sequence[bytes]) -> None:
    """Keep, file and link them, here and now; what each part took."""
    within = 0.0

    async def prepare_timed(batch: Sequence[Kept]) -> Sequence[Filing]:
        nonlocal within
        began = time.process_time()
        said = prepare(batch)
        within += time.process_time() - began
        return said

    async with open_store(url) as store:
        at = [Spent.now(postgres)]
        await keep_all(store, source, bodies)
        at.append(Spent.now(postgres))
        done = worker.Settled()
        while some := await store.file_waiting(prepare_timed):
            done.add(some)
        at.append(Spent.now(postgres))
        await worker.settle(store, prepare_timed)
        at.append(Spent.now(postgres))
    for n, part in enumerate(("kept", "read and filed", "linked")):
        print(f"| {source}, {part} | {at[n + 1].since(at[n], done)} |")
    all_ = (at[3].ours + at[3].theirs - at[0].ours - at[0].theirs) / done.messages
    statements = done.statements / done.messages / all_
    print(
        f"| {source}, of which reading | {within / done.messages * 1000:.3f} | | |\n"
        f"| {source}, all: {1 / all_:,.0f} messages/s and {statements:,.0f} statements/s of"
        " one core | | | |"
    )


async def main(messages: int) -> None:
    """Measure on a database of its own."""
    print(machine())
    collect_seldom()
    readings(messages)
    with tempfile.TemporaryDirectory(prefix="wholerecord-bench-") as folder:
        async with embedded.running(Path(folder)) as url:
            print(f"limit: COPY of 300-byte rows {await copy_rows(url, 200_000):,.0f}/s\n")
            postgres = int((Path(folder) / "postgresql/postmaster.pid").read_text().split()[0])
            async with open_store(url) as store:
                for name in ("pas", "gp"):
                    await store.declare(Source(name=name, controller="BENCH", title=name))
            print("| ms of processor a message | ours | PostgreSQL | ms a statement, both |")
            print("|---|---:|---:|---:|")
            hl7 = [message(n) for n in range(messages * 2)]
            await filed(url, postgres, "pas", hl7[:messages])  # everybody is new: not printed alone
            await filed(url, postgres, "pas", hl7[messages:])
            r4 = [bundle(n) for n in range(messages // _IN_BUNDLE)]
            await filed(url, postgres, "gp", r4)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else _MESSAGES))
