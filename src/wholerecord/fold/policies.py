"""Policies as they are kept: proposed by one person, signed by another, taken back by anybody.

A signature puts a policy in force; an undoing puts the one before it back. Neither is ever changed:
what was in force at any moment follows from the steps. See decision 32.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

import msgspec

from wholerecord.fold.compare import Act as Became
from wholerecord.fold.policy import Policy
from wholerecord.record import PersonId

#: People of whom a comparison remembers that their record would change.
MOST_NAMED = 1_000


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposed policy would change, of everybody's record.

    `entries` counts by kind and what becomes of them; `reworded` those of which only the reason's
    words would change. `digest` names exactly these changes. `who` are the first of those whose
    record would change. No title is in it: what is erased must not stay here.
    """

    people: int
    changed: int
    reworded: int
    entries: tuple[tuple[str, Became, int], ...]
    digest: str
    who: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A policy that somebody proposed when `base` was the last step, 0 for none.

    `by` is who, as the log of openings calls them. `compared` is None until everybody is compared.
    """

    n: int
    policy: Policy
    base: int
    by: str
    name: str
    role: str
    why: str
    at: datetime
    compared: Compared | None = None


class StepAct(Enum):
    """What somebody did about the policy in force."""

    SIGN = "signed"
    UNDO = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A signature under proposal `policy`, or the undoing of the one that was in force."""

    n: int
    act: StepAct
    policy: int
    by: str
    name: str
    role: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who proposes, signs or undoes, and why: `by` as the log of openings calls them."""

    by: str
    name: str
    role: str
    why: str


def signed(steps: Sequence[Step], at: datetime | None = None) -> list[int]:
    """The proposals whose signatures stand (at `at`), the last of them in force; steps by `n`."""
    standing: list[int] = []
    for step in steps:
        if at is not None and step.at > at:
            break
        if step.act is StepAct.SIGN:
            standing.append(step.policy)
        elif standing:
            standing.pop()
    return standing


def waits(proposal: Proposal, steps: Sequence[Step]) -> bool:
    """Whether it can still be signed: nothing took effect since it was proposed."""
    return proposal.base == (steps[-1].n if steps else 0)


class Policies(Protocol):
    """Where policies are kept, and which is in force."""

    async def policy(self, *, at: datetime | None = None) -> Policy:
        """The policy in force (at `at`); the shipped one where none was signed."""
        ...

    async def policy_steps(self) -> Sequence[Step]:
        """Every signature and undoing, oldest first."""
        ...

    async def policy_proposals(self, *, limit: int = 100) -> Sequence[Proposal]:
        """The last proposals, newest first."""
        ...

    async def policy_proposal(self, n: int) -> Proposal:
        """Proposal `n`.

        Raises:
            NotFound: there is none.
        """
        ...

    async def propose_policy(self, policy: Policy, signer: Signer) -> Proposal:
        """Keep a proposal. It changes nothing until somebody else signs it."""
        ...

    async def compared_policy(self, n: int, compared: Compared) -> None:
        """Keep what proposal `n` would change. The first comparison stands."""
        ...

    async def sign_policy(self, n: int, digest: str, signer: Signer) -> Step:
        """Put proposal `n`, whose changes have this digest, in force.

        Raises:
            NotFound: it does not wait for this signature: they proposed it, it is not compared, its
                changes are others, or something else took effect since it was proposed.
        """
        ...

    async def undo_policy(self, n: int, signer: Signer) -> Step:
        """Put the policy before step `n`, the last one, back in force.

        Raises:
            NotFound: it is not the last, or no signature stands.
        """
        ...
