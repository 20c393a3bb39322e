"""Looks through the door, their seals, and the register of queries."""

from collections.abc import Sequence

from wholerecord.access import Ask, DecideAccess, Facts, Verdict
from wholerecord.access.departures import note
from wholerecord.access.opening import may_need_ties
from wholerecord.audit import Leaf, Opening, Seal, Tile, leaf
from wholerecord.audit.opening import AFTER_ALL, BEFORE_ALL
from wholerecord.record import PersonId
from wholerecord.research.register import Query
from wholerecord.storage.looking import looked
from wholerecord.storage.memory.policies import Policies
from wholerecord.storage.memory.register import Register
from wholerecord.storage.memory.rulings import Rules, Rulings
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.memory.ties import ties_with
from wholerecord.storage.text import storable


class Openings:
    """See `access.Openings` and `audit.Log`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def open(self, ask: Ask, decide: DecideAccess) -> tuple[Opening, Facts, Verdict]:
        """See `access.Openings.open`."""
        facts = self.facts(ask)
        verdict = decide(ask, facts)
        return self.write_opening(ask, facts, verdict), facts, verdict

    async def weigh(self, ask: Ask, decide: DecideAccess) -> tuple[Facts, Verdict]:
        """See `access.Openings.weigh`."""
        facts = self.facts(ask)
        return facts, decide(ask, facts)

    def facts(self, ask: Ask) -> Facts:
        """What the decision needs, now."""
        moment = now()
        register = Register(self._tables)
        members = (
            []
            if ask.person is None
            else register.members_now(ask.person)
            if ask.at is None
            else register.members_at(ask.person, ask.at)
        )
        return Facts(
            members=tuple(members),
            rules=tuple(Rules(self._tables).in_force(ask.person)),
            rulings=Rulings(self._tables).changes(
                [member.patient for member in members], ask.at or moment
            ),
            now=moment,
            policy=Policies(self._tables).policy_at(ask.at),
            ties=ties_with(self._tables, ask.person, moment)
            if ask.person is not None and may_need_ties(ask, members)
            else (),
        )

    def write_opening(self, ask: Ask, facts: Facts, verdict: Verdict) -> Opening:
        """Append the opening of a look that is decided."""
        said = looked(ask, facts, verdict)
        nth = 0
        if said.person is not None:
            before = (o.nth for o in reversed(self._tables.openings) if o.person == said.person)
            nth = next(before, 0) + 1
        opening = said.opening(n=len(self._tables.openings) + 1, at=facts.now, nth=nth)
        self._tables.openings.append(opening)
        note(opening)
        return opening

    async def openings_of(
        self, person: PersonId, *, limit: int = 1000, before: int | None = None
    ) -> Sequence[Opening]:
        """See `audit.Log.openings_of`."""
        wanted = storable(person)
        last = AFTER_ALL if before is None else before
        newest = reversed(self._tables.openings)
        return [each for each in newest if each.person == wanted and each.n < last][:limit]

    async def openings(self, *, after: int = 0, limit: int = 1000) -> Sequence[Opening]:
        """See `audit.Log.openings`."""
        return [each for each in self._tables.openings if each.n > after][:limit]

    async def leaves(self, *, after: int = BEFORE_ALL, limit: int = 1000) -> Sequence[Leaf]:
        """See `audit.Log.leaves`."""
        page = await self.openings(after=after, limit=limit)
        return [Leaf(each.n, each.person, each.nth, leaf(each)) for each in page]

    async def add_tiles(self, tiles: Sequence[Tile]) -> None:
        """See `audit.Log.add_tiles`."""
        for each in tiles:
            self._tables.tiles.setdefault(each.place, each)

    async def forget_tiles(self) -> None:
        """See `audit.Log.forget_tiles`."""
        self._tables.tiles.clear()

    async def tiles(self) -> Sequence[Tile]:
        """See `audit.Log.tiles`."""
        in_order = sorted(self._tables.tiles.items())
        return [tile for at, (place, tile) in enumerate(in_order) if place == at]

    async def last_opening(
        self, person: PersonId, actor: str, view: str, *, before: int
    ) -> Opening | None:
        """See `audit.Log.last_opening`."""
        for each in reversed(self._tables.openings):
            same = (each.person, each.actor, each.view) == (storable(person), storable(actor), view)
            if same and each.allowed and each.n < before:
                return each
        return None

    async def add_seal(self, seal: Seal) -> None:
        """See `audit.Log.add_seal`."""
        self._tables.seals.append(seal)

    async def seals(self) -> Sequence[Seal]:
        """See `audit.Log.seals`."""
        return sorted(self._tables.seals, key=lambda seal: seal.size)


class QueryRegister:
    """See `research.register.QueryRegister`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_query(
        self, *, actor: str, organisation: str, purpose: str, asked: bytes, answered: bytes
    ) -> Query:
        """See `research.register.QueryRegister.add_query`."""
        query = Query(
            n=len(self._tables.queries) + 1,
            at=now(),
            actor=storable(actor),
            organisation=storable(organisation),
            purpose=storable(purpose),
            asked=asked,
            answered=answered,
        )
        self._tables.queries.append(query)
        return query

    async def first_query(self, asked: bytes) -> Query | None:
        """See `research.register.QueryRegister.first_query`."""
        return next((one for one in self._tables.queries if one.asked == asked), None)

    async def queries(self) -> Sequence[Query]:
        """See `research.register.QueryRegister.queries`."""
        return self._tables.queries[::-1]
