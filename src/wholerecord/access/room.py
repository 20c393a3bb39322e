"""What every room behind the door has: who asks, what is shared, and the one way to look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wholerecord.access.decide import decide, decide_as_of
from wholerecord.access.folds import Folds
from wholerecord.access.former import became, decide_former
from wholerecord.access.marks import marks_of
from wholerecord.access.narrow import narrow
from wholerecord.access.newest import Newest
from wholerecord.access.opening import Actor, Ask, DecideAccess, Facts, Refused, Verdict
from wholerecord.access.read_before import ReadBefore
from wholerecord.access.standing import Standing, standing_of
from wholerecord.access.store import Store
from wholerecord.access.surroundings import Surroundings
from wholerecord.access.whereabouts import is_restricted, unplaced
from wholerecord.audit import Opening, Tiles
from wholerecord.consent import Purpose, View
from wholerecord.consent.indication import INDICATED
from wholerecord.fold import Record
from wholerecord.people import Member
from wholerecord.record import PersonId

NOBODY = "there is nobody at that address"


class Way:
    """What all doors of one process share: the store, and what is remembered of it.

    `sealed_by` is the public half of the key that seals the log, b"" where it is not known.
    `indicated` says of what is withheld whether staff are told that something is.
    """

    def __init__(
        self, store: Store, *, sealed_by: bytes = b"", indicated: Mapping[str, bool] = INDICATED
    ) -> None:
        self.sealed_by = sealed_by
        self.store = store
        self.folds = Folds(store, indicated)
        self.newest = Newest(store)
        self.before = ReadBefore()
        self.surroundings = Surroundings(store)
        self.apps: set[str] = set()  # clients whose sources are declared
        self.tiles = Tiles(store)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An allowed look, within the door: `whole` is never given out, `shown` may be seen.

    `now` is who they have become since, where by this id nobody is any more.
    """

    opening: Opening
    facts: Facts
    verdict: Verdict
    whole: Record
    shown: Record
    members: tuple[Member, ...]
    withheld: int
    restricted: bool
    now: PersonId | None = None


class Room:
    """A part of the door. Whoever holds one can look only by asking, which is written down."""

    def __init__(self, way: Way, actor: Actor) -> None:
        self._way = way
        self._store = way.store
        self.actor = actor
        #: How the actor stood at the last look through this door; None before the first.
        self.stood: Standing | None = None

    def _asking(
        self,
        person: PersonId | None,
        purpose: Purpose,
        view: View,
        *,
        part: str = "",
        given: str = "",
        at: datetime | None = None,
    ) -> Ask:
        return Ask(
            actor=self.actor,
            purpose=purpose,
            view=view,
            person=person,
            part=part,
            given=given.strip(),
            at=at,
        )

    async def _may(self, ask: Ask) -> Refused | None:
        """Ask without looking at a record: why not, or None."""
        opening, _, verdict = await self._store.open(ask, decide)
        return None if verdict.allowed else Refused(reason=verdict.reason, opening=opening)

    async def standing(
        self, person: PersonId, *, purpose: Purpose, view: View, given: str = ""
    ) -> Standing:
        """How the actor stands now. It shows nothing of a record, so it is no look."""
        ask = self._asking(person, purpose, view, given=given)
        facts, verdict = await self._store.weigh(ask, decide)
        return standing_of(ask, verdict, facts.members)

    async def _look(self, ask: Ask) -> Look | Refused:
        """The whole record and what of it may be seen; or why not."""
        person, at = ask.person, ask.at
        if at is None or person is None:
            return await self._look_as(ask, decide, None, None)
        today = tuple(await self._store.members(person))
        if not today and (now := await became(self._store, person)):
            present = await self._look(replace(ask, person=now, at=None))
            if isinstance(present, Look):
                today = tuple(await self._store.members(now))
                return await self._look_as(ask, decide_former(present.verdict, today), today, now)
        return await self._look_as(ask, decide_as_of(today), today, None)

    async def _look_as(
        self, ask: Ask, decides: DecideAccess, today: Sequence[Member] | None, now: PersonId | None
    ) -> Look | Refused:
        """As `_look`. `today` are who the patients are now, for a look at the past."""
        opening, facts, verdict = await self._store.open(ask, decides)
        self.stood = standing_of(ask, verdict, facts.members if today is None else today)
        if not verdict.allowed or not facts.members:
            return Refused(
                reason=NOBODY if verdict.allowed else verdict.reason,
                opening=opening,
                may_break_glass=verdict.may_break_glass,
                may_claim=verdict.may_claim,
            )
        folded = await self._way.folds.allowed(facts, verdict, at=ask.at, today=today or ())
        restricted = is_restricted((*facts.members, *(today or ())), folded.whole)
        shown, left_out = narrow(folded.allowed, verdict, restricted=restricted)
        members = shown_members(facts.members, verdict)
        members = unplaced(members) if restricted else members
        if folded.allowed is not folded.whole:
            members = _as_shown(members, folded.allowed)
            opening = replace(opening, seen=folded.allowed.t)
        return Look(
            opening=opening,
            facts=facts,
            verdict=verdict,
            whole=folded.whole,
            shown=shown,
            members=members,
            withheld=0 if ask.purpose is Purpose.OWN_RECORD else folded.withheld + left_out,
            restricted=restricted,
            now=now,
        )


def shown_members(members: Sequence[Member], verdict: Verdict) -> tuple[Member, ...]:
    """The members of sources that are not withheld: the others are as if they never sent."""
    hidden = marks_of(verdict.withheld).sources
    return tuple(member for member in members if member.source not in hidden)


def _as_shown(members: Sequence[Member], shown: Record) -> tuple[Member, ...]:
    """The members at the `t` of the last filing that may be seen: their own would tell of more."""
    return tuple(replace(member, t=shown.t.get(member.patient, 0)) for member in members)
