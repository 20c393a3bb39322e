"""Policies of the fold: proposals, and the steps by which they came in force."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from wholerecord.errors import NotFound
from wholerecord.fold.policies import (
    Compared,
    Proposal,
    Signer,
    Step,
    StepAct,
    signed,
    waits,
)
from wholerecord.fold.policy import POLICY, Policy
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class Policies:
    """See `fold.Policies`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def policy(self, *, at: datetime | None = None) -> Policy:
        """See `fold.Policies.policy`."""
        return self.policy_at(at)

    def policy_at(self, at: datetime | None) -> Policy:
        """The policy in force then, or now."""
        standing = signed(self._tables.policy_steps, at)
        return self._tables.policies[standing[-1] - 1].policy if standing else POLICY

    async def policy_steps(self) -> Sequence[Step]:
        """See `fold.Policies.policy_steps`."""
        return list(self._tables.policy_steps)

    async def policy_proposals(self, *, limit: int = 100) -> Sequence[Proposal]:
        """See `fold.Policies.policy_proposals`."""
        return self._tables.policies[::-1][:limit]

    async def policy_proposal(self, n: int) -> Proposal:
        """See `fold.Policies.policy_proposal`."""
        if not 1 <= n <= len(self._tables.policies):
            raise NotFound(f"There is no proposal {n}.")
        return self._tables.policies[n - 1]

    async def propose_policy(self, policy: Policy, signer: Signer) -> Proposal:
        """See `fold.Policies.propose_policy`."""
        proposal = Proposal(
            n=len(self._tables.policies) + 1,
            policy=policy,
            base=len(self._tables.policy_steps),
            by=storable(signer.by),
            name=storable(signer.name),
            role=storable(signer.role),
            why=storable(signer.why),
            at=now(),
        )
        self._tables.policies.append(proposal)
        return proposal

    async def compared_policy(self, n: int, compared: Compared) -> None:
        """See `fold.Policies.compared_policy`."""
        proposal = await self.policy_proposal(n)
        if proposal.compared is None:
            self._tables.policies[n - 1] = replace(proposal, compared=compared)

    async def sign_policy(self, n: int, digest: str, signer: Signer) -> Step:
        """See `fold.Policies.sign_policy`."""
        proposal = await self.policy_proposal(n)
        compared = proposal.compared
        right = compared is not None and compared.digest == digest
        if not right or proposal.by == storable(signer.by) or not self._waits(proposal):
            raise NotFound(f"Proposal {n} does not wait for this signature.")
        return self._step(StepAct.SIGN, n, signer)

    def _waits(self, proposal: Proposal) -> bool:
        return waits(proposal, self._tables.policy_steps)

    async def undo_policy(self, n: int, signer: Signer) -> Step:
        """See `fold.Policies.undo_policy`."""
        standing = signed(self._tables.policy_steps)
        if not standing or n != len(self._tables.policy_steps):
            raise NotFound("That is not the last step, or there is nothing to undo.")
        return self._step(StepAct.UNDO, standing[-1], signer)

    def _step(self, act: StepAct, policy: int, signer: Signer) -> Step:
        step = Step(
            n=len(self._tables.policy_steps) + 1,
            act=act,
            policy=policy,
            by=storable(signer.by),
            name=storable(signer.name),
            role=storable(signer.role),
            why=storable(signer.why),
            at=now(),
        )
        self._tables.policy_steps.append(step)
        return step
