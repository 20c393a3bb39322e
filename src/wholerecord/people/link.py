"""Which patients are one person: a decision with evidence, and every decision can be undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import msgspec

from wholerecord.people.demographics import Demographics
from wholerecord.record import PatientId, PersonId


class Outcome(Enum):
    """What the evidence allows. POSSIBLE and SEVERAL go to people; neither is joined silently."""

    CERTAIN = "certain"
    POSSIBLE = "possible"  #: one person it may be
    SEVERAL = "several"  #: more persons than one fit, and evidence cannot choose between them
    NONE = "none"


class Act(Enum):
    """What a link event did."""

    LINK = "link"  #: the rules joined the patient to a person, or made a person of them
    MERGE = "merge"  #: the source said two of its patients are one (HL7 v2 A40)
    JOIN = "join"  #: a named professional joined them
    UNLINK = "unlink"  #: a named professional took the patient out again
    UNMERGE = "unmerge"  #: the source said they are two after all (HL7 v2 A37); undoes its merge
    VETO = "veto"  #: a named professional said these are not one person; nothing moves
    RETRACT = "retract"  #: a veto was taken back; nothing moves
    UNSURE = "unsure"  #: a named professional could not tell; nothing moves
    PROPOSE = "propose"  #: somebody asked to split a restricted person; a second does it


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One comparison's share of the evidence. `weight` is in bits; negative speaks against."""

    comparison: str
    weight: float
    why: str


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A patient already linked, who shares a blocking key with the newcomer.

    A struct and not a dataclass because every newcomer has many.
    """

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
class Fit:
    """How well a person fits what is said of somebody, and why. `weight` is in bits."""

    person: PersonId
    outcome: Outcome
    weight: float
    parts: tuple[Part, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a newcomer: `person` is set when CERTAIN. `possible` goes to review.

    `also` are patients of other persons whom the newcomer certainly is too: see `people.bridge`.
    """

    outcome: Outcome
    person: PersonId | None
    weight: float
    parts: tuple[Part, ...]
    possible: tuple[Possible, ...]
    why: str
    also: tuple[PatientId, ...] = ()


#: Decides for a newcomer among candidates. Pure; any order of candidates gives the same decision.
Decide = Callable[[Demographics, Sequence[Candidate]], Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent:
    """One decision about one patient: before it they were `was`, after it they are `person`.

    `was` is None for a patient's first. For a VETO or RETRACT, `person` is the person it is about
    and nobody moves; so it is for UNSURE and PROPOSE. `by` is a user's id, or `rules`. `model`
    names the version of the rules or weights.
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
    """A possible match for people to decide: is `patient` also `person`?

    With `against` the patient is that person already, and something speaks against it. `why` is a
    detector's reason. `unsure` is how often somebody looked and could not tell.
    """

    n: int
    patient: PatientId
    person: PersonId
    patient_person: PersonId
    weight: float
    parts: tuple[Part, ...]
    since: datetime
    against: bool = False
    why: str = ""
    unsure: int = 0
