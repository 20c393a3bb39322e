"""What left the system is held against the log: one thing without its opening turns it red."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, send, site
from tests.unit.door_web import application_of, client
from tests.unit.receiver import receiving
from tests.unit.test_subscriptions import Site
from wholerecord.access import Actor
from wholerecord.access.departures import departed, noting
from wholerecord.app.gate import Gatebook
from wholerecord.app.reconciling import Reconciled, reconcile
from wholerecord.consent import Purpose, Role
from wholerecord.errors import Unavailable
from wholerecord.people.search import Search
from wholerecord.record import PersonId
from wholerecord.research.ask import ask
from wholerecord.research.gateway.prompts import Fate
from wholerecord.research.questions import questions
from wholerecord.research.refresh import refresh
from wholerecord.research.study.book import Ran, Sent, Told
from wholerecord.research.study.protect import Shown
from wholerecord.research.study.release import State

PLANNER = Actor(id="PLANNER", name="P", role=Role.PLANNER, organisation="RXA")
OFFICER = Actor(id="GOVERNANCE", name="G", role=Role.GOVERNANCE, organisation="RXA")


async def asked(way):
    [(question, _), *_] = questions()
    day = date(2026, 11, 1)
    await ask(way.door(PLANNER), way.store, question, purpose=Purpose.PLANNING, on=day)


@pytest.fixture
async def way():
    found, _ = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    return found


async def wrong(way, folder=Path("nowhere")) -> list[str]:
    return (await reconcile(way.store, folder)).wrong


async def study(way) -> int:
    sent = Sent(project="p", actor="ann", purpose=Purpose.RESEARCH, code="c", raw=b"", lists={},
                sql=False)  # fmt: skip
    n = await way.store.keep_study(sent)
    table = Shown(name="t", names=("sex",), rows=((("male",), 10),), total=10, left_out=False)
    told = Told(title="T", tables=(table,))
    ran = Ran(state=State.WAITING, snapshot="s", told=told)
    assert await way.store.settle_study(n, ran, seen=0)
    return n


async def ask_study(way, n: int, who: str = "ann") -> None:
    researcher = Actor(id=who, name=who, role=Role.RESEARCHER, organisation="RXA")
    await way.door(researcher).studied(
        Purpose.RESEARCH, f"study {n} of project p, code c", project="p", since=datetime.now(UTC)
    )


async def test_a_query_that_no_opening_says_is_found(way):
    for _ in range(2):
        await asked(way)
    found = await reconcile(way.store, Path("nowhere"))
    assert (found.left, found.wrong) == ({"query": 2}, [])
    await way.store.add_query(
        actor="PLANNER", organisation="RXA", purpose="planning", asked=b"{}", answered=b"{}"
    )
    assert await wrong(way) == ["query 3 left, and no opening says so"]


async def test_an_opening_taken_out_of_the_log_is_found(way):
    await asked(way)
    log = way.store._tables.openings
    [at] = [at for at, one in enumerate(log) if one.view == "count"]
    del log[at]
    assert await wrong(way) == ["query 1 left, and no opening says so"]


async def test_a_study_and_who_checked_it_have_their_openings(way):
    n = await study(way)
    assert await wrong(way) == [f"study {n} left, and no opening says so"]
    await ask_study(way, n, who="bob")
    assert len(await wrong(way)) == 1  # somebody else's is not its
    await ask_study(way, n)
    assert await wrong(way) == []
    assert await way.door(OFFICER).check_study(n, approve=True, why="safe") is None
    assert await wrong(way) == []
    await way.store.check_study(n, by="dave", approve=True, why="beside the door")
    assert await wrong(way) == [f"check of study {n} by dave left, and no opening says so"]


async def test_tables_that_nobody_copied_through_the_door_are_found(way, tmp_path):
    await refresh(way, tmp_path, now=datetime.now(UTC))
    assert await wrong(way, tmp_path) == []
    await refresh(way, tmp_path, now=datetime.now(UTC))
    assert await wrong(way, tmp_path) == []
    log = way.store._tables.openings
    del log[next(at for at, one in enumerate(log) if one.actor == "views")]
    found = await reconcile(way.store, tmp_path)
    assert found.left == {"snapshot": 2}
    assert len(found.wrong) == 1


async def test_what_a_subscriber_is_told_has_its_opening():
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    async with receiving() as receiver:
        here = Site(way, person, receiver)
        await here.subscribe(topic="risks")
        await send(way, bundle(patient("p1", NUMBER), condition("c2", "p1")))
        await here.settle()
    found = await reconcile(way.store, Path("nowhere"))
    assert found.left["event"] > 0
    assert found.wrong == []
    log = way.store._tables.openings
    log[:] = [one for one in log if one.part != "Subscription"]
    assert len(await wrong(way)) == found.left["event"]


async def gone_out(browser, person) -> None:
    """Everything by which a record leaves, once."""
    care = f"/people/{person}"
    for path in (
        care,
        f"{care}/timeline",
        f"{care}/print",
        *(f"{care}/{name}" for name in ("summary.pdf", "record.pdf", "record.txt", "record.csv")),
        f"{care}/messages/1",
        f"/record/fhir/Patient/{person}/$everything",
        f"/record/fhir/Condition?patient={person}&_format=xml",
        f"/fhir/Condition?patient.identifier={NUMBER}",
    ):
        answer = await browser.get(path)
        assert answer.status_code == 200, path
    for base in ("/fhir", "/record/fhir"):
        wait = {"Prefer": "respond-async"}
        begun = await browser.get(f"{base}/Patient/$export", headers=wait)
        at = httpx.URL(begun.headers["content-location"]).path
        for _ in range(3000):
            made = await browser.get(at)
            if made.status_code != 202:
                break
            await asyncio.sleep(0.01)
        for file in made.json()["output"]:
            assert (await browser.get(httpx.URL(file["url"]).path)).status_code == 200


async def left_of(app, way) -> Reconciled:
    await app.state.left.close()
    return await reconcile(way.store, Path("nowhere"))


@pytest.fixture
async def served(way):
    [(person, _)] = await way.store.find(Search.of(NUMBER).keys)
    app = application_of(way, person)
    async with client(app, "DOCTOR") as browser:
        yield app, browser, person


async def test_whatever_leaves_has_its_opening_by_every_way_out(way, served):
    app, browser, person = served
    await gone_out(browser, person)
    async with client(app, "PATIENT") as own:
        for path in ("/me", "/me/pack", "/me/who-looked", "/me/record.pdf"):
            assert (await own.get(path)).status_code == 200, path
    found = await left_of(app, way)
    assert found.wrong == []
    assert set(found.left) >= {
        *("page", "printed page", "download", "the one record", "what sources said"),
        *("$export", "export file"),
    }
    await way.store.forget_departures(until=found.until, keep=found.unbacked)
    assert await way.store.departures() == []


async def test_of_every_way_out_an_opening_that_is_missing_is_found(way, served):
    app, browser, person = served
    await gone_out(browser, person)
    before = await left_of(app, way)
    assert before.wrong == []
    log = way.store._tables.openings
    lines = await way.store.departures()
    assert all(line.openings for line in lines)
    for look in [look for look in log if look.allowed]:
        due = [line for line in lines if look.n in line.openings]
        at = log.index(look)
        del log[at]
        found = await reconcile(way.store, Path("nowhere"))
        assert found.unbacked == [line.n for line in due]
        log.insert(at, look)


async def test_a_page_that_asks_no_door_is_found(way, served):
    app, browser, person = served

    async def side_path(_):
        return PlainTextResponse(str(await way.store.statements({1: 1})))

    app.router.routes.insert(0, Route("/side", side_path))
    assert (await browser.get("/side")).status_code == 200
    found = await left_of(app, way)
    assert found.wrong == ["page 1 left, and no opening says so"]
    await browser.get(f"/people/{person}")
    found = await left_of(app, way)
    await way.store.forget_departures(until=found.until, keep=found.unbacked)
    assert [line.n for line in await way.store.departures()] == [1]  # it stays red


async def test_a_refusal_lets_nothing_out(way, served):
    app, _, person = served

    async def shows_all_the_same(_):
        await way.door(PLANNER).open(person, purpose=Purpose.PLANNING)
        return PlainTextResponse("all the same")

    app.router.routes.insert(0, Route("/side", shows_all_the_same))
    async with client(app, "PLANNER") as browser:
        await browser.get("/side")
    assert len((await left_of(app, way)).wrong) == 1


async def test_a_row_that_no_opening_says_in_an_export_is_found(way):
    [(person, _)] = await way.store.find(Search.of(NUMBER).keys)
    doctor = Actor(id="d", name="D", role=Role.DOCTOR, organisation="RXA")
    with noting() as noted:
        await way.door(doctor).open(person, purpose=Purpose.DIRECT_CARE)
    line = departed(datetime.now(UTC), "$export", noted, people=2)
    await way.store.add_departures([line])
    assert await wrong(way) == ["$export 1 left, and no opening says so"]


async def test_a_prompt_that_no_opening_says_is_found(way):
    said = {"person": PersonId("p"), "taken_out": 0, "actor": "d", "service": "s"}
    sent = said | {"sent": "words"}
    await way.store.keep_prompt(opening=7, fate=Fate.KEPT_BACK, **sent)
    assert await wrong(way) == []
    await way.store.keep_prompt(opening=7, fate=Fate.SENT, **sent)
    assert await wrong(way) == ["prompt 2 left, and no opening says so"]


async def test_what_the_store_could_not_take_is_written_later(way):
    store = Away(way.store)
    book = Gatebook(store)
    line = departed(datetime.now(UTC), "page", [])
    book.out(line)
    await asyncio.sleep(0)
    await book.close()
    assert await way.store.departures() == []
    store.away = False
    await book.close()
    assert [one.sort for one in await way.store.departures()] == ["page"]


class Away:
    """A store's book, away."""

    def __init__(self, store) -> None:
        self.store, self.away = store, True

    async def add_departures(self, left) -> None:
        if self.away:
            raise Unavailable
        await self.store.add_departures(left)
