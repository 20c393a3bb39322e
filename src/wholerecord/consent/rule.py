"""Rules as rows. `access` decides with them; nothing else does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from wholerecord.consent.period import Period, within
from wholerecord.record import PersonId


class Purpose(Enum):
    """Why somebody looks."""

    DIRECT_CARE = "direct care"
    OWN_RECORD = "own record"
    ADMINISTRATION = "administration"
    SAFETY_REVIEW = "safety review"
    PLANNING = "planning"
    RESEARCH = "research"
    EMERGENCY = "emergency"


class View(Enum):
    """What they look at."""

    FIND = "find"  #: a line in a list of people: name, date of birth, NHS number
    DEMOGRAPHICS = "demographics"
    RECORD = "record"  #: the folded record, whole or as a screen of it
    PROVENANCE = "provenance"  #: what each source said about one entry
    MESSAGE = "message"  #: the original message
    OPENINGS = "openings"  #: who looked
    DESK = "desk"  #: parked items, feeds, possible matches: work about messages and identity
    RULES = "rules"  #: who may see what, and the person's own decisions about it
    RULING = "ruling"  #: to rule on entries and to join or unlink
    SAY = "say"  #: to write a statement about somebody
    REGISTER = "register"  #: to say who somebody new is, or what is about nobody
    COUNT = "count"  #: de-identified and aggregate
    SIGN_IN = "sign-in"  #: that somebody came, and was let in or turned away
    CLAIM = "claim"  #: to say that one cares for somebody, with a reason


class Role(Enum):
    """What somebody is while they look: CIS2 role names, made plain for the demonstration."""

    DOCTOR = "doctor"
    GP = "general practitioner"
    NURSE = "nurse"
    PHARMACIST = "pharmacist"
    SOCIAL_WORKER = "social worker"
    RECEPTIONIST = "receptionist"
    GOVERNANCE = "governance officer"
    RESEARCHER = "researcher"
    PLANNER = "planner"
    PATIENT = "patient"
    CARER = "carer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One allow or deny, with its reason. What is None matches anything.

    The most specific matching rule wins (person before actor before organisation before role
    before view); among equals deny beats allow; no rule means no.

    `related` makes an allow count only when the actor has a legitimate relationship with the
    person: a source of their organisation knows them, what was said makes one, or the actor claimed
    it (see `access.tie`). `kinds` narrows what an allow shows to entries of those kinds
    (`fold.Kind` values; empty: all). A rule with a `label`, a `kind`, a `source`, an `author` or an
    `item` (of which it has one at most) speaks only about entries with that label, of that kind,
    about what that source said, what somebody of that name wrote, or about the entry said by that
    statement (`patient/type/id`); one with a `period` only about those of that time, or all of that
    time. Such a rule withholds (deny) or shows (allow) them and decides nothing else. `basis` is
    the legal basis, in words, and `controller` the organisation (ODS code) that answers for it.
    """

    n: int = 0
    allow: bool
    purpose: Purpose
    reason: str
    view: View | None = None
    role: Role | None = None
    organisation: str | None = None
    actor: str | None = None
    person: PersonId | None = None
    related: bool = False
    kinds: tuple[str, ...] = ()
    label: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    kind: str | None = None
    source: str | None = None
    item: str | None = None
    author: str | None = None
    period: Period | None = None
    basis: str = ""
    controller: str = ""

    @property
    def withholds(self) -> str | None:
        """What the rule speaks about: a label, or `kind:`, `source:` and so on and which; or None.

        A `period` stands before it.

        >>> Rule(allow=False, purpose=Purpose.DIRECT_CARE, reason="", kind="medicine").withholds
        'kind:medicine'
        """
        return within(self.period, self._thing)

    @property
    def _thing(self) -> str | None:
        if self.label is not None:
            return self.label
        if self.kind is not None:
            return f"kind:{self.kind}"
        if self.source is not None:
            return f"source:{self.source}"
        if self.author is not None:
            return f"author:{name_of(self.author)}"
        return None if self.item is None else f"item:{self.item}"

    @property
    def specificity(self) -> int:
        """Larger beats smaller: person 16, actor 8, organisation 4, role 2, view 1."""
        return (
            16 * (self.person is not None)
            + 8 * (self.actor is not None)
            + 4 * (self.organisation is not None)
            + 2 * (self.role is not None)
            + (self.view is not None)
        )


def name_of(author: str) -> str:
    """Somebody's name, to compare: a rule is about who is named so, however it is spelt.

    >>> name_of(" Dr  Ada LOVELACE")
    'dr ada lovelace'
    """
    return " ".join(author.casefold().split())


class Rules(Protocol):
    """Where rules are kept. A rule is never changed: it ends, and another begins."""

    async def add_rule(self, rule: Rule) -> Rule:
        """Keep `rule` and return it with its number."""
        ...

    async def end_rule(self, n: int) -> None:
        """The rule counts no longer.

        Raises:
            NotFound: there is no such rule.
        """
        ...

    async def rules(self, *, person: PersonId | None = None) -> Sequence[Rule]:
        """The rules in force: the general ones and, with `person`, theirs."""
        ...

    async def rules_of(self, people: Sequence[PersonId]) -> Sequence[Rule]:
        """The rules in force: the general ones, and each of these people's own. By number."""
        ...

    async def refusals(self, purpose: Purpose, project: str = "") -> Sequence[Rule]:
        """The rules of those who opted out: of people's own, those in force that refuse `purpose`.

        With `project`, those who refuse that one study project are among them. By number.
        """
        ...
