"""What every store does with what people decide about who sees their records."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conformance.given import NUMBERS, allow, ask, keep, person, refuse, settled, sources
from wholerecord.access import Store
from wholerecord.access.deed import EndPreference, Prefer
from wholerecord.consent import Purpose, Role, Rule
from wholerecord.consent.period import Period
from wholerecord.errors import NotFound
from wholerecord.record import PersonId


async def somebody(store: Store) -> PersonId:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await settled(store)
    return await person(store, "gp", "1")


def rule(one: PersonId, **more: object) -> Rule:
    said: dict[str, object] = {
        "allow": False,
        "purpose": Purpose.DIRECT_CARE,
        "person": one,
        "reason": "the person decided",
    }
    return Rule(**(said | more))  # pyright: ignore[reportArgumentType] - fields by name


async def test_a_decision_begins_and_ends_with_its_rules(store: Store) -> None:
    one = await somebody(store)
    rules = [rule(one, role=Role.NURSE), rule(one, kind="medicine")]
    first = await store.prefer(one, rules, by="ada\0", words="hide")
    second = await store.prefer(one, [rule(one, item="1/a/b")], by="ada", words="hide more")
    assert [kept.kind for kept in first.rules] == [None, "medicine"]
    assert first.by == "ada\ufffd"
    assert await store.preferences_of(one) == [second, first]
    assert {r.n for r in await store.rules(person=one)} == {
        kept.n for kept in (*first.rules, *second.rules)
    }
    await store.end_preference(one, first.n, by="ada")
    assert [r.n for r in await store.rules(person=one)] == [second.rules[0].n]
    [_, ended] = await store.preferences_of(one)
    assert ended.ended
    assert ended.ended_by == "ada"
    assert ended.rules == first.rules
    assert not ended.holds(datetime.now(UTC))
    assert second.holds(datetime.now(UTC))


async def test_a_rule_about_an_author_or_a_time_is_kept_as_it_was_made(store: Store) -> None:
    one = await somebody(store)
    rules = [
        rule(one, author="Dr Ada Byron"),
        rule(one, period=Period(first=date(2010, 1, 1), last=date(2012, 2, 29))),
        rule(one, kind="result", period=Period(last=date(2012, 2, 29))),
        rule(one, purpose=Purpose.RESEARCH, period=Period(first=date(2010, 1, 1))),
        rule(one, purpose=Purpose.RESEARCH, author="Dr Ada Byron"),
    ]
    kept = await store.prefer(one, rules, by="ada", words="hide")
    assert [replace(each, n=0) for each in kept.rules] == rules
    assert [replace(each, n=0) for each in await store.rules(person=one)] == rules
    assert not await store.refusals(Purpose.RESEARCH), "to hide a part is not to opt out"


async def test_only_ones_own_decision_that_holds_can_be_ended(store: Store) -> None:
    one = await somebody(store)
    kept = await store.prefer(one, [rule(one)], by="ada", words="hide")
    for whose, n in ((PersonId("f" * 32), kept.n), (one, 99), (one, -1), (one, 1 << 70)):
        with pytest.raises(NotFound):
            await store.end_preference(whose, n, by="ada")
    await store.end_preference(one, kept.n, by="ada")
    with pytest.raises(NotFound):
        await store.end_preference(one, kept.n, by="ada")


async def test_a_decision_and_its_opening_are_one_commit(store: Store) -> None:
    one = await somebody(store)
    deed = Prefer(person=one, rules=(rule(one),), words="hide")
    done = await store.act(ask(one), refuse, deed)
    assert not done.verdict.allowed
    assert await store.preferences_of(one) == []
    await store.act(ask(one), allow, deed)
    [kept] = await store.preferences_of(one)
    with pytest.raises(NotFound):
        await store.act(ask(one), allow, EndPreference(person=one, n=kept.n + 1))
    assert [look.allowed for look in await store.openings_of(one)] == [False, True, False]
    assert len(await store.rules(person=one)) == 1


async def test_what_has_its_own_end_is_over_by_itself(store: Store) -> None:
    one = await somebody(store)
    until = datetime.now(UTC) + timedelta(days=1)
    kept = await store.prefer(one, [rule(one, until=until)], by="ada", words="hide")
    assert kept.holds(until - timedelta(seconds=1))
    assert not kept.holds(until)
