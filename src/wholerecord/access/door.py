"""The door: what an entry point is given instead of a database.

Whoever holds a `Door` has no way to a record that leaves no opening behind. A refusal is a value:
an exception would undo the audit of the refusal. Behind it are rooms by subject: opening a record
and finding people here, originals, rulings, identity and the desk, counting.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wholerecord.access.bench import BenchRoom
from wholerecord.access.changes import ChangesRoom
from wholerecord.access.claiming import ClaimRoom
from wholerecord.access.correcting import CorrectionRoom
from wholerecord.access.counting import Counting
from wholerecord.access.decide import decide, is_related
from wholerecord.access.desk import DeskRoom
from wholerecord.access.evidence import EvidenceRoom
from wholerecord.access.explaining import ExplainRoom
from wholerecord.access.looking_up import LookUpRoom
from wholerecord.access.marks import marks_of
from wholerecord.access.matching import MatchRoom
from wholerecord.access.news import NewsRoom
from wholerecord.access.opening import Actor, Opened, Refused
from wholerecord.access.original import Originals
from wholerecord.access.policy_room import PolicyRoom
from wholerecord.access.preferring import PreferenceRoom
from wholerecord.access.prompting import PromptRoom
from wholerecord.access.reviewing import ReviewRoom
from wholerecord.access.room import Way, shown_members
from wholerecord.access.say import SayRoom
from wholerecord.access.shielding import ShieldRoom
from wholerecord.access.simulating import SimulateRoom
from wholerecord.access.studying import StudyRoom
from wholerecord.access.telling import TellingRoom
from wholerecord.access.tie import without_ground
from wholerecord.access.told import ToldRoom
from wholerecord.access.views import OF_WHO, for_view
from wholerecord.access.whereabouts import in_outline, is_restricted, unplaced
from wholerecord.access.whois import WhoIsRoom
from wholerecord.audit import Opening
from wholerecord.consent import Purpose, Role, View
from wholerecord.people import LinkEvent, Member
from wholerecord.people.search import Search, agrees
from wholerecord.record import PersonId

#: Roles that decide, or write down what was decided.
_DECIDING = frozenset({Role.PATIENT.value, Role.RECEPTIONIST.value})
#: People listed in answer to one search. More is browsing, not finding.
_MOST_FOUND = 20
#: Looks listed to whoever asks who looked: all of them, for any person there is.
_MOST_LOOKS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A line in a list of people. `related`: the actor's organisation cares for them.

    The members have the postcode alone of where they live; a restricted person's not even that.
    """

    person: PersonId
    members: tuple[Member, ...]
    related: bool


class Doorway(Way):
    """What all doors of one process share: the store, and what is remembered of it."""

    def door(self, actor: Actor) -> "Door":
        """The door, for `actor`."""
        return Door(self, actor)


