"""Facts that were wrong, and who opened the record while it showed them.

An entry is wrong once its source takes it back or corrects it, or a professional rules it wrong.
Whoever was shown the record in between is told once, as whoever saw two people as one is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from wholerecord.audit import Opening
from wholerecord.consent import Role, View
from wholerecord.fold import Ruling, Verdict
from wholerecord.record import PatientId, PersonId

#: Views that show entries.
_SHOWING = frozenset({View.RECORD.value, View.PROVENANCE.value})
#: Who is told: staff. A carer may be whom something is hidden from; programs read nothing.
_NOT_TOLD = frozenset({Role.PATIENT.value, Role.CARER.value, Role.SYSTEM.value})


class Wrong(Enum):
    """What became of it."""

    TAKEN_BACK = "taken back"
    CORRECTED = "corrected"
    RULED = "ruled wrong"
    ANOTHERS = "ruled to be of another person"
    SUPERSEDED = "ruled superseded"
    SIDE = "ruled to be on another side"
    UPHELD = "disputed, and the dispute upheld"


#: How a ruling makes a fact wrong.
RULED_AS = {
    Verdict.WRONG: Wrong.RULED,
    Verdict.WRONG_PERSON: Wrong.ANOTHERS,
    Verdict.SUPERSEDED: Wrong.SUPERSEDED,
    Verdict.SIDE: Wrong.SIDE,
    Verdict.UPHELD: Wrong.UPHELD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongFact:
    """The resource `kind`/`own` of a patient, known to be wrong since `at`.

    `first` is the patient's `t` when it was first said, `stood` the last at which it stood.
    """

    person: PersonId
    patient: PatientId
    kind: str
    own: str
    first: int
    stood: int
    at: datetime
    how: Wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Misinformed:
    """Somebody who opened the record meanwhile, `looks` times. `fact` is the wrong fact's number.

    `read` is when they said they know, None until then.
    """

    fact: int
    person: PersonId
    how: Wrong
    at: datetime
    actor: str
    name: str
    role: str
    organisation: str
    looks: int
    last: datetime
    read: datetime | None = None


class WrongFacts(Protocol):
    """Where wrong facts are kept, and who is told of them."""

    async def keep_wrong(self, fact: WrongFact, misinformed: Sequence[Misinformed]) -> bool:
        """Keep a fact and whom to tell, in one commit; False, and nothing, where it is known."""
        ...

    async def wrong_rulings(self, *, after: int) -> Sequence[Ruling]:
        """Rulings with a larger `n` that say something is wrong and stand, by `n`."""
        ...

    async def misinformed(self, person: PersonId) -> Sequence[Misinformed]:
        """Everybody who is or was to be told of this person, the newest fact first."""
        ...

    async def wrong_notices(self, actor: str) -> Sequence[Misinformed]:
        """What `actor` is to be told and has not said they know, newest first."""
        ...

    async def wrong_noticed(self, actor: str, fact: int) -> None:
        """Keep that `actor` knows of it. Twice is once."""
        ...


def misinformed_by(
    fact: WrongFact, looks: Iterable[Opening], shown_by: frozenset[int]
) -> list[Misinformed]:
    """Who was shown the fact before it was known to be wrong, by actor. Pure.

    `shown_by` are the rules that let somebody see an entry of its kind. `fact` is 0 until kept.
    """
    theirs: defaultdict[str, list[Opening]] = defaultdict(list)
    for look in looks:
        if (
            look.allowed
            and look.view in _SHOWING
            and look.role not in _NOT_TOLD
            and look.rule in shown_by
            and look.at <= fact.at
            and look.seen.get(fact.patient, 0) >= fact.first
        ):
            theirs[look.actor].append(look)
    found: list[Misinformed] = []
    for actor, each in sorted(theirs.items()):
        last = max(each, key=lambda look: look.n)
        found.append(
            Misinformed(
                fact=0,
                person=fact.person,
                how=fact.how,
                at=fact.at,
                actor=actor,
                name=last.name,
                role=last.role,
                organisation=last.organisation,
                looks=len(each),
                last=last.at,
            )
        )
    return found
