"""The one record, as values: entries, each with everyone who said it.

`msgspec.Struct` rather than dataclass: a person can have ten thousand of these, and they are made
ten times as fast. `gc=False`: a tree of frozen values has no cycles for a collector to find. The
three that there are most of (`Said`, `Entry`, `Measure`) are made by position in the fold: by name
takes twice as long.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import blake2b

import msgspec

from wholerecord.fold.cancer import Cancer
from wholerecord.nhs import PartialDate
from wholerecord.people import Demographics
from wholerecord.record import MessageId, PatientId


class Kind(Enum):
    """What an entry is, in the words of the screens."""

    CONDITION = "condition"
    MEDICINE = "medicine"
    ALLERGY = "allergy"
    RESULT = "result"
    OBSERVATION = "observation"
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


class Coding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A code in a system, with the words its source sent along. "" is not said."""

    system: str = ""
    code: str = ""
    display: str = ""


class Said(msgspec.Struct, frozen=True, gc=False):
    """One statement's part in an entry: who said it, in which words, when, and where it is kept.

    (`patient`, `t`, `n`) is the statement's address. `kind` is its FHIR type and `id` the source's
    own id. `recorded` is when the source said it, `when` is when it says it happened. `words` are
    the source's own words; `status` its own FHIR status. `by` is who asserted it, where named.
    `software`: it was made by software, and says so.
    """

    patient: PatientId
    t: int
    n: int
    source: str
    kind: str
    id: str
    message: MessageId
    place: str
    received: datetime
    recorded: PartialDate | None
    when: PartialDate | None
    words: str
    codes: tuple[Coding, ...]
    status: str
    by: str = ""
    software: bool = False

    @property
    def id_key(self) -> tuple[PatientId, str, str]:
        """What a ruling or a reference calls the statement: all versions share it."""
        return (self.patient, self.kind, self.id)


class Condition(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`certainty` is confirmed, unconfirmed, suspected, refuted or family.

    `long_term` chooses the rule; `cancer` is what is said of one beside that.
    """

    certainty: str = "confirmed"
    long_term: bool = False
    side: str = ""
    severity: str = ""
    cancer: Cancer | None = None


class Medicine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of therapy. `doses` keeps each source's dose text as said, newest first.

    `state` is the furthest said: prescribed, dispensed, administered, reported, stopped; or "not
    given". `setting` names where each current prescription comes from. `substance` is the VTM's
    name. `last` is the newest word that it is used; of one that is active, it is known to be
    current until the day `current_until`, None where nothing dated says so.
    """

    substance: str
    route: str = ""
    doses: tuple[str, ...] = ()
    state: str = "prescribed"
    setting: tuple[str, ...] = ()
    stopped_because: str = ""
    last: PartialDate | None = None
    current_until: date | None = None


class Allergy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`criticality` is the highest said: high, low, unable-to-assess or "" when not said.

    `denied_by` are the statements of "no known allergies" that this entry contradicts.
    """

    criticality: str = ""
    type: str = ""
    category: str = ""
    reactions: tuple[str, ...] = ()
    denied_by: tuple[Said, ...] = ()


class Measure(msgspec.Struct, frozen=True, gc=False):
    """A result or an observation: `value` as written (`4.50`), `number` exact where it is one.

    `unit` as sent. `low` and `high` are the range its laboratory gave. `flag` is the source's
    interpretation code (H, L, HH, LL, N, A, …). `parts` are components (blood pressure).
    `group` names the report or panel. `corrected_from` are earlier values of the same result.
    `names` are the statements that it says it is of, each patient, FHIR type and the source's own
    id: what it is about (`focus`), its members, and what it is a part of.
    """

    value: str
    number: Decimal | None = None
    unit: str = ""
    low: str = ""
    high: str = ""
    flag: str = ""
    parts: tuple["Component", ...] = ()
    group: str = ""
    specimen: str = ""
    corrected_from: tuple[str, ...] = ()
    names: tuple[tuple[PatientId, str, str], ...] = ()


class Component(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A part of a measure that has parts: systolic in blood pressure."""

    title: str
    value: str
    number: Decimal | None = None
    unit: str = ""
    code: Coding | None = None
    low: str = ""
    high: str = ""
    flag: str = ""


class Immunisation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`given` is False for one that was offered and not given; `why_not` says why."""

    given: bool = True
    why_not: str = ""
    batch: str = ""
    dose_number: str = ""
    site: str = ""


class Procedure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that was done (or not: see the entry's status).

    `orders` are the `Said.id_key`s of the requests that it says it carries out.
    """

    side: str = ""
    outcome: str = ""
    orders: tuple[tuple[PatientId, str, str], ...] = ()


class Encounter(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A contact or stay. `setting` is in words: inpatient, emergency, outpatient, GP, home.

    `orders` are the `Said.id_key`s of the requests and bookings that it says it carries out.
    """

    setting: str = ""
    where: str = ""
    reason: str = ""
    discharged_to: str = ""
    clinician: str = ""
    orders: tuple[tuple[PatientId, str, str], ...] = ()


class Document(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A letter, report or note. `text` is what it says where there is text; `unread` why not."""

    type: str = ""
    author: str = ""
    media: str = ""
    text: str = ""
    unread: str = ""


class CarePlan(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is agreed: goals and activities, each as said."""

    goals: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    author: str = ""


class Plain(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Anything else: alerts, about me, team, services, types not folded yet. Labelled texts."""

    lines: tuple[tuple[str, str], ...] = ()


Detail = (
    Condition
    | Medicine
    | Allergy
    | Measure
    | Immunisation
    | Procedure
    | Encounter
    | Document
    | CarePlan
    | Plain
)


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One real thing, said by one or more statements. `said_by` is oldest recorded first.

    `code` is the most specific credible one.
    `status` is active, remission, resolved, stopped, planned, refuted, final, preliminary,
    corrected or unknown: "" is never none. `why` is the rule that joined the statements, in words.
    `labels` are sensitivities that rules may withhold (`sexual-health`, `sealed`).
    `conflict` says in words where the sources disagree. `rulings` are the numbers of the rulings
    that shaped it. `unverified`: only software said it, and no professional has attested it;
    `attested` are the numbers of the rulings by which somebody answers for what software said.
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
