"""The last look-up of national opt-outs, and what is counted by it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conformance.given import DOCTOR, NUMBERS, keep, person, settled, sources
from wholerecord.access import Actor, Doorway, Refused, Store
from wholerecord.access.studying import LookUpOver, left_out
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.consent.lookup import LookUp
from wholerecord.consent.outs import OptOut

OPERATOR = Actor(id="operator:ann", name="Ann", role=Role.SYSTEM, organisation="")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def test_one_look_up_takes_the_place_of_another(store: Store) -> None:
    assert await store.look_up() is None
    now = datetime.now(UTC).replace(microsecond=0)
    first, second = (
        LookUp(at=now, until=now + timedelta(days=7), people=frozenset(people))
        for people in ({"a", "b"}, set[str]())
    )
    await store.hold_look_up(first)
    assert await store.look_up() == first
    await store.hold_look_up(second)
    assert await store.look_up() == second


async def test_whom_the_national_service_leaves_out_is_in_no_count(store: Store) -> None:
    for rule in standing_rules():
        await store.add_rule(rule)
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await keep(store, "gp", ["2", "Other", NUMBERS[1], 1])
    await settled(store)
    mine = await person(store, "gp", "1")
    door = Doorway(store).door(OPERATOR)
    asked = await door.ask_opt_outs(why="weekly")
    assert not isinstance(asked, Refused)
    answered = b"".join(line for line in asked.splitlines(True) if NUMBERS[0].encode() not in line)
    taken = await door.take_opt_outs(asked, answered, why="weekly")
    assert not isinstance(taken, Refused)
    assert taken.people == {mine}
    for purpose in (Purpose.RESEARCH, Purpose.PLANNING):
        out = await left_out(store, purpose, since=LONG_AGO)
        assert out.by == {OptOut.NATIONAL: frozenset({mine})}
    parts = [look.part for look in await store.openings()]
    assert parts == ["opt-outs asked", "opt-outs taken in"]


async def test_nothing_is_counted_by_a_look_up_that_is_over(store: Store) -> None:
    await store.hold_look_up(LookUp(at=LONG_AGO, until=LONG_AGO, people=frozenset()))
    with pytest.raises(LookUpOver):
        await left_out(store, Purpose.RESEARCH, since=LONG_AGO)


async def test_nobody_else_asks_for_everybodys_numbers(store: Store) -> None:
    for rule in standing_rules():
        await store.add_rule(rule)
    door = Doorway(store).door(DOCTOR)
    assert isinstance(await door.ask_opt_outs(why="curious"), Refused)
