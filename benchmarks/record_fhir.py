"""The one record over FHIR, of a person with 2,000 statements: `python -m benchmarks.record_fhir`.

The real application over the reference store, in one process, with no socket between; processor
time. *Afresh* is the first time that anybody asks after a start, the fold itself apart (their
Patient is read before); *again* with nothing said since; *gone on* with a message of one new result
filed before each. The baseline in the same run is `Patient/{id}`: the same door, fold and opening.
"""

import asyncio
import itertools
import time
from collections.abc import Iterator
from statistics import median

import httpx

from benchmarks.machine import machine, spread
from benchmarks.screen import Subject, app_for, session
from benchmarks.sized import SENDERS, SIZES, later, messages
from wholerecord import worker
from wholerecord.access import Doorway
from wholerecord.app.garbage import collect_seldom
from wholerecord.consent import standing_rules
from wholerecord.intake.cut import cut
from wholerecord.portal import COOKIE
from wholerecord.storage.memory import Store

_ROUNDS, _SIZE = 12, SIZES[0][0]
_ASKED = (
    "Observation?patient={}",
    "Observation?patient={}&_sort=-date&_count=20",
    "Observation?patient={}&code:text=potassium&_count=20",
    "Provenance?patient={}&_count=20",
    "Patient/{}/$everything",
    "Patient/{}/$summary",
)


async def loaded() -> tuple[Store, Subject]:
    """A store with that person in it."""
    store = Store()
    for rule in standing_rules():
        await store.add_rule(rule)
    for source in SENDERS:
        await store.declare(source)
    for n, (source, body) in enumerate(messages(_SIZE)):
        for one in cut(source, f"{n}", body):
            await store.keep(one)
    await worker.settle(store, worker.prepare_here)
    [person] = await store.people()
    organisation = SENDERS[0].controller
    return store, Subject(person=person, statements=_SIZE, organisation=organisation)


def browser_of(store: Store, subject: Subject) -> httpx.AsyncClient:
    """The application as it is just after a start."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app_for(store, Doorway(store), subject)),  # type: ignore[arg-type] - asks of it what any store has
        base_url="http://bench/record/fhir/",
        cookies={COOKIE: session()},
    )


async def asked(browser: httpx.AsyncClient, path: str) -> tuple[float, int]:
    """Seconds of processor, and bytes of the answer."""
    began = time.process_time()
    answer = (await browser.get(path)).raise_for_status()
    return time.process_time() - began, len(answer.content)


async def file(store: Store, source: str, body: bytes) -> None:
    """A message kept, read, filed and linked."""
    for one in cut(source, "one more", body):
        await store.keep(one)
    await worker.settle(store, worker.prepare_here)


async def measure(
    store: Store, subject: Subject, path: str, more: Iterator[tuple[str, bytes]], base: float
) -> None:
    """Prints what asking for a path takes."""
    alone = f"Patient/{subject.person}"
    afresh, again, gone_on = list[float](), list[float](), list[float]()
    size = 0
    for _ in range(3):
        async with browser_of(store, subject) as browser:
            await asked(browser, alone)
            took, size = await asked(browser, path)
            afresh.append(took)
            again += [(await asked(browser, path))[0] for _ in range(_ROUNDS)]
    async with browser_of(store, subject) as browser:
        await asked(browser, path)
        for source, body in itertools.islice(more, 4):
            await file(store, source, body)
            await asked(browser, alone)
            gone_on.append((await asked(browser, path))[0])
    print(f"{path.replace(subject.person, '…')}: {size:,} bytes")
    print(f"  afresh   {spread(afresh)}")
    print(f"  again    {spread(again)}, {median(again) / base:.1f} of the baseline")
    print(f"  gone on  {spread(gone_on)}", flush=True)


async def main() -> None:
    """Prints each figure, and its ratio to the baseline."""
    print(machine())
    store, subject = await loaded()
    collect_seldom()
    alone = f"Patient/{subject.person}"
    async with browser_of(store, subject) as browser:
        await asked(browser, alone)
        base = [(await asked(browser, alone))[0] for _ in range(_ROUNDS)]
    print(f"baseline, the Patient      {spread(base)}")
    more = iter(later(_SIZE, 4 * len(_ASKED)))
    for path in _ASKED:
        await measure(store, subject, path.format(subject.person), more, median(base))


if __name__ == "__main__":
    asyncio.run(main())
