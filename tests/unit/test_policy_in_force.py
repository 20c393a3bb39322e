"""A policy that takes effect: whatever shows a record shows it by that one, at once."""

from dataclasses import replace
from datetime import UTC, datetime

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, secret, send, site
from tests.unit.test_policy import policy
from wholerecord.access import Opened, Refused, reckon
from wholerecord.access.copying import Copying
from wholerecord.access.policy_changes import compare_waiting
from wholerecord.access.policy_room import Book, Seen
from wholerecord.consent import Purpose, Role
from wholerecord.fold import Kind, fold
from wholerecord.fold.policies import Proposal
from wholerecord.fold.policy import POLICY
from wholerecord.research.refresh import COPIER

OURS = policy(conditions_acute__days_stroke=9)
WHY = "the stroke lead asked for it"


def stroke(id: str, when: str):
    return condition(id, "p1", code={"text": "Stroke"}, onsetDateTime=when)


async def world():
    first = bundle(patient("p1", NUMBER), stroke("c1", "2025-01-01"), stroke("c2", "2025-01-11"))
    return await site(first, bundle(secret()))


def governors(way):
    return way.door(actor(Role.GOVERNANCE)), way.door(replace(actor(Role.GOVERNANCE), id="second"))


async def sign(way, of=OURS) -> Proposal:
    ann, bob = governors(way)
    proposal = await ann.propose_policy(of, why=WHY)
    assert isinstance(proposal, Proposal)
    assert await compare_waiting(way.store) == 1
    kept = await way.store.policy_proposal(proposal.n)
    assert await bob.sign_policy(proposal.n, kept.compared.digest, why=WHY) is None
    return kept


async def strokes(way, person, role=Role.DOCTOR, at=None) -> int:
    purpose = Purpose.DIRECT_CARE
    opened = await way.door(actor(role)).open(person, purpose=purpose, at=at)
    assert isinstance(opened, Opened)
    return sum(one.title == "Stroke" for one in opened.record.of(Kind.CONDITION))


async def test_nothing_folded_before_is_shown_after_and_undoing_shows_it_again():
    way, person = await world()
    # A doctor sees no sealed item: the record without it is a fold of its own, remembered too.
    assert [await strokes(way, person, role) for role in (Role.DOCTOR, Role.NURSE)] == [1, 1]
    await sign(way)
    assert [await strokes(way, person, role) for role in (Role.DOCTOR, Role.NURSE)] == [2, 2]
    await send(way, bundle(patient("p1", NUMBER), stroke("c3", "2025-01-21")))
    assert await strokes(way, person) == 3
    assert await governors(way)[0].undo_policy(1, why=WHY) is None
    assert await strokes(way, person) == 1


async def test_the_past_is_shown_by_the_rules_of_then():
    way, person = await world()
    before = datetime.now(UTC)
    await sign(way)
    assert [await strokes(way, person, at=at) for at in (before, datetime.now(UTC))] == [1, 2]


async def test_the_sum_holds_and_counts_are_by_the_policy_in_force():
    way, _ = await world()
    planner = way.door(actor(Role.PLANNER))

    async def counted() -> int:
        records = await planner.counted(Purpose.PLANNING, "strokes")
        assert not isinstance(records, Refused)
        return sum([len(record.of(Kind.CONDITION)) async for record in records])

    before = await counted()
    await sign(way)
    assert await counted() == before + 1
    assert (await reckon(way.store)).wrong == []


async def test_the_tables_that_are_counted_are_made_again_for_everybody():
    way, _ = await world()
    door = way.door(COPIER)

    async def states() -> dict[str, str]:
        copying = Copying(number=len, make=len)
        copies = await door.copied(Purpose.RESEARCH, "views", {}, copying)
        assert not isinstance(copies, Refused)
        return {person: state async for some in copies for person, state in some.states}

    before = await states()
    await sign(way)
    after = await states()
    assert before.keys() == after.keys()
    assert all(before[person] != after[person] for person in before)


async def test_the_comparison_names_who_would_change_and_no_word_of_their_record():
    way, person = await world()
    kept = await sign(way)
    assert kept.compared is not None
    assert kept.compared.who == (person,)
    assert "Stroke" not in repr(kept.compared)
    ann, bob = governors(way)
    seen = await bob.policy_proposed(kept.n)
    assert isinstance(seen, Seen)
    acts = [one.act.value for one in seen.people[0].differences]
    assert sorted(acts) == ["added", "changed"]
    assert seen.before.digest == POLICY.digest
    # Who was looked at sees that it was.
    looks = await way.store.openings_of(person)
    assert f"policy {kept.n}" in [one.part for one in looks]
    book = await ann.policies()
    assert isinstance(book, Book)
    assert (book.waiting, book.undoable, book.in_force.proposed) == (frozenset(), 1, kept)


async def test_a_version_says_one_thing_only():
    way, _ = await world()
    ann, _ = governors(way)
    assert isinstance(await ann.propose_policy(OURS, why=WHY), Proposal)
    other = policy(conditions_acute__days_stroke=8)
    refused = await ann.propose_policy(other, why=WHY)
    assert isinstance(refused, Refused)
    assert "another policy has that version" in refused.reason
    assert fold([], policy=other).policy != fold([], policy=OURS).policy
