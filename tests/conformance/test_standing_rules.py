"""Rules that a newer version would add, and how they come into force."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from tests.conformance.given import DOCTOR
from wholerecord.access import Actor, Ask, Doorway, Refused, Store
from wholerecord.access.decide import decide
from wholerecord.consent import Purpose, Role, Rule, View, standing_rules
from wholerecord.consent.standing import missing_from
from wholerecord.record import PersonId
from wholerecord.storage import open_store

OPERATOR = Actor(id="operator:ann", name="Ann", role=Role.SYSTEM, organisation="")


async def test_what_a_store_lacks_is_named_and_nothing_is_widened_by_itself(store: Store) -> None:
    rules = standing_rules()
    for rule in rules[2:]:
        await store.add_rule(rule)
    in_force = await store.rules()
    assert missing_from(in_force) == rules[:2]
    assert {replace(rule, n=0, since=None) for rule in in_force} == set(rules[2:])


async def test_what_is_adopted_is_in_force_and_written_down(store: Store) -> None:
    rules = standing_rules()
    for rule in rules[2:]:
        await store.add_rule(rule)
    way = Doorway(store)
    done = await way.door(OPERATOR).adopt(rules[:2], why="agreed on 3 March")
    assert not isinstance(done, Refused)
    assert missing_from(await store.rules()) == ()
    [opening] = await store.openings()
    assert (opening.view, opening.part) == ("rules", "adopt 2 rules")
    assert (opening.actor, opening.given) == (OPERATOR.id, "agreed on 3 March")


async def test_nobody_else_puts_rules_in_force(store: Store) -> None:
    for rule in standing_rules():
        await store.add_rule(rule)
    before = list(await store.rules())
    refused = await Doorway(store).door(DOCTOR).adopt(standing_rules()[:1], why="handy")
    assert isinstance(refused, Refused)
    assert list(await store.rules()) == before


async def test_a_rule_that_was_ended_is_missing_until_somebody_adopts_it(store: Store) -> None:
    for rule in standing_rules():
        await store.add_rule(rule)
    [first, *_] = await store.rules()
    await store.end_rule(first.n)
    assert missing_from(await store.rules()) == (replace(first, n=0, since=None),)


async def test_a_rule_counts_at_once_and_everywhere(store: Store, request: Any) -> None:
    """A rule added by one program is in force at the next look of another; so is its end."""
    for rule in standing_rules():
        await store.add_rule(rule)
    asked = Ask(
        actor=DOCTOR, purpose=Purpose.DIRECT_CARE, view=View.FIND, person=PersonId("f" * 32)
    )

    async def rule_that_spoke() -> int:
        opening, _, verdict = await store.open(asked, decide)
        assert opening.rule == verdict.rule
        return verdict.rule if verdict.allowed else -verdict.rule

    allowed = await rule_that_spoke()
    assert allowed > 0
    async with other_program(store, request) as other:
        denied = await other.add_rule(
            Rule(
                allow=False,
                purpose=Purpose.DIRECT_CARE,
                role=DOCTOR.role,
                organisation=DOCTOR.organisation,
                view=View.FIND,
                reason="no",
            )
        )
        assert await rule_that_spoke() == -denied.n
        await other.end_rule(denied.n)
    assert await rule_that_spoke() == allowed


@asynccontextmanager
async def other_program(store: Store, request: Any) -> AsyncGenerator[Store]:
    """The same store, as another program has it."""
    if request.node.callspec.params["store"] == "memory":
        yield store
        return
    async with open_store(request.getfixturevalue("database_url")) as other:
        yield other
