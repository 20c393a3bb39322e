"""What every store does with rulings and with rules."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conformance.given import allow, ask, keep, patient, person, settled, sources
from wholerecord.access import Store
from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.consent.outs import OptOut, opt_out, refusal
from wholerecord.errors import NotFound
from wholerecord.fold import About, Verdict
from wholerecord.record import PatientId, PersonId


async def test_a_ruling_is_found_by_any_patient_it_is_about(store: Store) -> None:
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", "", 1])
    await keep(store, "hospital", ["2", "Other", "", 1])
    await settled(store)
    one, two = patient("gp", "1"), patient("hospital", "2")
    about = (About(two, "Condition", "b"), About(one, "Condition", "a"))
    ruling = await store.rule(Verdict.SAME, about, by="dr", why="one stroke\0")
    assert (ruling.about, ruling.why, ruling.withdrawn) == (about, "one stroke\ufffd", None)
    for patients in ([one], [two], [one, two, PatientId(3)]):
        assert await store.rulings(patients) == [ruling]
    assert await store.rulings([PatientId(3)]) == []


async def test_a_withdrawn_ruling_is_still_told_of_the_past(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", "", 1])
    await settled(store)
    one = patient("gp", "1")
    start = datetime.now(UTC)
    first = await store.rule(Verdict.WRONG, [About(one, "Condition", "a")], by="dr", why="")
    second = await store.rule(Verdict.SAME, [About(one, "Condition", "b")], by="dr", why="")
    middle = datetime.now(UTC)
    await store.withdraw(first.n, by="dr")
    await store.withdraw(first.n, by="another")
    assert await store.rulings([one]) == [second]
    assert await store.rulings([one], at=middle) == [first, second]
    assert await store.rulings([one], at=start) == []
    assert second.n > first.n


async def test_a_ruling_needs_patients_who_are_known(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.rule(Verdict.SAME, [About(PatientId(1), "Condition", "a")], by="", why="")
    with pytest.raises(NotFound):
        await store.withdraw(1, by="dr")


async def test_making_and_withdrawing_a_ruling_changes_the_number(store: Store) -> None:
    await sources(store, "gp")
    await keep(store, "gp", ["1", "Example", "", 1])
    await settled(store)
    mine = await person(store, "gp", "1")

    async def number(at: datetime | None = None) -> int:
        return (await store.open(ask(mine, at=at), allow))[1].rulings

    numbers = [await number()]
    ruling = await store.rule(
        Verdict.SAME,
        [About(patient("gp", "1"), "Condition", each) for each in "ab"],
        by="dr",
        why="",
    )
    numbers.append(await number())
    between = datetime.now(UTC)
    await store.withdraw(ruling.n, by="dr")
    numbers.append(await number())
    assert len(set(numbers)) == 3
    assert await number(between) == numbers[1]
    assert await number(datetime.now(UTC)) == numbers[2]


def rule(**more: object) -> Rule:
    return Rule(
        **{"allow": True, "purpose": Purpose.DIRECT_CARE, "reason": "they care"} | more  # type: ignore[arg-type]
    )


async def test_a_rule_comes_back_as_it_was_made(store: Store) -> None:
    full = rule(
        allow=False,
        view=View.RECORD,
        role=Role.NURSE,
        organisation="RXA",
        actor="dr",
        person=PersonId("a" * 32),
        related=True,
        kinds=("allergy", "result"),
        label="sealed",
        since=datetime(2026, 1, 1, tzinfo=UTC),
        until=datetime(2027, 1, 1, tzinfo=UTC),
    )
    kept = await store.add_rule(full)
    assert list(await store.rules(person=PersonId("a" * 32))) == [kept]
    assert kept == rule(**{name: getattr(full, name) for name in full.__slots__} | {"n": kept.n})


async def test_a_person_gets_the_general_rules_and_their_own(store: Store) -> None:
    ada, bob = PersonId("a" * 32), PersonId("b" * 32)
    general = await store.add_rule(rule())
    hers = await store.add_rule(rule(person=ada))
    his = await store.add_rule(rule(person=bob))
    later = await store.add_rule(rule(role=Role.GP))
    assert list(await store.rules()) == [general, later]
    assert list(await store.rules(person=ada)) == [general, hers, later]
    assert list(await store.rules(person=bob)) == [general, his, later]
    _, facts, _ = await store.open(ask(ada), allow)
    assert [*facts.rules] == [general, hers, later]
    _, facts, _ = await store.open(ask(None), allow)
    assert [*facts.rules] == [general, later]


async def test_an_ended_rule_counts_no_longer(store: Store) -> None:
    kept = await store.add_rule(rule())
    await store.end_rule(kept.n)
    await store.end_rule(kept.n)
    assert list(await store.rules()) == []
    with pytest.raises(NotFound):
        await store.end_rule(99)


async def test_those_whose_rules_refuse_a_purpose_are_named(store: Store) -> None:
    now = datetime.now(UTC)
    names = [PersonId(letter * 32) for letter in "abcdef"]
    refusal = {"allow": False, "purpose": Purpose.RESEARCH}
    await store.add_rule(rule(person=names[0], **refusal))
    ended = await store.add_rule(rule(person=names[1], **refusal))
    await store.end_rule(ended.n)
    await store.add_rule(rule(person=names[2], allow=True, purpose=Purpose.RESEARCH))
    await store.add_rule(rule(person=names[3], label="sealed", **refusal))
    await store.add_rule(rule(person=names[4], until=now - timedelta(days=1), **refusal))
    await store.add_rule(rule(person=names[5], since=now + timedelta(days=1), **refusal))
    await store.add_rule(rule(**refusal))
    assert [each.person for each in await store.refusals(Purpose.RESEARCH)] == [names[0]]
    assert await store.refusals(Purpose.PLANNING) == []


async def test_a_refusal_of_one_study_counts_for_that_study_alone(store: Store) -> None:
    person = PersonId("a" * 32)
    await store.add_rule(refusal(person, "p1", Purpose.RESEARCH, reason="not this one"))
    assert await store.refusals(Purpose.RESEARCH) == []
    assert await store.refusals(Purpose.RESEARCH, "p2") == []
    [kept] = await store.refusals(Purpose.RESEARCH, "p1")
    assert (kept.person, opt_out(kept)) == (person, OptOut.STUDY)
