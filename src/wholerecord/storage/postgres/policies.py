"""Policies of the fold: proposals, and the steps by which they came in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from asyncpg import Record

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
from wholerecord.fold.policy import POLICY, Policy, policy_bytes
from wholerecord.fold.policy_check import brought_forward
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.text import storable

#: The first number too large for a database.
_TOO_LARGE = 1 << 63
_COMPARED = msgspec.json.Decoder(Compared)


class Policies:
    """See `fold.Policies`. A proposal never changes, and steps are only added: both are remembered.

    A proposal's file is read once by each process.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._steps: tuple[Step, ...] = ()
        self._policies: dict[int, Policy] = {}

    async def policy(self, *, at: datetime | None = None) -> Policy:
        """See `fold.Policies.policy`."""
        return await self._in_force(await self.policy_steps(), at)

    async def policy_after(self, step: int, at: datetime | None) -> Policy:
        """The policy in force (at `at`) when `step` was the last, 0 for none."""
        known = self._steps
        if step > (known[-1].n if known else 0):
            known = await self.policy_steps()
        return await self._in_force([each for each in known if each.n <= step], at)

    async def _in_force(self, steps: Sequence[Step], at: datetime | None) -> Policy:
        standing = signed(steps, at)
        if not standing:
            return POLICY
        n = standing[-1]
        if n not in self._policies:
            await self.policy_proposal(n)
        return self._policies[n]

    async def policy_steps(self) -> Sequence[Step]:
        """See `fold.Policies.policy_steps`."""
        found = tuple(_step(row) for row in await self._database.fetch("policy_steps"))
        self._steps = max(self._steps, found, key=len)
        return found

    async def policy_proposals(self, *, limit: int = 100) -> Sequence[Proposal]:
        """See `fold.Policies.policy_proposals`."""
        return [self._proposal(row) for row in await self._database.fetch("policies", limit)]

    async def policy_proposal(self, n: int) -> Proposal:
        """See `fold.Policies.policy_proposal`."""
        row = await self._database.fetchrow("policy", n) if 0 < n < _TOO_LARGE else None
        if row is None:
            raise NotFound(f"There is no proposal {n}.")
        return self._proposal(row)

    async def propose_policy(self, policy: Policy, signer: Signer) -> Proposal:
        """See `fold.Policies.propose_policy`."""
        row = await self._database.fetchrow("add_policy", policy_bytes(policy), *_columns(signer))
        assert row is not None  # noqa: S101 - INSERT … RETURNING gives the row
        return self._proposal(row)

    async def compared_policy(self, n: int, compared: Compared) -> None:
        """See `fold.Policies.compared_policy`."""
        await self._database.fetch("compare_policy", n, msgspec.json.encode(compared))

    async def sign_policy(self, n: int, digest: str, signer: Signer) -> Step:
        """See `fold.Policies.sign_policy`."""
        proposal, steps = await self.policy_proposal(n), await self.policy_steps()
        compared = proposal.compared
        right = compared is not None and compared.digest == digest
        own = proposal.by == storable(signer.by)
        row = None
        if right and not own and waits(proposal, steps):
            row = await self._step(proposal.base, StepAct.SIGN, n, signer)
        if row is None:
            raise NotFound(f"Proposal {n} does not wait for this signature.")
        return row

    async def undo_policy(self, n: int, signer: Signer) -> Step:
        """See `fold.Policies.undo_policy`."""
        steps = await self.policy_steps()
        standing = signed(steps)
        row = None
        if standing and n == steps[-1].n:
            row = await self._step(n, StepAct.UNDO, standing[-1], signer)
        if row is None:
            raise NotFound("That is not the last step, or there is nothing to undo.")
        return row

    async def _step(self, after: int, act: StepAct, policy: int, signer: Signer) -> Step | None:
        """The step written down after that one; None where another was first."""
        said = after, act.value, policy, *_columns(signer)
        row = await self._database.fetchrow("add_policy_step", *said)
        return None if row is None else _step(row)

    def _proposal(self, row: Record) -> Proposal:
        n: int = row["n"]
        if n not in self._policies:
            self._policies[n] = brought_forward(row["body"])
        said: dict[str, Any] = dict(row)
        del said["body"]
        said["policy"] = self._policies[n]
        said["compared"] = _COMPARED.decode(row["compared"]) if row["compared"] else None
        return Proposal(**said)


def _columns(signer: Signer) -> tuple[str, ...]:
    said = signer.by, signer.name, signer.role, signer.why
    return tuple(storable(each) for each in said)


def _step(row: Record) -> Step:
    said: dict[str, Any] = dict(row)
    said["act"] = StepAct(row["act"])
    return Step(**said)
