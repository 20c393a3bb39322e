"""The room where a change of the rules is tried before it is made: for governance, written down."""

import asyncio
from dataclasses import dataclass

from wholerecord.access.decide import decide
from wholerecord.access.opening import Facts, Refused
from wholerecord.access.room import Room
from wholerecord.access.simulate import Differs, simulate
from wholerecord.access.suppose import suppose
from wholerecord.consent import Purpose, Role, View
from wholerecord.consent.proposal import Proposal
from wholerecord.errors import NotFound
from wholerecord.record import PersonId

#: People whose records are gone through: of more, the first, and it is said of how many.
_LOOKED_AT = 300
_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a proposal would change: by role, kind and sensitivity, and for how many people.

    Of `looked_at` of all `people`, of `gaining` somebody would see more and of `losing` less.
    """

    differs: tuple[Differs, ...]
    people: int
    looked_at: int
    gaining: int
    losing: int


class SimulateRoom(Room):
    """The room where rules are tried. Nothing is changed, and nobody is named."""

    async def try_rules(self, proposal: Proposal, *, why: str = "") -> Tried | Refused:
        """What would change; or why not. One opening, of nobody.

        Raises:
            NotFound: a rule to end is not in force for everybody.
        """
        operator = self.actor.role is Role.SYSTEM
        purpose = Purpose.EMERGENCY if operator else Purpose.SAFETY_REVIEW
        part = f"rules tried: {len(proposal.add)} added, {len(proposal.end)} ended"
        ask = self._asking(None, purpose, View.RULES, part=part, given=why)
        opening, facts, verdict = await self._store.open(ask, decide)
        if not verdict.allowed:
            return Refused(reason=verdict.reason, opening=opening)
        unknown = proposal.end - {rule.n for rule in facts.rules}
        if unknown:
            raise NotFound(f"Rule {min(unknown)} is not in force for everybody.")
        everybody = list(await self._store.people())
        found = await self._moved(everybody[:_LOOKED_AT], facts, proposal)
        return Tried(
            differs=simulate(facts, proposal),
            people=len(everybody),
            looked_at=len(found),
            gaining=sum(gains for gains, _ in found),
            losing=sum(loses for _, loses in found),
        )

    async def _moved(
        self, people: list[PersonId], facts: Facts, proposal: Proposal
    ) -> list[tuple[bool, bool]]:
        """Of each person, whether anybody would see more of their record, and less."""
        slots = asyncio.Semaphore(_AT_ONCE)

        async def of(person: PersonId) -> tuple[bool, bool]:
            async with slots:
                members = tuple(await self._store.members(person))
                whole = await self._way.folds.whole(members)
                rules = await self._store.rules(person=person)
            theirs = Facts(members=members, rules=tuple(rules), rulings=0, now=facts.now)
            changes = suppose(person, theirs, whole.entries, add=proposal.add, end=proposal.end)
            return any(one.gains for one in changes), any(one.loses for one in changes)

        return list(await asyncio.gather(*map(of, people)))
