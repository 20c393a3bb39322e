"""The room where a subscriber is told what was said: what they may see, and nothing else."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from secrets import token_hex

from wholerecord.access.decide import decide
from wholerecord.access.read_all import AllSaidRoom
from wholerecord.access.read_said import Shown, is_seen
from wholerecord.access.subscriptions import Happening, News, Subscription, Wish, asker_of
from wholerecord.consent import Purpose, Role, View
from wholerecord.record import LogicalId, PersonId, Statement, is_app
from wholerecord.record.resources import identified

PART = "Subscription"
#: Subscriptions of one asker.
MOST = 50


class NewsRoom(AllSaidRoom):
    """The room where news is heard."""

    async def subscribe(self, wish: Wish, *, until: datetime) -> Subscription | None:
        """Keep a wish of this actor's; None: they have `MOST` already."""
        if len(await self.subscriptions()) >= MOST:
            return None
        begun = datetime.now(UTC)
        wanted = Subscription(id=token_hex(16), wish=wish, begun=begun, until=until)
        await self._store.subscribe(wanted)
        return wanted

    async def subscriptions(self) -> Sequence[Subscription]:
        """The actor's own, oldest first."""
        return await self._store.subscriptions_of(asker_of(self.actor))

    async def subscription(self, id: str) -> Subscription | None:
        """The actor's own of that id; None: there is none, or it is somebody else's."""
        found = await self._store.subscription(id)
        mine = found is not None and asker_of(found.wish.actor) == asker_of(self.actor)
        return found if mine else None

    async def rewish(self, id: str, wish: Wish, *, until: datetime) -> Subscription | None:
        """Another wish in its place, shaken hands on again; None where it is not theirs."""
        if await self.subscription(id) is None:
            return None
        await self._store.rewish(id, wish, until=until, now=datetime.now(UTC))
        return await self._store.subscription(id)

    async def unsubscribe(self, id: str, *, forget: bool) -> bool:
        """Switch their own off, or remove it; False where it is not theirs."""
        if await self.subscription(id) is None:
            return False
        if forget:
            await self._store.forget_subscription(id)
        else:
            await self._store.end_subscription(id, says="")
        return True

    async def happenings(self, one: Subscription, *, after: int, limit: int) -> Sequence[Happening]:
        """The events of a subscription of theirs, above that number."""
        return await self._store.happenings(one.id, after=after, limit=limit)

    async def heard(
        self,
        news: News,
        *,
        purpose: Purpose,
        kinds: Collection[str],
        named: Sequence[LogicalId] = (),
    ) -> Sequence[Shown]:
        """What was said then, of these types, that may be seen; with `named`, of those alone.

        One opening, where something of these types was said of somebody whom the subscription is
        about: those named, else those whom the sources of the actor's organisation know, else the
        actor themselves.
        """
        person = await self._store.person_of(news.patient)
        if person is None or not await self._is_about(person, named):
            return ()
        before = {news.patient: news.t - 1}
        said = await self._store.since(before, {news.patient: news.t})
        if said is None:
            every = await self._store.statements({news.patient: news.t})
            said = [one for one in every if one.t == news.t]
        wanted = [one for one in said if one.kind in kinds and not one.replaced]
        return await self._allowed(person, wanted, purpose) if wanted else ()

    async def _is_about(self, person: PersonId, named: Sequence[LogicalId]) -> bool:
        if named:
            versions = await self._store.newest([("Patient", one) for one in named])
            if not any(one is not None and one.person == person for one in versions):
                return False
        if self.actor.role in {Role.PATIENT, Role.CARER}:
            return bool(named) or self.actor.person == person
        members = await self._store.members(person)
        return bool(named) or any(
            one.controller == self.actor.organisation and not is_app(one.source) for one in members
        )

    async def _allowed(
        self, person: PersonId, said: Sequence[Statement], purpose: Purpose
    ) -> Sequence[Shown]:
        keys = dict.fromkeys(
            (one.kind, LogicalId.of(one.patient, identified(one.body)[0])) for one in said
        )
        t = said[0].t
        found = [
            version
            for kind, logical in keys
            for version in (await self._store.versions(kind, logical))
            if version.statement.t == t
        ]
        ask = self._asking(person, purpose, View.RECORD, part=PART)
        _, facts, verdict = await self._store.open(ask, decide)
        if not verdict.allowed or not facts.members:
            return ()
        restricted, seen = await self._seen(facts, verdict)
        still = {one.patient for one in facts.members}
        newest = {(one.statement.kind, one.id): one for one in found}
        return [
            Shown(version=one, unplaced=restricted)
            for one in newest.values()
            if one.statement.patient in still and is_seen(one, seen)
        ]
