"""What left the system is held against the log: one thing without its opening turns it red."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, send, site
from tests.unit.receiver import receiving
from tests.unit.test_subscriptions import Site
from wholerecord.access import Actor
from wholerecord.app.reconciling import reconcile
from wholerecord.consent import Purpose, Role
from wholerecord.research.ask import ask
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
