"""What every store keeps of the rules of the fold: proposals, signatures, undoings."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from tests.e2e.deliveries import bundle, patient
from tests.unit.door_site import actor
from tests.unit.test_policy import policy
from wholerecord.access import Doorway, Refused
from wholerecord.access.decide import decide
from wholerecord.access.opening import Ask
from wholerecord.consent import Purpose, Role, View, standing_rules
from wholerecord.errors import NotFound
from wholerecord.fold.compare import Act
from wholerecord.fold.policies import Compared, Proposal, Signer, StepAct
from wholerecord.fold.policy import POLICY
from wholerecord.intake import Arrival
from wholerecord.record import PersonId, Source
from wholerecord.worker import prepare_here, settle

ANN = Signer(
    by="ann", name="Ann Example", role="governance officer", why="strokes are sooner\0 one"
)
BOB = Signer(by="bob", name="Bob Example", role="governance officer", why="the stroke lead agrees")
OURS = policy(conditions_acute__days_stroke=9)
COMPARED = Compared(
    people=2,
    changed=1,
    reworded=3,
    entries=(("condition", Act.CHANGED, 1),),
    digest="d" * 32,
    who=(PersonId("a" * 32),),
)


async def proposed(store, of=OURS) -> Proposal:
    proposal = await store.propose_policy(of, ANN)
    await store.compared_policy(proposal.n, COMPARED)
    return proposal


async def test_the_shipped_policy_is_in_force_until_another_is_signed(store):
    assert (await store.policy()).digest == POLICY.digest
    assert not await store.policy_steps()
    proposal = await store.propose_policy(OURS, ANN)
    assert (proposal.by, proposal.why, proposal.base) == ("ann", "strokes are sooner� one", 0)
    assert proposal.compared is None
    assert (await store.policy()).digest == POLICY.digest

    await store.compared_policy(proposal.n, COMPARED)
    await store.compared_policy(proposal.n, structs.replace(COMPARED, digest="e" * 32))
    kept = await store.policy_proposal(proposal.n)
    assert kept.compared == COMPARED
    assert (kept.policy.digest, kept.policy.rules) == (OURS.digest, OURS.rules)
    assert [one.n for one in await store.policy_proposals()] == [proposal.n]

    step = await store.sign_policy(proposal.n, COMPARED.digest, BOB)
    assert (step.act, step.policy, step.by, step.role) == (
        StepAct.SIGN,
        proposal.n,
        "bob",
        "governance officer",
    )
    assert (await store.policy()).digest == OURS.digest
    assert [*await store.policy_steps()] == [step]


async def test_nobody_signs_their_own_or_what_was_not_compared_or_is_not_what_they_saw(store):
    proposal = await store.propose_policy(OURS, ANN)
    for n, digest, signer in (
        (proposal.n, COMPARED.digest, BOB),
        (0, COMPARED.digest, BOB),
        (2**70, COMPARED.digest, BOB),
    ):
        with pytest.raises(NotFound):
            await store.sign_policy(n, digest, signer)
    await store.compared_policy(proposal.n, COMPARED)
    for digest, signer in ((COMPARED.digest, ANN), ("e" * 32, BOB)):
        with pytest.raises(NotFound):
            await store.sign_policy(proposal.n, digest, signer)
    assert not await store.policy_steps()


async def test_what_was_proposed_before_something_took_effect_is_overtaken(store):
    first = await proposed(store)
    second = await proposed(store, policy(conditions_echo__days=90))
    await store.sign_policy(first.n, COMPARED.digest, BOB)
    with pytest.raises(NotFound):
        await store.sign_policy(second.n, COMPARED.digest, BOB)
    again = await proposed(store, policy(conditions_echo__days=90))
    assert again.base == 1
    await store.sign_policy(again.n, COMPARED.digest, BOB)
    assert (await store.policy()).echo_days == 90


async def test_of_two_signatures_at_once_one_counts(store):
    one, other = await proposed(store), await proposed(store)
    done = await asyncio.gather(
        *(store.sign_policy(each.n, COMPARED.digest, BOB) for each in (one, other)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["NotFound", "Step"]
    assert len(await store.policy_steps()) == 1


async def test_undoing_restores_the_version_before_and_then_the_shipped_one(store):
    for each in (OURS, policy(conditions_echo__days=90)):
        proposal = await proposed(store, each)
        await store.sign_policy(proposal.n, COMPARED.digest, BOB)
    with pytest.raises(NotFound):
        await store.undo_policy(1, ANN)
    await store.undo_policy(2, ANN)
    assert (await store.policy()).digest == OURS.digest
    step = await store.undo_policy(3, ANN)
    assert (step.act, step.policy) == (StepAct.UNDO, 1)
    assert (await store.policy()).digest == POLICY.digest
    with pytest.raises(NotFound):
        await store.undo_policy(4, ANN)


async def test_what_was_in_force_at_a_moment_can_be_asked(store):
    before = datetime.now(UTC) - timedelta(seconds=1)
    proposal = await proposed(store)
    step = await store.sign_policy(proposal.n, COMPARED.digest, BOB)
    await store.undo_policy(step.n, ANN)
    assert (await store.policy(at=before)).digest == POLICY.digest
    assert (await store.policy(at=step.at)).digest == OURS.digest


async def test_a_look_is_told_the_policy_in_force_and_that_of_the_past(store):
    for rule in standing_rules():
        await store.add_rule(rule)
    before = datetime.now(UTC) - timedelta(seconds=1)
    proposal = await proposed(store)

    async def told(at=None):
        ask = Ask(
            actor=actor(Role.GOVERNANCE),
            purpose=Purpose.SAFETY_REVIEW,
            view=View.DESK,
            person=None,
            at=at,
        )
        _, facts, verdict = await store.open(ask, decide)
        assert verdict.allowed
        return facts.policy.digest

    assert await told() == POLICY.digest
    await store.sign_policy(proposal.n, COMPARED.digest, BOB)
    assert [await told(), await told(before)] == [OURS.digest, POLICY.digest]


async def test_people_are_told_by_the_page(store):
    assert not await store.people(limit=2)
    await store.declare(Source(name="gp", controller="A81001", title="GP"))
    for n in range(5):
        await store.keep(Arrival(source="gp", body=bundle(patient(f"p{n}", "")), name="post"))
    await settle(store, prepare_here)
    every = [*await store.people()]
    first = [*await store.people(limit=2)]
    assert first == every[:2] == sorted(every)[:2]
    assert [*await store.people(after=first[-1], limit=2)] == every[2:4]
    assert [*await store.people(after=every[-1])] == []


async def test_a_deed_about_the_policy_and_its_opening_are_one_commit(store):
    for rule in standing_rules():
        await store.add_rule(rule)
    way = Doorway(store)
    ann, bob = way.door(actor(Role.GOVERNANCE)), way.door(replace(actor(Role.GOVERNANCE), id="bob"))
    proposal = await ann.propose_policy(OURS, why="strokes are sooner one")
    assert isinstance(proposal, Proposal)
    refused = await bob.sign_policy(proposal.n, COMPARED.digest, why="the stroke lead agrees")
    assert isinstance(refused, Refused)
    assert "not compared" in refused.reason
    await store.compared_policy(proposal.n, COMPARED)
    own = await ann.sign_policy(proposal.n, COMPARED.digest, why="the stroke lead agrees")
    assert isinstance(own, Refused)
    assert own.reason == "you proposed it, so somebody else signs it"
    stale = await bob.sign_policy(proposal.n, "e" * 32, why="the stroke lead agrees")
    assert isinstance(stale, Refused)
    assert await bob.sign_policy(proposal.n, COMPARED.digest, why="the stroke lead agrees") is None
    assert isinstance(await ann.undo_policy(7, why="it was wrong"), Refused)
    assert await ann.undo_policy(1, why="it was wrong") is None

    doctor = way.door(actor(Role.DOCTOR))
    assert isinstance(await doctor.propose_policy(OURS, why="I would like it"), Refused)
    assert isinstance(await doctor.policies(), Refused)
    told = [(one.actor, one.part, one.allowed, one.given) for one in await store.openings()]
    assert told[0][1:] == (f"policy: propose {OURS.name}", True, "strokes are sooner one")
    assert ("bob", f"policy: sign 1, {OURS.name}", True, "the stroke lead agrees") in told
    assert [allowed for _, part, allowed, _ in told if "sign" in part] == [
        False,
        False,
        False,
        True,
    ]
    assert told[-1][2] is False
    assert len(await store.policy_proposals()) == 1
