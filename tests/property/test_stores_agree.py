"""Whatever is done to them, PostgreSQL and the plain reference tell the same."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.given import NUMBERS, decide, keep, patient, prepare, sources
from tests.conftest import empty
from wholerecord.access import Store
from wholerecord.errors import WholerecordError
from wholerecord.fold import About, Verdict
from wholerecord.record import PatientId
from wholerecord.storage import memory, open_store

SOURCES = ("gp", "hospital")
PATIENTS = [(source, number) for source in SOURCES for number in "123"]
_BY_ID = {patient(*each): each for each in PATIENTS}

#: Two families and two numbers among six patients: most of what can go wrong between them does.
_line = st.one_of(
    st.tuples(
        st.sampled_from("123"),
        st.sampled_from(["", "Example", "Other"]),
        st.sampled_from(["", *NUMBERS[:2]]),
        st.integers(0, 2),
    ),
    st.tuples(
        st.sampled_from(["merge", "unmerge"]), st.sampled_from("123"), st.sampled_from("123")
    ),
    st.just(("fault",)),
)
_who = st.sampled_from(PATIENTS)
_step = st.one_of(
    st.tuples(st.just("keep"), st.sampled_from(SOURCES), st.lists(_line, max_size=3)),
    st.tuples(st.just("settle")),
    st.tuples(st.just("join"), _who, _who),
    st.tuples(st.just("unlink"), _who),
    st.tuples(st.just("veto"), _who, _who),
    st.tuples(st.just("rule"), _who, _who),
    st.tuples(st.just("withdraw"), st.integers(1, 3)),
    st.tuples(st.just("release"), st.integers(1, 3)),
)


async def _keep(store: Store, source: str, lines: list[tuple[Any, ...]]) -> None:
    await keep(store, source, *lines)


async def _settle(store: Store) -> None:
    while await store.file_waiting(prepare, limit=100):
        pass
    while await store.link_waiting(decide, limit=100):
        pass


async def _join(store: Store, who: tuple[str, str], other: tuple[str, str]) -> None:
    person = await store.person_of(patient(*other))
    if person is not None:
        await store.join(patient(*who), person, by="dr", why="join")


async def _veto(store: Store, who: tuple[str, str], other: tuple[str, str]) -> None:
    person = await store.person_of(patient(*other))
    if person is not None:
        await store.veto(patient(*who), person, by="dr", why="veto")


async def _unlink(store: Store, who: tuple[str, str]) -> None:
    await store.unlink(patient(*who), by="dr", why="unlink")


async def _rule(store: Store, *whose: tuple[str, str]) -> None:
    about = [About(patient(*each), "Condition", "1") for each in whose]
    await store.rule(Verdict.SAME, about, by="dr", why="rule")


async def _withdraw(store: Store, n: int) -> None:
    await store.withdraw(n, by="dr")


async def _release(store: Store, n: int) -> None:
    await store.release(n, by="dr", why="done")


_STEPS: dict[str, Callable[..., Awaitable[None]]] = {
    "keep": _keep,
    "settle": _settle,
    "join": _join,
    "veto": _veto,
    "unlink": _unlink,
    "rule": _rule,
    "withdraw": _withdraw,
    "release": _release,
}


async def take(store: Store, step: tuple[Any, ...]) -> str:
    """Do one thing; the kind of error it ended with, or nothing."""
    try:
        await _STEPS[step[0]](store, *step[1:])
    except WholerecordError as error:
        return type(error).__name__
    return ""


async def told(store: Store) -> dict[str, Any]:
    """All that a store tells, with persons named by their patients and without times."""
    people = {
        person: tuple(sorted((m.source, m.number) for m in await store.members(person)))
        for person in await store.people()
    }
    statements = await store.statements(dict.fromkeys(sorted(_BY_ID), 1000))
    parked = await store.parked(open_only=False)
    # The same message again may use up a number: which one, no contract says.
    order = sorted({each.message for each in (*statements, *parked)})
    return {
        "people": sorted(people.values()),
        "members": sorted(
            [
                (m.source, m.number, m.t, repr(m.demographics.names), m.demographics.nhs_number)
                for person in people
                for m in await store.members(person)
            ],
            key=repr,
        ),
        "reviews": sorted(
            [
                (_BY_ID[r.patient], people[r.person], people[r.patient_person], r.weight)
                for r in await store.reviews()
            ]
        ),
        "events": sorted(
            {
                (e.n, e.act.value, _BY_ID[e.patient], e.by, e.why, e.weight, e.was is None)
                for person in people
                for e in await store.events(person)
            }
        ),
        "statements": [
            (s.patient, s.t, s.n, s.source, s.kind, order.index(s.message), s.place)
            for s in statements
        ],
        "rulings": [(r.n, r.about, r.by, r.why) for r in await store.rulings([*_BY_ID])],
        "parked": [
            (p.n, order.index(p.message), p.source, p.place, p.says, p.owner, p.released_by)
            for p in parked
        ],
        "feeds": [(f.source.name, f.messages, f.waiting, f.parked) for f in await store.feeds()],
        "counts": await store.received(),
        "nobody": await store.person_of(PatientId(0)),
    }


async def life(store: Store, steps: list[tuple[Any, ...]]) -> tuple[list[str], dict[str, Any]]:
    """What each step ended with, and what is told at the end."""
    await sources(store, *SOURCES)
    ended = [await take(store, step) for step in steps]
    await take(store, ("settle",))
    return ended, await told(store)


@pytest.mark.postgres
@settings(
    max_examples=300 if os.environ.get("WHOLERECORD_SOAK") else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(_step, max_size=12))
def test_every_store_tells_the_same(database_url: str, steps: list[tuple[Any, ...]]) -> None:
    async def in_postgres() -> Any:
        await empty(database_url)
        async with open_store(database_url) as store:
            return await life(store, steps)

    assert asyncio.run(in_postgres()) == asyncio.run(life(memory.Store(), steps))
