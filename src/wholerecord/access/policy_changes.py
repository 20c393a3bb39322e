"""What another policy would change: everybody's record folded by both, one person at a time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from wholerecord.access.replaying import PersonChange
from wholerecord.access.store import Store
from wholerecord.fold import fold
from wholerecord.fold.compare import WHY, Act, Difference, differences
from wholerecord.fold.policies import MOST_NAMED, Compared, waits
from wholerecord.fold.policy import Policy, same_fold
from wholerecord.record import PersonId

#: People whose ids are held at once.
_PAGE = 1_000


@dataclass(slots=True)
class Tally:
    """How much would change. `entries` counts by kind of entry and what becomes of it.

    `reworded` counts the entries of which only the words of the reason change, which are in no
    other count. `digest`, 32 hexadecimal digits, names exactly these changes: two comparisons with
    the same changes have the same. `who` are the first of the people.
    """

    people: int = 0
    changed: int = 0
    reworded: int = 0
    entries: Counter[tuple[str, Act]] = field(default_factory=Counter[tuple[str, Act]])
    digest: str = "0" * 32
    who: list[PersonId] = field(default_factory=list[PersonId])

    def add(self, change: PersonChange) -> None:
        """Count one person's record."""
        self.people += 1
        found = clinical(change.differences)
        self.changed += bool(found)
        if found and change.person is not None and len(self.who) < MOST_NAMED:
            self.who.append(change.person)
        self.reworded += len(change.differences) - len(found)
        for one in found:
            self.entries[kind_in_words(one), one.act] += 1
            told = (self.digest, change.person, kind_in_words(one), one.key, one.act.value)
            said = (*told, one.was, one.now, *one.parts)
            self.digest = sha256("\0".join(map(str, said)).encode()).hexdigest()[:32]

    @property
    def compared(self) -> Compared:
        """The counts, to be kept with the proposal."""
        return Compared(
            people=self.people,
            changed=self.changed,
            reworded=self.reworded,
            entries=tuple(
                (kind, act, count)
                for (kind, act), count in sorted(
                    self.entries.items(), key=lambda one: (one[0][0], one[0][1].value)
                )
            ),
            digest=self.digest,
            who=tuple(self.who),
        )


def clinical(changes: Sequence[Difference]) -> tuple[Difference, ...]:
    """Those of which more than the words of the reason changes."""
    return tuple(one for one in changes if one.parts != (WHY,))


def kind_in_words(one: Difference) -> str:
    """The kind of the entry, as `adverse-event`; "who" for who the person is."""
    return one.kind.value if one.kind else "who"


async def policy_changes(
    store: Store, before: Policy, after: Policy
) -> AsyncIterator[PersonChange]:
    """Everybody, in order, with what of their record `after` changes: for most of them nothing.

    One record is held at a time, and one page of ids. A patient who is nobody yet is not compared.
    """
    same = same_fold(before, after)
    last: PersonId | None = None
    while people := await store.people(after=last, limit=_PAGE):
        last = people[-1]
        for person in people:
            yield (
                PersonChange(person=person, patients=(), differences=())
                if same
                else await person_changes(store, person, before, after)
            )


async def person_changes(
    store: Store, person: PersonId, before: Policy, after: Policy
) -> PersonChange:
    """What `after` changes of one record."""
    members = await store.members(person)
    seen = {member.patient: member.t for member in members}
    statements, rulings = await asyncio.gather(store.statements(seen), store.rulings(list(seen)))

    def compared() -> tuple[Difference, ...]:
        return differences(fold(statements, rulings, before), fold(statements, rulings, after))

    return PersonChange(
        person=person,
        patients=tuple(seen),
        differences=await asyncio.to_thread(compared),
    )


async def compare_waiting(store: Store) -> int:
    """Compare every proposal that waits for it with what is in force; how many there were."""
    steps = await store.policy_steps()
    waiting = [
        one for one in await store.policy_proposals() if one.compared is None and waits(one, steps)
    ]
    for proposal in waiting:
        tally = Tally()
        async for change in policy_changes(store, await store.policy(), proposal.policy):
            tally.add(change)
        await store.compared_policy(proposal.n, tally.compared)
    return len(waiting)
