"""What an entry says beyond what every entry says, a value for each kind."""

from datetime import date
from decimal import Decimal

import msgspec

from wholerecord.fold.cancer import Cancer
from wholerecord.fold.said import Coding, Said
from wholerecord.nhs import PartialDate
from wholerecord.record import PatientId


class Condition(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`certainty` is confirmed, unconfirmed, suspected, refuted or family.

    `long_term` chooses the rule; `cancer` is what is said of one beside that.
    """

    certainty: str = "confirmed"
    long_term: bool = False
    side: str = ""
    severity: str = ""
    cancer: Cancer | None = None


class Word(msgspec.Struct, frozen=True, gc=False):
    """What one version of one statement says of taking a medicine.

    `says` is current, on hold, ended, planned, handed out, given, or "" for none of these. It says
    so from `since` on, and said so last on `told`; `ended` is the day it gives for the end,
    `until` the last day until which it is good (see `supply`). `doses` are as written, with the
    product where that has a strength, `because` is why it was changed or stopped. `now`: no later
    version is known. `place` is where it is for, if that is said: home from hospital, or ward.
    """

    said: Said
    says: str
    doses: tuple[str, ...]
    since: PartialDate | None
    told: PartialDate | None
    ended: PartialDate | None
    until: date | None
    because: str = ""
    now: bool = True
    place: str = ""


class Medicine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of therapy. `doses` keeps each source's dose text as said, newest first.

    `state` is the furthest said: prescribed, dispensed, administered, reported, stopped; or "not
    given". `setting` names where each current prescription comes from. `substance` is the VTM's
    name. `last` is the newest word that it is used; of one that is active, it is known to be
    current until the day `current_until`, None where nothing dated says so. `words` are what each
    statement and each earlier version of it said, oldest first.
    """

    substance: str
    route: str = ""
    doses: tuple[str, ...] = ()
    state: str = "prescribed"
    setting: tuple[str, ...] = ()
    stopped_because: str = ""
    last: PartialDate | None = None
    current_until: date | None = None
    words: tuple[Word, ...] = ()


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


class Habit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one version of one statement says of how somebody lives: `value` in words.

    `claim` is has, had, has not or never where it says so of smoking and the like, else "". `now`:
    no later version of the statement is known.
    """

    said: Said
    value: str
    number: Decimal | None = None
    unit: str = ""
    claim: str = ""
    now: bool = True


class SocialHistory(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One topic of how somebody lives, the newest word first and every other beside it."""

    topic: str
    habits: tuple[Habit, ...] = ()

    @property
    def value(self) -> str:
        """The newest word; a newer one that there is none does not stand without what there was."""
        newest = self.habits[0]
        if newest.claim not in {"has not", "never"}:
            return newest.value
        was = next((one for one in self.habits if one.now and one.claim in {"has", "had"}), None)
        return f"{newest.value}; also said: {was.value}" if was else newest.value


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
    | SocialHistory
)