class Door(
    SayRoom,
    NewsRoom,
    ChangesRoom,
    Originals,
    ShieldRoom,
    ExplainRoom,
    EvidenceRoom,
    TellingRoom,
    ToldRoom,
    PreferenceRoom,
    ReviewRoom,
    PromptRoom,
    DeskRoom,
    MatchRoom,
    BenchRoom,
    ClaimRoom,
    CorrectionRoom,
    Counting,
    WhoIsRoom,
    StudyRoom,
    PolicyRoom,
    LookUpRoom,
    SimulateRoom,
):
    """The only way to a person's record."""

    async def open(
        self,
        person: PersonId,
        *,
        purpose: Purpose,
        view: View = View.RECORD,
        part: str = "",
        given: str = "",
        at: datetime | None = None,
    ) -> Opened | Refused:
        """What the view is for of the record as this actor may see it (as known at `at`).

        Or why not. Audited. Nobody's id is refused like any other, by rule: a door does not say who
        exists.
        """
        look = await self._look(self._asking(person, purpose, view, part=part, given=given, at=at))
        if isinstance(look, Refused):
            return look
        members = look.members if view in OF_WHO else ()
        feeds, parked = await self._way.surroundings.of(members)
        of_record = view is View.RECORD
        return Opened(
            person=person,
            record=for_view(look.shown, view, part),
            members=in_outline(members) if view is View.FIND else members,
            opening=look.opening,
            verdict=look.verdict,
            withheld=look.withheld if view in {View.RECORD, View.PROVENANCE} else 0,
            feeds=feeds,
            parked=parked if of_record else (),
            policy=look.facts.policy,
            now=look.now,
        )

    async def find(
        self, search: Search, *, purpose: Purpose = Purpose.DIRECT_CARE, given: str = ""
    ) -> tuple[Found, ...] | Refused:
        """The people a search names, each an opening of their own; or why nobody may be listed.

        The line of a restricted person has no address, as everywhere.
        """
        hits: dict[PersonId, list[Member]] = {}
        for person, member in await self._store.find(search.keys):
            if agrees(search, member.demographics):
                hits.setdefault(person, []).append(member)
        people = list(hits)[:_MOST_FOUND]
        asks = [self._asking(one, purpose, View.FIND, given=given) for one in (people or [None])]
        asked = await asyncio.gather(*(self._store.open(ask, decide) for ask in asks))
        refused = next((reply for reply in asked if not reply[2].allowed), None)
        if refused is not None and not any(reply[2].allowed for reply in asked):
            return Refused(reason=refused[2].reason, opening=refused[0])
        return tuple(
            Found(
                person=person,
                members=_line(facts.members, shown_members(facts.members, verdict)),
                related=is_related(ask, facts),
            )
            for person, ask, (_, facts, verdict) in zip(people, asks, asked, strict=False)
            if verdict.allowed
        )

    async def who_looked(
        self,
        person: PersonId,
        *,
        purpose: Purpose,
        limit: int = _MOST_LOOKS,
        before: int | None = None,
    ) -> tuple[Opening, ...] | Refused:
        """The openings of this person's record, newest first, this one included; or why not.

        As many as `limit`, and with `before` those whose `n` is smaller: fewer, and there are none
        before them.

        Whoever looks for the person is not told which parts others looked at, how much there was,
        nor by what they were related: each may be hidden from them. That the person went to decide
        who sees what is left out, with its number: it says that there is something to hide.
        """
        refused = await self._may(self._asking(person, purpose, View.OPENINGS))
        if refused:
            return refused
        if purpose is not Purpose.OWN_RECORD or self.actor.person == person:
            return tuple(await self._store.openings_of(person, limit=limit, before=before))
        found: list[Opening] = []
        page = limit  # a short page would say that something is left out of it
        while page and len(found) < limit:
            looks = await self._store.openings_of(person, limit=page, before=before)
            found += (
                replace(look, part="", seen={}, nth=0, reason=without_ground(look.reason))
                for look in looks
                if not _decides(look)
            )
            before, page = looks[-1].n if looks else before, page if len(looks) == page else 0
        return tuple(found[:limit])

    async def last_look(self, person: PersonId, before: Opening) -> Opening | None:
        """This actor's last look at the record earlier than `before`. Says nothing of others."""
        return await self._store.last_opening(
            person, self.actor.id, View.RECORD.value, before=before.n
        )

    async def links(self, opened: Opened, *, at: datetime | None = None) -> Sequence[LinkEvent]:
        """How the patients of a record already opened came to be one person, oldest first.

        With `at`, as of which the record was opened: what was decided until then.
        """
        said = await self._store.events(opened.person)
        events = [event for event in said if at is None or event.at <= at]
        if not marks_of(opened.verdict.withheld).sources:
            return events
        shown = {member.patient for member in opened.members}
        return [event for event in events if event.patient in shown]


def _decides(look: Opening) -> bool:
    """Whether it is of the person's own decisions, made by them or written down for them."""
    return look.role in _DECIDING and look.view == View.RULES.value


def _line(whole: Sequence[Member], shown: Sequence[Member]) -> tuple[Member, ...]:
    return unplaced(shown) if is_restricted(whole) else in_outline(shown)
