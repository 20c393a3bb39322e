"""The first screen: from a request to the page, and to a useful page in a slowed browser.

    .venv/bin/python -m benchmarks.screen

Loads the demonstration region into an embedded PostgreSQL of its own, in a temporary folder, and
asks the real application for pages, in one process. Measured are two of the region's people and
two made up to have exactly 2,000 and 10,000 statements. Afresh means that nothing folded is
remembered (what was is let go of before the clock starts); from cache, that the record is unchanged
since it was last opened; gone on, that a message about the person was filed since. Every page is an
audited opening. The baselines are in the same run: the page of the person with the least to show,
and the bare SELECT of the statements with their bodies opened. Wall time; processor time of this
process beside it where the machine is not ours alone.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import gettempdir

import httpx
from starlette.applications import Starlette

from benchmarks.browser import loads
from benchmarks.machine import machine, spread
from benchmarks.sized import SENDERS, SIZES, later, messages
from wholerecord import worker
from wholerecord.access import Doorway
from wholerecord.app import Web, application
from wholerecord.app.garbage import collect_seldom
from wholerecord.consent import Role, standing_rules
from wholerecord.demo.region import make
from wholerecord.intake.cut import cut
from wholerecord.portal import COOKIE, Persona, Seal, Session, Site
from wholerecord.record import PersonId
from wholerecord.storage import open_store
from wholerecord.storage.postgres import Store

_ROUNDS = 40
_SEAL = Seal(b"a measurement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person whose first screen is asked for, with the organisation that cares for them."""

    person: PersonId
    statements: int
    organisation: str


async def load(store: Store) -> None:
    """The region and the people of exactly so many statements, filed and linked."""
    for rule in standing_rules():
        await store.add_rule(rule)
    region = make()
    for source in region.sources:
        await store.declare(source)
    for delivery in region.deliveries:
        await asyncio.gather(
            *(store.keep(one) for one in cut(delivery.source, delivery.name, delivery.body))
        )
    for source in SENDERS:
        await store.declare(source)
    for count, *_ in SIZES:
        for n, (source, body) in enumerate(messages(count)):
            one = cut(source, f"{count} {n}", body)
            await asyncio.gather(*(store.keep(kept) for kept in one))
    await worker.settle(store, worker.prepare_here)


async def subjects(store: Store) -> list[Subject]:
    """Who is measured: the one with the fewest statements, then the sized and the two largest."""
    controllers = {feed.source.name: feed.source.controller for feed in await store.feeds()}
    found: list[Subject] = []
    for person in await store.people():
        members = await store.members(person)
        said = await store.statements({member.patient: member.t for member in members})
        if said:
            organisation = controllers[members[0].source]
            found.append(Subject(person=person, statements=len(said), organisation=organisation))
    found.sort(key=lambda one: one.statements)
    sized = [next(one for one in found if one.statements == count) for count, *_ in SIZES]
    return [found[0], *sized, *[one for one in found if one not in sized][-2:]]


def site_for(way: Doorway, organisation: str) -> Site:
    """Pages for a doctor of the organisation."""
    doctor = Persona(
        id="bench",
        name="A measurement",
        role=Role.GP,
        organisation=organisation,
        place="",
        about="",
    )

    async def personas() -> tuple[Persona, ...]:
        return (doctor,)

    return Site(door=way.door, personas=personas, seal=_SEAL)


def app_for(store: Store, way: Doorway, subject: Subject) -> Starlette:
    """The whole application, for a doctor of the organisation that cares for the subject."""
    site = site_for(way, subject.organisation)
    return application(
        Web(
            way=way,
            site=site,
            keep=store.keep,
            pledge=store.pledge,
            admits=lambda *_: False,
            exports=Path(gettempdir()) / "wholerecord-bench-exports",
        )
    )


def session() -> str:
    """A cookie of somebody signed in."""
    return _SEAL.write(Session.begin("bench", now=datetime.now(UTC)))


def client(store: Store, way: Doorway, subject: Subject) -> httpx.AsyncClient:
    """Somebody signed in, in this process: no network."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app_for(store, way, subject)),
        base_url="http://bench",
        cookies={COOKIE: session()},
    )


async def no_more() -> None:
    """Nothing to do before the clock starts."""


async def timed(
    work: Callable[[], Awaitable[object]],
    before: Callable[[], Awaitable[object]] = no_more,
    rounds: int = _ROUNDS,
) -> tuple[list[float], list[float]]:
    """Seconds of each round, of the clock and of this process, after two that are not counted."""
    seconds: list[float] = []
    processor: list[float] = []
    for n in range(rounds + 2):
        await before()
        began, busy = time.perf_counter(), time.process_time()
        await work()
        if n >= 2:
            seconds.append(time.perf_counter() - began)
            processor.append(time.process_time() - busy)
    return seconds, processor


async def ask(browser: httpx.AsyncClient, subject: Subject) -> httpx.Response:
    """The first screen."""
    return (await browser.get(f"/people/{subject.person}")).raise_for_status()


async def measure(store: Store, subject: Subject, empty: float) -> float:
    """Prints a person's figures beside the page of almost nothing; returns seconds from cache."""
    way = Doorway(store)
    async with client(store, way, subject) as browser:

        async def forget() -> None:
            way.folds.forget()

        async def bare() -> None:
            members = await store.members(subject.person)
            await store.statements({member.patient: member.t for member in members})

        select = await timed(bare)
        afresh = await timed(lambda: ask(browser, subject), forget)
        cached = await timed(lambda: ask(browser, subject))
        page = await ask(browser, subject)
        further = None
        if subject.statements in {count for count, *_ in SIZES}:
            more = iter(later(subject.statements, 14))
            further = await timed(
                lambda: ask(browser, subject), lambda: file(store, *next(more)), 12
            )
    size = int(page.headers["content-length"])
    print(f"{subject.statements:,} statements; page of {size:,} bytes compressed")
    _say("SELECT and open bodies", select)
    _say("first screen, afresh", afresh)
    _say("first screen, from cache", cached)
    if further is not None:
        _say("first screen, gone on", further)
    in_cache = median(cached[0])
    over = f"afresh {median(afresh[0]) / median(select[0]):.1f} of SELECT"
    print(f"  {over}" + (f", from cache {in_cache / empty:.1f} of almost nothing" if empty else ""))
    return in_cache


async def file(store: Store, source: str, body: bytes) -> None:
    """A message kept, read, filed and linked."""
    await asyncio.gather(*(store.keep(one) for one in cut(source, "one more", body)))
    await worker.settle(store, worker.prepare_here)


def _say(what: str, took: tuple[list[float], list[float]]) -> None:
    print(f"  {what:<25} {spread(took[0])}")
    print(f"    of it this process      {spread(took[1])}")


async def main() -> None:
    """Measure everything on a store of its own."""
    folder = Path(tempfile.mkdtemp(prefix="wholerecord-bench-"))
    print(machine())
    try:
        async with open_store(f"embedded:{folder / 'database'}") as store:
            await load(store)
            collect_seldom()  # as the server does
            least, *others = await subjects(store)
            empty = await measure(store, least, 0)
            for subject in others:
                await measure(store, subject, empty)
            most = others[-1]
            app = app_for(store, Doorway(store), most)
            await loads(app, f"/people/{most.person}", session())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
