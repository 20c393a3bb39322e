"""The room where a person is told who looked, says how, and says what seems wrong."""

from dataclasses import dataclass

from wholerecord.access.concerns import Concern
from wholerecord.access.decide import decide
from wholerecord.access.deed import AnswerConcern, ChooseTelling, Deed, RaiseConcern
from wholerecord.access.explaining import decide_for_oneself
from wholerecord.access.opening import Ask, Opened, Refused
from wholerecord.access.outbox import NOT_NEWS, TOLD_OF, Choice
from wholerecord.access.room import Room
from wholerecord.audit import Opening
from wholerecord.consent import Purpose, View
from wholerecord.record import PersonId

_TOLD_OF = frozenset(view.value for view in TOLD_OF)
#: Looks shown at once: the list of who looked has them all.
_MOST = 50
#: Looks gone through for them.
_THROUGH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person is told in the app: `looks` by others, the newest first, and their concerns."""

    looks: tuple[Opening, ...]
    concerns: tuple[Concern, ...]
    choice: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernWork:
    """What waits for governance: each concern with the look it is about, and messages given up."""

    concerns: tuple[tuple[Concern, Opening | None], ...]
    given_up: int


class ToldRoom(Room):
    """The room of the person looked at. Nobody comes in for them: what is said may not be safe."""

    async def told(self, person: PersonId) -> Told | Refused:
        """Who looked lately, what the person said of it, and how they are told; or why not."""
        ask = self._asking(person, Purpose.OWN_RECORD, View.OPENINGS, part="told")
        opening, _, verdict = await self._store.open(ask, decide_for_oneself)
        if not verdict.allowed:
            return Refused(reason=verdict.reason, opening=opening)
        looks = await self._store.openings_of(person, limit=_THROUGH)
        return Told(
            looks=tuple(filter(_is_news, looks))[:_MOST],
            concerns=tuple(await self._store.concerns_of(person)),
            choice=await self._store.choice_of(person),
        )

    async def news(self, opened: Opened) -> int:
        """How many looks by others there were since the person was last told; 0 where it is quiet.

        Of a record already opened, for the person alone.
        """
        person = opened.person
        if self.actor.person != person or (await self._store.choice_of(person)).quiet:
            return 0
        seen = await self._store.last_opening(
            person, self.actor.id, View.OPENINGS.value, before=opened.opening.n
        )
        since = seen.n if seen else 0
        looks = await self._store.openings_of(person, limit=_THROUGH)
        return sum(_is_news(look) for look in looks if look.n > since)

    async def choose_telling(self, person: PersonId, choice: Choice) -> Refused | None:
        """Say how to be told. None when it is kept."""
        ask = self._asking(person, Purpose.OWN_RECORD, View.RULES, part="how I am told")
        return await self._mine(ask, ChooseTelling(person=person, choice=choice))

    async def raise_concern(self, person: PersonId, look: int, *, why: str) -> Refused | None:
        """Say that opening number `look` seems wrong. None when it is kept.

        Raises:
            NotFound: it is no look at this record.
        """
        ask = self._asking(person, Purpose.OWN_RECORD, View.OPENINGS, part=f"concern {look}")
        return await self._mine(ask, RaiseConcern(person=person, look=look, why=why))

    async def _mine(self, ask: Ask, deed: Deed) -> Refused | None:
        done = await self._store.act(ask, decide_for_oneself, deed)
        if done.verdict.allowed:
            return None
        return Refused(reason=done.verdict.reason, opening=done.opening)

    async def concerns(self) -> ConcernWork | Refused:
        """Every concern that waits, the oldest first, for governance; or why not."""
        ask = self._asking(None, Purpose.SAFETY_REVIEW, View.DESK, part="concerns")
        refused = await self._may(ask)
        if refused:
            return refused
        waiting = await self._store.open_concerns()
        return ConcernWork(
            concerns=tuple([(one, await self._look_of(one)) for one in waiting]),
            given_up=await self._store.given_up(),
        )

    async def _look_of(self, concern: Concern) -> Opening | None:
        found = await self._store.openings(after=concern.opening - 1, limit=1)
        return found[0] if found and found[0].n == concern.opening else None

    async def answer_concern(self, n: int, *, reply: str) -> Refused | None:
        """Close a concern with a reply that the person reads. None when it is done.

        Raises:
            NotFound: none of that number waits.
        """
        known = await self._store.concern(n)
        whose = known.person if known else None
        ask = self._asking(
            whose, Purpose.SAFETY_REVIEW, View.OPENINGS, part=f"reply to concern {n}"
        )
        done = await self._store.act(ask, decide, AnswerConcern(n=n, reply=reply))
        if done.verdict.allowed:
            return None
        return Refused(reason=done.verdict.reason, opening=done.opening)


def _is_news(look: Opening) -> bool:
    return look.allowed and look.view in _TOLD_OF and look.role != NOT_NEWS.value
