"""The log of openings, its seals, and the register of queries, as read and added to."""

from collections.abc import Sequence

from wholerecord.audit import Leaf, Opening, Seal, Tile
from wholerecord.audit.opening import AFTER_ALL, BEFORE_ALL
from wholerecord.record import PersonId
from wholerecord.research.register import Query
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.leaves import Reader
from wholerecord.storage.postgres.opened import opening
from wholerecord.storage.text import storable


class Log:
    """See `audit.Log`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def openings_of(
        self, person: PersonId, *, limit: int = 1000, before: int | None = None
    ) -> Sequence[Opening]:
        """See `audit.Log.openings_of`."""
        last = AFTER_ALL if before is None else before
        rows = await self._database.fetch("openings_of", storable(person), limit, last)
        return [opening(row) for row in rows]

    async def openings(self, *, after: int = 0, limit: int = 1000) -> Sequence[Opening]:
        """See `audit.Log.openings`."""
        return [opening(row) for row in await self._database.fetch("openings", after, limit)]

    async def leaves(self, *, after: int = BEFORE_ALL, limit: int = 1000) -> Sequence[Leaf]:
        """See `audit.Log.leaves`."""
        reader = Reader()
        await self._database.copy("leaves", after, limit, sink=reader.take)
        return reader.leaves

    async def add_tiles(self, tiles: Sequence[Tile]) -> None:
        """See `audit.Log.add_tiles`."""
        columns = (
            [each.place for each in tiles],
            [each.first for each in tiles],
            [each.last for each in tiles],
            [each.root for each in tiles],
        )
        await self._database.fetch("add_tiles", *columns)

    async def forget_tiles(self) -> None:
        """See `audit.Log.forget_tiles`."""
        await self._database.fetch("forget_tiles")

    async def tiles(self) -> Sequence[Tile]:
        """See `audit.Log.tiles`."""
        rows = await self._database.fetch("tiles")
        return [Tile(**dict(row)) for at, row in enumerate(rows) if row["place"] == at]

    async def last_opening(
        self, person: PersonId, actor: str, view: str, *, before: int
    ) -> Opening | None:
        """See `audit.Log.last_opening`."""
        row = await self._database.fetchrow(
            "last_opening", storable(person), storable(actor), view, before
        )
        return None if row is None else opening(row)

    async def add_seal(self, seal: Seal) -> None:
        """See `audit.Log.add_seal`."""
        await self._database.fetch("add_seal", seal.size, seal.root, seal.at, seal.signature)

    async def seals(self) -> Sequence[Seal]:
        """See `audit.Log.seals`."""
        return [Seal(**dict(row)) for row in await self._database.fetch("seals")]


class QueryRegister:
    """See `research.register.QueryRegister`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_query(
        self, *, actor: str, organisation: str, purpose: str, asked: bytes, answered: bytes
    ) -> Query:
        """See `research.register.QueryRegister.add_query`."""
        actor, organisation, purpose = map(storable, (actor, organisation, purpose))
        [row] = await self._database.fetch(
            "add_query", actor, organisation, purpose, asked, answered
        )
        return Query(
            n=row["n"],
            at=row["at"],
            actor=actor,
            organisation=organisation,
            purpose=purpose,
            asked=asked,
            answered=answered,
        )

    async def first_query(self, asked: bytes) -> Query | None:
        """See `research.register.QueryRegister.first_query`."""
        row = await self._database.fetchrow("first_query", asked)
        return None if row is None else Query(**dict(row))

    async def queries(self) -> Sequence[Query]:
        """See `research.register.QueryRegister.queries`."""
        return [Query(**dict(row)) for row in await self._database.fetch("queries")]
