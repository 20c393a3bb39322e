"""Rules that a newer version would add, and how they come into force."""

from dataclasses import replace

from tests.conformance.given import DOCTOR
from wholerecord.access import Actor, Doorway, Refused, Store
from wholerecord.consent import Role, standing_rules
from wholerecord.consent.standing import missing_from

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
