"""How soon a choice about who sees a record holds, and whether the time of an answer tells of it.

    .venv/bin/python -m benchmarks.consent [effect] [worlds]

Runs on an embedded PostgreSQL of its own in a temporary folder, with `fsync` on.

*effect*: two programs have the same database open, each with its own memory of rules and folds. The
person hides one line by the one; a practitioner asks the other for it, by every way that shows a
record, as soon as the choice is committed, and again until it is gone. Then the choice is taken
back, and it has to be there again. Seconds are those of the clock, from the commit to the last
byte of the first answer that is as it should be.

*worlds*: two people are the same but for one line: of the one it is hidden, of the other it was
never said. A practitioner asks for both in turns, and what the processor took is compared: by the
chance that the one of a pair that took longer is the one with something hidden (0.5: a guess), with
the p value of Mann and Whitney. Remembered: folds are. Afresh: they are forgotten before each.
"""

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from scipy.stats import mannwhitneyu

from benchmarks.machine import machine, spread
from benchmarks.screen import Subject, client
from wholerecord import worker
from wholerecord.access import Doorway
from wholerecord.consent import standing_rules
from wholerecord.consent.wish import Act, What, Wish, rules_of
from wholerecord.intake import Arrival
from wholerecord.people.search import Search
from wholerecord.record import LogicalId, PatientKey, PersonId, Source
from wholerecord.storage import embedded, open_store
from wholerecord.storage.postgres import Store

_ROUNDS, _PAIRS, _ENTRIES = 10, 100, 120
#: Of those ways the ones that are timed: a page, and each kind of question.
_TIMED = (0, 4, 5, 7, 9)
_NUMBERS = ("9990000018", "9990000026")
_WORD, _LIMIT, _GOAL = "Markzz", 30.0, 5.0
_ORGANISATION = "RXA"


def _bundle(who: str, number: str, *, secret: bool) -> bytes:
    """Somebody with conditions and results of a life, and with one line more where `secret`."""
    about = {"reference": f"Patient/{who}"}
    born = datetime(2015, 1, 1, tzinfo=UTC)
    every: list[dict[str, Any]] = [
        {
            "resourceType": "Patient",
            "id": who,
            "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}],
            "name": [{"family": f"EXAMPLE{number[-3:]}", "given": ["Ada"]}],
            "birthDate": f"19{number[-2:]}-05-04",
        }
    ]
    for n in range(_ENTRIES):
        day = f"{born + timedelta(days=17 * n):%Y-%m-%d}"
        said = {"resourceType": "Condition", "subject": about, "code": {"text": f"Finding {n}"}}
        every.append(said | {"id": f"c{n}", "onsetDateTime": day})
    if secret:
        said = {"resourceType": "Condition", "subject": about, "code": {"text": _WORD}}
        every.append(said | {"id": "hidden", "onsetDateTime": "2018-03-03"})
    entries = [{"resource": one} for one in every]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def _hidden(who: str) -> str:
    return f"{PatientKey('pas', who).id}/Condition/hidden"


def _paths(person: PersonId, who: str) -> tuple[str, ...]:
    """Every way that shows the line, or the page of it."""
    logical = LogicalId.of(PatientKey("pas", who).id, "hidden").text
    return (
        f"/people/{person}",
        f"/people/{person}/timeline",
        f"/people/{person}/print",
        f"/people/{person}/record.txt",
        f"/record/fhir/Condition?patient={person}&_count=500",
        f"/record/fhir/Patient/{person}/$everything",
        f"/record/fhir/Patient/{person}/$summary",
        f"/fhir/Condition/{logical}",
        f"/fhir/Condition/{logical}/_history",
        f"/fhir/Condition?patient={LogicalId.of(PatientKey('pas', who).id, who).text}&_count=500",
    )


async def _filed(store: Store) -> dict[str, PersonId]:
    """Two people of one source, by their own ids."""
    for rule in standing_rules():
        await store.add_rule(rule)
    await store.declare(Source(name="pas", controller=_ORGANISATION, title="PAS"))
    found: dict[str, PersonId] = {}
    for who, number in zip(("hides", "never"), _NUMBERS, strict=True):
        body = _bundle(who, number, secret=who == "hides")
        await store.keep(Arrival(source="pas", body=body, name=who))
        await worker.settle(store, worker.prepare_here)
        [(found[who], _)] = await store.find(Search.of(number).keys)
    return found


