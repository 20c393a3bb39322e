"""What the log of openings costs, and how fast it is proved and read.

    .venv/bin/python -m benchmarks.audit [OPENINGS] [cost] [pages] [proof]

Runs on an embedded PostgreSQL of its own in a temporary folder, with `fsync` on. OPENINGS (one
million where it is not said) are put into the log, a hundred a person; the pages are then asked for
one of them, and the whole log is proved. Where parts are named, those alone. Seconds are those of
the clock, with the processor's own beside them where a busy machine would hide the work.
"""

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from statistics import median
from tempfile import gettempdir
from typing import Any

import asyncpg
import httpx

from benchmarks.machine import machine, spread
from benchmarks.processor import processor
from benchmarks.store import at_once
from wholerecord import worker
from wholerecord.access import Actor, Door, Doorway, Opened
from wholerecord.access.evidence import Evidence
from wholerecord.app.web import Web, application
from wholerecord.audit import Opening, Sealer, public_bytes, signing_key, verify, wrong_with
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.demo.region import make
from wholerecord.intake.cut import cut
from wholerecord.portal import COOKIE, Persona, Seal, Session, Site
from wholerecord.record import PersonId
from wholerecord.storage import embedded, open_store
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.looking import looked
from wholerecord.storage.postgres import Store
from wholerecord.storage.postgres.openings import Decided, Openings

_LOOKS, _ROUNDS, _LOOKERS, _PAGES = 2000, 12, 64, 60
_GOALS = {"cost": 1.25, "proved": 100_000, "page": 50.0}
_SECRET = b"bench"
#: The log as it would be: each person's openings are counted, and spread over the whole of it.
_FILL = """
INSERT INTO opening (
    at, rule, allowed, actor, name, role, organisation, purpose, view, part, person, reason, given,
    seen, nth
)
SELECT
    clock_timestamp(), 7, true, 'staff-' || (i % 5000), 'Dr A. Measurement', 'doctor', 'RXA',
    'direct care', 'record', '', md5((i % $2)::text),
    'direct care by an organisation that cares for the person', '',
    '{"1234567890123456789": 12, "2234567890123456789": 3}', i / $2 + 1
FROM generate_series(0, $1 - 1) AS i
"""


class Unaudited(Openings):
    """The same transaction, decided in the same way, that writes nothing down: the baseline."""

    async def _write_down(self, connection: Any, decided: Sequence[Decided]) -> list[Opening]:  # noqa: ARG002 - writes nothing
        return [looked(*each).opening(n=0, at=each[1].now) for each in decided]


async def measure_cost(store: Store, postgres: int) -> None:
    """Openings through the door, with the log and without, in turns.

    Each by a doctor of an organisation that cares for the person. Beside the clock stands what the
    processors did for it, the database's work too (its process is `postgres`): on a busy machine
    the clock says more about the others, and on a full one that is what throughput comes to.
    """
    way = Doorway(store)
    people = [(person, await _carer(way, store, person)) for person in await store.people()]
    audited = store._opens  # noqa: SLF001 - what is measured
    bare = Gatherer(Unaudited(store._database, store, store)._open, most=128, at_once=2)  # noqa: SLF001

    async def look(n: int) -> None:
        person, door = people[n % len(people)]
        assert isinstance(await door.open(person, purpose=Purpose.DIRECT_CARE), Opened)  # noqa: S101

    took: dict[str, list[tuple[float, float]]] = {"without": [], "with": []}
    await at_once((lambda n=n: look(n) for n in range(len(people))), _LOOKERS)  # folds are known
    for _ in range(_ROUNDS):
        for name, opens in (("without", bare), ("with", audited)):
            store._opens = opens  # noqa: SLF001
            worked = processor(postgres)
            clock = await at_once((lambda n=n: look(n) for n in range(_LOOKS)), _LOOKERS)
            took[name].append((clock / _LOOKS, (processor(postgres) - worked) / _LOOKS))
    store._opens = audited  # noqa: SLF001
    for name, each in took.items():
        clocks = ", ".join(f"{clock * 1e6:.0f}" for clock, _ in each)
        own = sum(work for _, work in each) / _ROUNDS * 1e6
        print(f"  {name:>7} the log: {clocks} µs an opening; {own:.0f} of the processors' time")
    pairs = [one[0] / other[0] for one, other in zip(took["with"], took["without"], strict=True)]
    best = min(took["with"])[0] / min(took["without"])[0]
    work = sum(one for _, one in took["with"]) / sum(one for _, one in took["without"])
    print(
        f"  cost of the log: {median(pairs):.2f} times (median of turns), {best:.2f} (fastest of "
        f"each), {work:.2f} (processors' time); goal {_GOALS['cost']:.2f} at most"
    )


async def _carer(way: Doorway, store: Store, person: PersonId) -> Door:
    """The door, for a doctor where the person is known."""
    [member, *_] = await store.members(person)
    doctor = Actor(id="bench", name="A Doctor", role=Role.DOCTOR, organisation=member.controller)
    return way.door(doctor)


