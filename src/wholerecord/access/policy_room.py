"""The room where the rules of the fold are shown, proposed, signed and taken back.

Two people: whoever proposed a policy does not sign it. Each deed and its opening are one commit.
"""

import asyncio
from dataclasses import dataclass, replace

from wholerecord.access.bench import outlined
from wholerecord.access.decide import decide
from wholerecord.access.deed import Done, ProposePolicy, SignPolicy, UndoPolicy
from wholerecord.access.opening import Ask, Facts, Refused, Verdict
from wholerecord.access.policy_changes import clinical, person_changes
from wholerecord.access.replaying import PersonChange
from wholerecord.access.room import Room
from wholerecord.consent import Purpose, Role, View
from wholerecord.errors import Incorrect
from wholerecord.fold.policies import Proposal, Signer, Step, StepAct, signed, waits
from wholerecord.fold.policy import Policy

#: Records compared for one page.
PAGE = 20
_OWN = "you proposed it, so somebody else signs it"
_NOT_COMPARED = "it is not compared with everybody's record yet"
_OTHERS = "what it would change is not what you saw: look again"
_OVERTAKEN = "something else took effect since it was proposed: propose it again"
_NOTHING = "no signature stands that could be taken back, or another step was taken since"
_TAKEN = "another policy has that version: give it one of its own"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The policy in force, the proposal it was and its signature; None: it is the shipped one."""

    policy: Policy
    proposed: Proposal | None = None
    signature: Step | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The proposals, newest first, and the steps, oldest first. `waiting` can still be signed.

    `undoable` is the last step where there is a signature to take back, else 0.
    """

    in_force: InForce
    proposals: tuple[Proposal, ...]
    steps: tuple[Step, ...]
    waiting: frozenset[int]
    undoable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A proposal, the policy it is held against, and what it would change of some people."""

    proposal: Proposal
    before: Policy
    people: tuple[PersonChange, ...]
    waiting: bool


class PolicyRoom(Room):
    """The room of the rules of the fold."""

    async def policy(self) -> Policy:
        """The policy in force. Anybody may read the rules."""
        return await self._store.policy()

    async def policy_in_force(self) -> InForce:
        """The policy in force, with who proposed and who signed it. Anybody may read the rules."""
        steps = await self._store.policy_steps()
        standing = signed(steps)
        if not standing:
            return InForce(policy=await self._store.policy())
        proposal = await self._store.policy_proposal(standing[-1])
        signature = next(
            step
            for step in reversed(steps)
            if step.act is StepAct.SIGN and step.policy == proposal.n
        )
        return InForce(policy=proposal.policy, proposed=proposal, signature=signature)

    async def policies(self) -> Book | Refused:
        """Every proposal and step; or why not."""
        refused = await self._may(self._about("read"))
        if refused:
            return refused
        in_force, proposals, steps = await asyncio.gather(
            self.policy_in_force(), self._store.policy_proposals(), self._store.policy_steps()
        )
        return Book(
            in_force=in_force,
            proposals=tuple(proposals),
            steps=tuple(steps),
            waiting=frozenset(one.n for one in proposals if waits(one, steps)),
            undoable=steps[-1].n if signed(steps) else 0,
        )

    async def policy_proposed(self, n: int, *, after: int = 0) -> Seen | Refused:
        """Proposal `n` and what it would change, of `PAGE` people after so many; or why not.

        Each person whose record is shown can see that somebody looked.

        Raises:
            NotFound: there is no such proposal.
        """
        refused = await self._may(self._about(f"read {n}"))
        if refused:
            return refused
        proposal = await self._store.policy_proposal(n)
        steps = await self._store.policy_steps()
        before = await self._store.policy(at=proposal.at)
        named = proposal.compared.who[after : after + PAGE] if proposal.compared else ()
        people: list[PersonChange] = []
        for person in named:
            part = f"policy {n}"
            ask = self._asking(person, Purpose.SAFETY_REVIEW, View.RULING, part=part)
            if refused := await self._may(ask):
                return refused
            change = await person_changes(self._store, person, before, proposal.policy)
            told = tuple(map(outlined, clinical(change.differences)))
            people.append(replace(change, differences=told))
        return Seen(
            proposal=proposal,
            before=before,
            people=tuple(people),
            waiting=waits(proposal, steps),
        )

    async def propose_policy(
        self, policy: Policy, *, why: str, name: str = ""
    ) -> Proposal | Refused:
        """Propose a policy: it changes nothing until it is compared and somebody else signs it.

        `name` is on whose word, where that is somebody else.
        """
        known = [await self.policy(), *(p.policy for p in await self._store.policy_proposals())]
        taken = any(one.version == policy.version and one.digest != policy.digest for one in known)
        deed = ProposePolicy(policy=policy, signer=self._signer(why, name))
        done = await self._do(f"propose {policy.name}", deed, _TAKEN if taken else "")
        if isinstance(done.outcome, Proposal):
            return done.outcome
        return Refused(reason=done.verdict.reason, opening=done.opening)

    async def sign_policy(self, n: int, digest: str, *, why: str, name: str = "") -> Refused | None:
        """Put proposal `n` in force, whose changes with this digest were seen. None when it is so.

        Raises:
            NotFound: there is no such proposal; or it stopped waiting at this moment.
        """
        proposal = await self._store.policy_proposal(n)
        against = ""
        if proposal.by == self.actor.id:
            against = _OWN
        elif not waits(proposal, await self._store.policy_steps()):
            against = _OVERTAKEN
        elif proposal.compared is None:
            against = _NOT_COMPARED
        elif proposal.compared.digest != digest:
            against = _OTHERS
        deed = SignPolicy(n=n, digest=digest, signer=self._signer(why, name))
        return _refused(await self._do(f"sign {n}, {proposal.policy.name}", deed, against))

    async def undo_policy(self, n: int, *, why: str, name: str = "") -> Refused | None:
        """Put the policy before step `n`, the last, back in force. None when it is so.

        One person can: it was in force by two people's word.
        """
        steps = await self._store.policy_steps()
        fits = bool(signed(steps)) and steps[-1].n == n
        deed = UndoPolicy(n=n, signer=self._signer(why, name))
        return _refused(await self._do(f"undo step {n}", deed, "" if fits else _NOTHING))

    def _signer(self, why: str, name: str) -> Signer:
        """Who does it, and on whose word.

        Raises:
            Incorrect: no reason is given.
        """
        if not why.strip():
            raise Incorrect("Say why in a few words: others will read it.")
        actor = self.actor
        return Signer(
            by=actor.id,
            name=name.strip() or actor.name,
            role=actor.role.value,
            why=why.strip(),
        )

    def _about(self, part: str, *, given: str = "") -> Ask:
        """Rules are governance's; an operator does it by what an operator may, reviewed after."""
        system = self.actor.role is Role.SYSTEM
        purpose = Purpose.EMERGENCY if system else Purpose.SAFETY_REVIEW
        given = given or ("to read the rules of the fold" if system else "")
        return self._asking(None, purpose, View.RULES, part=f"policy: {part}", given=given)

    async def _do(
        self, part: str, deed: ProposePolicy | SignPolicy | UndoPolicy, against: str
    ) -> Done:
        """Do it where it may be done and nothing is to be said against it."""

        def decide_and_object(ask: Ask, facts: Facts) -> Verdict:
            verdict = decide(ask, facts)
            if not verdict.allowed or not against:
                return verdict
            return Verdict(allowed=False, rule=verdict.rule, reason=against)

        ask = self._about(part, given=deed.signer.why)
        return await self._store.act(ask, decide_and_object, deed)


def _refused(done: Done) -> Refused | None:
    if done.verdict.allowed:
        return None
    return Refused(reason=done.verdict.reason, opening=done.opening)
