"""What the door asks of a store, and what it gives back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wholerecord.access.limits import Limits
from wholerecord.access.tie import Tie
from wholerecord.audit import Opening
from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.fold import Record
from wholerecord.fold.policy import POLICY, Policy
from wholerecord.intake import Feed, Parked
from wholerecord.people import Member
from wholerecord.record import PersonId, is_app


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody signed in, in the role and for the organisation (ODS code) they chose.

    `person` is whose record is their own, for patients. `limits` are those of the app they look
    through; None: they look themselves.
    """

    id: str
    name: str
    role: Role
    organisation: str
    person: PersonId | None = None
    limits: Limits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request to look. `person` is None for what is about no single person.

    `given` is the reason typed when breaking the glass. `at` asks for the past.
    """

    actor: Actor
    purpose: Purpose
    view: View
    person: PersonId | None
    part: str = ""
    given: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the store knows that the decision needs, read in the transaction that audits it.

    `members` are as of `ask.at`. `rules` are those in force, general and the person's own: a list,
    or a `consent.book.Book` by which a decision finds those near it.
    `rulings` is a number that changes whenever a ruling about the members is made or withdrawn.
    `policy` is the one in force as of `ask.at`; it decides nothing about who may look.
    `ties` are the relationships made by what was said or claimed, as of now: read where they can
    count (see `may_need_ties`).
    """

    members: tuple[Member, ...]
    rules: Sequence[Rule]
    rulings: int
    now: datetime
    policy: Policy = POLICY
    ties: tuple[Tie, ...] = ()

    @property
    def controllers(self) -> frozenset[str]:
        """The organisations whose sources know this person.

        Who is known to any other source is not cared for by whoever only wrote about them: to
        write somebody's name and number must not open their record.
        """
        return controllers_of(self.members)

    def ties_with(self, actor: Actor) -> list[Tie]:
        """What makes relationships with this actor now, but that a source of theirs knows them."""
        place, who, now = actor.organisation, actor.id, self.now
        return [tie for tie in self.ties if tie.is_of(place, who) and tie.holds(now)]


def controllers_of(members: Sequence[Member]) -> frozenset[str]:
    """See `Facts.controllers`."""
    fed = frozenset(one.controller for one in members if not is_app(one.source))
    return fed or frozenset(one.controller for one in members)


def may_need_ties(ask: Ask, members: Sequence[Member]) -> bool:
    """Whether what makes a relationship can matter to a request about these members.

    To an organisation whose sources know the person nothing more is needed.
    """
    if ask.person is None or not members:
        return False
    return ask.view is View.RULES or ask.actor.organisation not in controllers_of(members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rules say. `kinds` empty: every kind may be seen.

    `withheld` may not be: labels, and what `Rule.withholds` calls a kind, a source or an item. Of
    that, `own` is what the person's own rules hide.
    """

    allowed: bool
    rule: int
    reason: str
    kinds: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    may_break_glass: bool = False
    may_claim: bool = False


#: Decides a request from facts. Pure.
DecideAccess = Callable[[Ask, Facts], Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The record, as this actor may see it now, and the opening that says they saw it.

    `record` holds what the view is for, folded of nothing that is withheld. `withheld` counts
    entries left out, by label or kind, to be indicated to staff; to whoever looks for the person
    themselves it is always 0, for a carer may be whom it is hidden from. `members` and the record
    say nothing of where a restricted person lives. `feeds` are the sources that know the person,
    `parked` what of theirs could not be filed: either may hide something about this person, so
    both are named on the first screen. `policy` is the one it was folded by. `now` is who they have
    become since, where it is a past look at an id by which nobody is any more.
    """

    person: PersonId
    record: Record
    members: tuple[Member, ...]
    opening: Opening
    verdict: Verdict
    withheld: int = 0
    feeds: tuple[Feed, ...] = ()
    parked: tuple[Parked, ...] = ()
    policy: Policy = POLICY
    now: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No, and which rule says so. The refusal is audited too.

    `may_claim`: who asks may say that they care for the person, and ask again.
    """

    reason: str
    opening: Opening
    may_break_glass: bool = False
    may_claim: bool = False


class Openings(Protocol):
    """Where looks are decided and written down in one transaction."""

    async def open(self, ask: Ask, decide: DecideAccess) -> tuple[Opening, Facts, Verdict]:
        """Read the facts, decide, append the opening, commit. Gathered: callers share commits.

        A person nobody is has no members; that too is decided and written down.
        """
        ...

    async def weigh(self, ask: Ask, decide: DecideAccess) -> tuple[Facts, Verdict]:
        """Read the facts and decide, for whoever is shown nothing: it is not written down."""
        ...
