"""The summary and the printed record: `.venv/bin/python -m benchmarks.summary`.

Loads a demonstration region of 70 people into the reference store and asks the real application, in
one process, for the person with the middle number of statements and the one with the most. The
baseline in the same run is `Patient/{id}` alone: the same door, fold and opening. Then a record of
12,000 lines is made into PDF, with the memory of the process that did it.
"""

import asyncio
import resource
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import gettempdir

import httpx
from starlette.applications import Starlette

from benchmarks.machine import machine, spread
from benchmarks.screen import Subject, session, site_for
from wholerecord import __version__, worker
from wholerecord.access import Actor, Doorway, Opened
from wholerecord.app import Web, application
from wholerecord.care.sheet import Sheet, full_sheet, one_page
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.demo.region import make
from wholerecord.fhir.record.summary.document import document
from wholerecord.intake.cut import cut
from wholerecord.portal import COOKIE
from wholerecord.portal.paper.press import pdf
from wholerecord.record import canonical
from wholerecord.storage.memory import Store

_ROUNDS, _LINES = 40, 12_000


async def load(store: Store) -> None:
    """The region, filed and linked."""
    for rule in standing_rules():
        await store.add_rule(rule)
    region = make(seed=1, people=70)
    for source in region.sources:
        await store.declare(source)
    for delivery in region.deliveries:
        for one in cut(delivery.source, delivery.name, delivery.body):
            await store.keep(one)
    await worker.settle(store, worker.prepare_here)


async def subjects(store: Store) -> list[Subject]:
    """Everybody, fewest statements first."""
    controllers = {feed.source.name: feed.source.controller for feed in await store.feeds()}
    found: list[Subject] = []
    for person in await store.people():
        members = await store.members(person)
        said = await store.statements({member.patient: member.t for member in members})
        organisation = controllers[members[0].source]
        found.append(Subject(person=person, statements=len(said), organisation=organisation))
    return sorted(found, key=lambda one: one.statements)


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


async def asked(browser: httpx.AsyncClient, path: str) -> list[float]:
    """Seconds of each round of a request, after two that are not counted."""
    seconds: list[float] = []
    for n in range(_ROUNDS + 2):
        began = time.perf_counter()
        (await browser.get(path)).raise_for_status()
        if n >= 2:
            seconds.append(time.perf_counter() - began)
    return seconds


async def measure(store: Store, subject: Subject) -> Opened:
    """Prints a person's figures."""
    way = Doorway(store)
    transport = httpx.ASGITransport(app=app_for(store, way, subject))
    base = f"/record/fhir/Patient/{subject.person}"
    async with httpx.AsyncClient(
        transport=transport, base_url="http://bench", cookies={COOKIE: session()}
    ) as browser:
        bare = await asked(browser, base)
        whole = await asked(browser, f"{base}/$summary")
    doctor = Actor(id="b", name="B", role=Role.GP, organisation=subject.organisation)
    opened = await way.door(doctor).open(subject.person, purpose=Purpose.DIRECT_CARE)
    if not isinstance(opened, Opened):
        raise TypeError(opened)
    alone: list[float] = []
    for _ in range(_ROUNDS):
        began = time.process_time()  # so that what else the machine does is not measured
        made = canonical(document(opened, __version__))
        alone.append(time.process_time() - began)
    print(f"\n{subject.statements:,} statements; a summary of {len(made):,} bytes")
    print(f"  Patient alone            {spread(bare)}")
    print(f"  $summary                 {spread(whole)}  {median(whole) / median(bare):.1f} of it")
    print(f"  the document, processor  {spread(alone)}")
    return opened


async def print_it(name: str, sheet: Sheet, *, large: bool) -> None:
    """Prints how long a PDF took, its size, and the most memory any process of ours has had."""
    began = time.perf_counter()
    made = await pdf(sheet, large=large)
    took = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  {name:<24} {took:.2f} s, {len(made):,} bytes, at most {memory:.0f} MiB")


async def main() -> None:
    """Measure everything."""
    print(machine())
    store = Store()
    await load(store)
    people = await subjects(store)
    await measure(store, people[len(people) // 2])
    most = await measure(store, people[-1])
    now = datetime.now(UTC)
    full = full_sheet(most, now)
    print("\nPDF, each by a process of its own")
    await print_it("summary", one_page(most, now), large=False)
    await print_it("full record", full, large=True)
    longest = max(full.sections, key=lambda section: len(section.lines))
    times = -(-_LINES // len(longest.lines))
    many = replace(longest, lines=(longest.lines * times)[:_LINES])
    await print_it(f"{_LINES:,} lines", replace(full, sections=(many,)), large=True)


if __name__ == "__main__":
    asyncio.run(main())