def _asker(store: Store, way: Doorway, person: PersonId) -> httpx.AsyncClient:
    subject = Subject(person=person, statements=0, organisation=_ORGANISATION)
    return client(store, way, subject)


async def _until(browser: httpx.AsyncClient, path: str, *, shown: bool) -> tuple[float, int]:
    """Seconds until an answer shows the line, or not, and how many were asked for."""
    began = time.perf_counter()
    for asked in range(1, 10_000):
        answer = await browser.get(path)
        if (_WORD in answer.text) is shown:
            return time.perf_counter() - began, asked
        if time.perf_counter() - began > _LIMIT:
            break
    return time.perf_counter() - began, 0


async def measure_effect(here: Store, there: Store, person: PersonId) -> None:
    """From a choice kept by the one program to the answers of the other."""
    way = Doorway(there)
    rules = rules_of(Wish(act=Act.HIDE, what=What.ITEM, which=(_hidden("hides"),)), person)
    worst, late = 0.0, 0
    async with _asker(there, way, person) as browser:
        shows = [
            path for path in _paths(person, "hides") if _WORD in (await browser.get(path)).text
        ]
        for path in shows:
            took: list[float] = []
            for _ in range(_ROUNDS):
                kept = await here.prefer(person, rules, by="the person", words="hide")
                seconds, asked = await _until(browser, path, shown=False)
                took.append(seconds)
                late += asked != 1
                await here.end_preference(person, kept.n, by="the person")
                seconds, asked = await _until(browser, path, shown=True)
                took.append(seconds)
                late += asked != 1
            worst = max(worst, *took)
            print(f"  {path.partition('?')[0].replace(person, '{person}')}: {spread(took)}")
    print(
        f"  slowest of {len(shows)} ways: {worst:.3f} s, goal {_GOAL:.0f} s; answers that were "
        f"still as before: {late}"
    )


async def measure_worlds(store: Store, people: dict[str, PersonId]) -> None:
    """What the processor takes for somebody with something hidden, and for somebody without."""
    hides = people["hides"]
    rules = rules_of(
        Wish(act=Act.HIDE, what=What.ITEM, which=(_hidden("hides"),), emergency=True), hides
    )
    await store.prefer(hides, rules, by="the person", words="hide")
    way = Doorway(store)
    for name, prepare in (("remembered", lambda: None), ("afresh", way.folds.forget)):
        print(f"  {name}")
        for at in _TIMED:
            await _compare(store, way, people, at, prepare)


async def _compare(
    store: Store, way: Doorway, people: dict[str, PersonId], at: int, prepare: Callable[[], None]
) -> None:
    took: dict[str, list[float]] = {who: [] for who in people}
    async with _asker(store, way, people["hides"]) as browser:
        for n in range(_PAIRS + 5):
            for who in sorted(people, reverse=bool(n % 2)):
                prepare()
                began = time.process_time()
                await browser.get(_paths(people[who], who)[at])
                if n >= 5:
                    took[who].append(time.process_time() - began)
    found: Any = mannwhitneyu(took["hides"], took["never"])
    chance = found.statistic / _PAIRS**2
    path = _paths(PersonId("{person}"), "hides")[at].partition("?")[0]
    medians = " and ".join(f"{sorted(took[who])[_PAIRS // 2] * 1000:.2f}" for who in took)
    print(f"    {path[:60]}: {medians} ms; told apart {chance:.2f}, p {found.pvalue:.3f}")


async def main(parts: frozenset[str]) -> None:
    """Measure these parts on a store of its own."""
    folder = Path(tempfile.mkdtemp(prefix="wholerecord-bench-"))
    print(machine())
    try:
        async with (
            embedded.running(folder / "database") as url,
            open_store(f"embedded:{folder / 'database'}") as here,
            open_store(url) as there,
        ):
            people = await _filed(here)
            if "effect" in parts:
                print("effect: a choice kept by one program, asked of another")
                await measure_effect(here, there, people["hides"])
            if "worlds" in parts:
                print("worlds: processor time of an answer, hidden and never said")
                await measure_worlds(there, people)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(
        main(frozenset(sys.argv[1:]) & {"effect", "worlds"} or frozenset({"effect", "worlds"}))
    )
