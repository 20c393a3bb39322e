"""Which patients are one person: a decision with evidence, and every decision can be undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from wholerecord.people.demographics import Demographics
from wholerecord.record import PatientId, PersonId


class Outcome(Enum):
    """What the evidence allows. POSSIBLE goes to people and is never joined silently."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NONE = "none"


class Act(Enum):
    """What a link event did."""

    LINK = "link"  #: the rules joined the patient to a person, or made a person of them
    MERGE = "merge"  #: the source said two of its patients are one (HL7 v2 A40)
    JOIN = "join"  #: a named professional joined them
    UNLINK = "unlink"  #: a named professional took the patient out again
    UNMERGE = "unmerge"  #: the source said they are two after all (HL7 v2 A37); undoes its merge
    VETO = "veto"  #: a named professional said these are not one person; nothing moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One comparison's share of the evidence. `weight` is in bits; negative speaks against."""

    comparison: str
    weight: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A patient already linked, who shares a blocking key with the newcomer."""

    patient: PatientId
    person: PersonId
    demographics: Demographics


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """A person the newcomer might be, with the evidence."""

    person: PersonId
    weight: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a newcomer: `person` is set when CERTAIN. `possible` goes to review."""

    outcome: Outcome
    person: PersonId | None
    weight: float
    parts: tuple[Part, ...]
    possible: tuple[Possible, ...]
    why: str


#: Decides for a newcomer among candidates. Pure; any order of candidates gives the same decision.
Decide = Callable[[Demographics, Sequence[Candidate]], Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent:
    """One decision about one patient: before it they were `was`, after it they are `person`.

    `was` is None for a patient's first. For a VETO, `person` is the person they are not and nobody
    moves. `by` is a user's id, or `rules`. `model` names the version of the rules or weights.
    """

    n: int
    act: Act
    patient: PatientId
    person: PersonId
    was: PersonId | None
    weight: float
    parts: tuple[Part, ...]
    by: str
    why: str
    model: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A patient who is part of a person, as they stand now."""

    patient: PatientId
    source: str
    number: str
    controller: str
    t: int
    demographics: Demographics


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A possible match for people to decide: is `patient` also `person`?"""

    n: int
    patient: PatientId
    person: PersonId
    patient_person: PersonId
    weight: float
    parts: tuple[Part, ...]
    since: datetime


class Register(Protocol):
    """Who is who. Every change is an event; the present state is what the events say."""

    async def link_waiting(
        self, decide: Decide, *, limit: int = 256, model: str = ""
    ) -> Sequence[LinkEvent]:
        """Decide for patients whose demographics are new or changed; carry out waiting merges
        and unmerges, in the order they were said.

        Empty when nothing waits. A patient who is already linked is not moved by a later change of
        demographics: where it now speaks against their link, it goes to review. An unlinked or
        vetoed pair is never joined again by rule. `model` is written into the events.
        """
        ...

    async def join(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """Make `patient` part of `person`.

        Raises:
            NotFound: no such patient or person.
        """
        ...

    async def unlink(self, patient: PatientId, *, by: str, why: str) -> LinkEvent:
        """Take `patient` out: back to who they were before their last link, else alone.

        Raises:
            NotFound: no such patient.
        """
        ...

    async def veto(self, patient: PatientId, person: PersonId, *, by: str, why: str) -> LinkEvent:
        """Say that `patient` is not `person`; closes their review."""
        ...

    async def reviews(self) -> Sequence[Review]:
        """Possible matches nobody has decided, strongest first."""
        ...

    async def members(self, person: PersonId, *, at: datetime | None = None) -> Sequence[Member]:
        """The patients who are `person` (as the links stood at `at`), by source and number.

        With `at`, each member's `t` is what it was then. Empty: nobody was.
        """
        ...

    async def person_of(self, patient: PatientId) -> PersonId | None:
        """Who the patient is now."""
        ...

    async def people(self) -> Sequence[PersonId]:
        """Every person who has a patient now."""
        ...

    async def events(self, person: PersonId) -> Sequence[LinkEvent]:
        """Every event that brought a patient into or out of `person`, oldest first."""
        ...

    async def find(self, keys: Sequence[int]) -> Sequence[tuple[PersonId, Member]]:
        """The linked patients who have any of these blocking keys."""
        ...
