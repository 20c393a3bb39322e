"""The one record, as values: entries, each with everyone who said it.

The three that there are most of (`Said`, `Entry`, `Measure`) are made by position in the fold: by
name takes twice as long.
"""

from collections.abc import Mapping
from enum import Enum
from hashlib import blake2b

import msgspec

from wholerecord.fold.details import (
    Allergy,
    CarePlan,
    Component,
    Condition,
    Detail,
    Document,
    Encounter,
    Habit,
    Immunisation,
    Measure,
    Medicine,
    Plain,
    Procedure,
    SocialHistory,
    Word,
)
from wholerecord.fold.said import Coding, Said
from wholerecord.nhs import PartialDate
from wholerecord.people import Demographics
from wholerecord.record import PatientId

__all__ = [
    "Allergy",
    "CarePlan",
    "Coding",
    "Component",
    "Condition",
    "Detail",
    "Document",
    "Encounter",
    "Entry",
    "Habit",
    "Immunisation",
    "Kind",
    "Measure",
    "Medicine",
    "Negative",
    "Plain",
    "Procedure",
    "Record",
    "Said",
    "SocialHistory",
    "Unfolded",
    "Who",
    "Word",
]


class Kind(Enum):
    """What an entry is, in the words of the screens."""

    CONDITION = "condition"
    MEDICINE = "medicine"
    ALLERGY = "allergy"
    RESULT = "result"
    OBSERVATION = "observation"
    SOCIAL_HISTORY = "social-history"
    IMMUNISATION = "immunisation"
    PROCEDURE = "procedure"
    ENCOUNTER = "encounter"
    DOCUMENT = "document"
    CARE_PLAN = "care-plan"
    SOCIAL_CARE = "social-care"
    ALERT = "alert"
    ABOUT_ME = "about-me"
    TEAM = "team"
    OTHER = "other"


#: Statuses of an entry that counts for nothing: ruled out, or ruled wrong or superseded.
NOT_SO = frozenset({"refuted", "superseded"})


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One real thing, said by one or more statements. `said_by` is oldest recorded first.

    `code` is the most specific credible one.
    `status` is active, remission, resolved, stopped, planned, refuted, superseded, final,
    preliminary, corrected or unknown: "" is never none. `why` is the rule that joined the
    statements, in words.
    `labels` are sensitivities that rules may withhold (`sexual-health`, `sealed`).
    `conflict` says in words where the sources disagree. `rulings` are the numbers of the rulings
    that shaped it. `unverified`: only software said it, and no professional has attested it;
    `attested` are the numbers of the rulings by which somebody answers for what software said.
    `corrected` says in words what of it a ruling corrected, and what its sources said.
    """

    kind: Kind
    title: str
    code: Coding | None
    when: PartialDate | None
    until: PartialDate | None
    status: str
    said_by: tuple[Said, ...]
    why: str
    detail: Detail
    labels: frozenset[str] = frozenset()
    conflict: str = ""
    rulings: tuple[int, ...] = ()
    unverified: bool = False
    attested: tuple[int, ...] = ()
    corrected: str = ""

    @property
    def key(self) -> str:
        """16 hexadecimal digits from the kind and the smallest address: stable, whatever the order.

        Worked out when asked: a page asks a hundred entries of ten thousand, and a hash is a tenth
        of what it takes to make one.
        """
        said_by = self.said_by
        patient, fhir, given = (
            said_by[0].id_key if len(said_by) == 1 else min([said.id_key for said in said_by])
        )
        name = f"{self.kind.value}\0{patient}\0{fhir}\0{given}".encode()
        return blake2b(name, digest_size=8).hexdigest()

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that say it, by name, each once."""
        return tuple(sorted({said.source for said in self.said_by}))


class Negative(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A statement that there is none ("no known allergies"): dated and attributed, never alone.

    `labels`, `unverified` and `attested` as of an entry.
    """

    kind: Kind
    title: str
    said: Said
    labels: frozenset[str] = frozenset()
    unverified: bool = False
    attested: tuple[int, ...] = ()


class Unfolded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A statement that is not part of any entry, and why: superseded, retracted or parked.

    `labels` as of an entry; one that cannot be read at all has every label.
    """

    said: Said
    why: str
    labels: frozenset[str] = frozenset()


class Who(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What each patient's newest `Patient` statement says of who they are, newest first.

    `best` takes each part from the most trusted source that says it; `said_by` are all of them.
    """

    best: Demographics
    said_by: tuple[tuple[Said, Demographics], ...]


class Record(msgspec.Struct, frozen=True, kw_only=True, weakref=True):
    """What all sources together say about one person, as of each patient's `t`.

    Every statement given to the fold is in exactly one of: some entry's `said_by` or
    a medicine's, allergy's or measure's own list of it; `negatives`; `who.said_by`; `superseded`;
    `parked`. `statements` is how many there were, `labels` every label that anything here has.
    It can be referred to weakly: what else is worked out of it lives as long as it does (`once`).
    """

    t: Mapping[PatientId, int]
    who: Who | None
    entries: tuple[Entry, ...]
    negatives: tuple[Negative, ...]
    superseded: tuple[Unfolded, ...]
    parked: tuple[Unfolded, ...]
    statements: int
    labels: frozenset[str]
    policy: str

    def of(self, kind: Kind) -> tuple[Entry, ...]:
        """The entries of one kind, newest first."""
        return tuple([entry for entry in self.entries if entry.kind is kind])