async def measure_proof(store: Store, folder: Path, people: int, postgres: int) -> None:
    """Sealing and verifying the whole log, and one person's evidence."""
    key, published = signing_key(folder / "key"), folder / "seals.log"
    began = time.perf_counter()
    seal = await Sealer(store, key, published).seal()
    took = time.perf_counter() - began
    size = seal.size if seal else 0
    print(f"  sealed from the start: {size:,} in {took:.1f} s = {size / took:,.0f}/s")
    began, worked, all_of_it = time.perf_counter(), time.process_time(), processor(postgres)
    found = await verify(store, key.public_key(), published)
    took, worked = time.perf_counter() - began, time.process_time() - worked
    theirs = processor(postgres) - all_of_it - worked
    print(
        f"  verified: {found.openings:,} in {took:.1f} s = {found.openings / took:,.0f}/s "
        f"({found.openings / worked:,.0f} a second of this program's processor, "
        f"{found.openings / theirs:,.0f} of the database's, at the same time), goal "
        f"{_GOALS['proved']:,}; broken: {found.broken or 'nothing'}"
    )
    way = Doorway(store, sealed_by=public_bytes(key))
    person = someone(people)
    me = way.door(Actor(id="me", name="Me", role=Role.PATIENT, organisation="", person=person))
    for what in ("first, the tree not known", "again"):
        began = time.perf_counter()
        given = await me.evidence(person, purpose=Purpose.OWN_RECORD)
        took = time.perf_counter() - began
        assert isinstance(given, Evidence)  # noqa: S101
        print(f"  evidence of {len(given.openings)} openings, {what}: {took * 1000:,.0f} ms")
    began = time.perf_counter()
    wrong = wrong_with(json.loads(json.dumps(given.as_json())), published.read_text().splitlines())
    took = time.perf_counter() - began
    print(f"  proved by the script in {took * 1000:,.0f} ms; wrong: {wrong or 'nothing'}")


async def measure_pages(store: Store, people: int, postgres: int) -> None:
    """The pages of who looked, from request to last byte, and what they take of the processors."""
    person = someone(people)
    mine = Persona(
        id="me", name="Me", role=Role.PATIENT, organisation="", place="", about="", person=person
    )

    async def personas() -> tuple[Persona, ...]:
        return (mine,)

    way = Doorway(store)
    site = Site(door=way.door, personas=personas, seal=Seal(_SECRET))
    app = application(
        Web(
            way=way,
            site=site,
            keep=store.keep,
            pledge=store.pledge,
            admits=lambda *_: False,
            exports=Path(gettempdir()) / "wholerecord-bench-exports",
        )
    )
    cookie = Seal(_SECRET).write(Session.begin("me", now=datetime.now(UTC)))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://bench.example",
        cookies={COOKIE: cookie},
    ) as browser:
        for path in ("/me/who-looked", "/me/told", "/notices"):
            seconds: list[float] = []
            worked = processor(postgres)
            for _ in range(_PAGES):
                began = time.perf_counter()
                answer = await browser.get(path)
                seconds.append(time.perf_counter() - began)
                assert answer.status_code == 200, path  # noqa: S101
            own = (processor(postgres) - worked) / _PAGES * 1000
            goal = f"goal {_GOALS['page']:.0f} ms"
            print(f"  GET {path}: {spread(seconds)}; {own:.0f} ms of the processors, {goal}")


def someone(people: int) -> PersonId:
    """One of those the log was filled with."""
    return PersonId(md5(str(people // 2).encode()).hexdigest())  # noqa: S324 - a name, no secret


async def main(openings: int, parts: frozenset[str]) -> None:
    """Measure these parts on a store of its own."""
    folder = Path(tempfile.mkdtemp(prefix="wholerecord-bench-"))
    people = max(openings // 100, 1)
    print(machine())
    try:
        async with (
            embedded.running(folder / "database") as url,
            open_store(f"embedded:{folder / 'database'}") as store,
        ):
            for rule in standing_rules():
                await store.add_rule(rule)
            pid = folder / "database" / "postgresql" / "postmaster.pid"
            postgres = int(pid.read_text().split()[0])
            if "cost" in parts:
                await take_in_a_region(store)
                print("cost: openings through the door, with the log and without")
                await measure_cost(store, postgres)
            began = time.perf_counter()
            connection = await asyncpg.connect(url)
            await connection.execute(_FILL, openings, people, timeout=3600)
            await connection.execute("ANALYZE opening")
            await connection.close()
            took = time.perf_counter() - began
            print(f"{openings:,} openings of {people:,} people put in, {took:.0f} s")
            if "pages" in parts:
                print("pages: who looked")
                await measure_pages(store, people, postgres)
            if "proof" in parts:
                print("proof: the whole log, and one person's list")
                await measure_proof(store, folder, people, postgres)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def take_in_a_region(store: Store) -> None:
    """Whom the openings are of whose cost is measured."""
    region = make()
    for source in region.sources:
        await store.declare(source)
    for delivery in region.deliveries:
        await asyncio.gather(
            *(store.keep(one) for one in cut(delivery.source, delivery.name, delivery.body))
        )
    await worker.settle(store, worker.prepare_here)


if __name__ == "__main__":
    _NUMBERS = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    _PARTS = frozenset(sys.argv[1:]) & {"cost", "pages", "proof"}
    asyncio.run(
        main(
            _NUMBERS[0] if _NUMBERS else 1_000_000,
            _PARTS or frozenset({"cost", "pages", "proof"}),
        )
    )
