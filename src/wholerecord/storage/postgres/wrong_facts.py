"""Facts that were wrong, and who is told of them."""

from collections.abc import Sequence

from asyncpg import Record

from wholerecord.access.wrong_facts import Misinformed, Wrong, WrongFact
from wholerecord.fold import BLAMING, Ruling
from wholerecord.record import PersonId
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.rulings import rulings_of
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable


class WrongFacts:
    """See `access.wrong_facts.WrongFacts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_wrong(self, fact: WrongFact, misinformed: Sequence[Misinformed]) -> bool:
        """See `access.wrong_facts.WrongFacts.keep_wrong`."""
        async with self._database.transaction() as connection:
            n = await connection.fetchval(
                QUERIES["keep_wrong"],
                storable(fact.person),
                fact.patient,
                fact.kind,
                storable(fact.own),
                fact.at,
                fact.how.value,
            )
            if n is None:
                return False
            await connection.execute(
                QUERIES["add_misinformed"],
                n,
                [one.actor for one in misinformed],
                [one.name for one in misinformed],
                [one.role for one in misinformed],
                [one.organisation for one in misinformed],
                [one.looks for one in misinformed],
                [one.last for one in misinformed],
            )
        return True

    async def wrong_rulings(self, *, after: int) -> Sequence[Ruling]:
        """See `access.wrong_facts.WrongFacts.wrong_rulings`."""
        blaming = [verdict.value for verdict in BLAMING]
        return rulings_of(await self._database.fetch("wrong_rulings", after, blaming))

    async def misinformed(self, person: PersonId) -> Sequence[Misinformed]:
        """See `access.wrong_facts.WrongFacts.misinformed`."""
        return [_read(row) for row in await self._database.fetch("misinformed", storable(person))]

    async def wrong_notices(self, actor: str) -> Sequence[Misinformed]:
        """See `access.wrong_facts.WrongFacts.wrong_notices`."""
        return [_read(row) for row in await self._database.fetch("wrong_notices", storable(actor))]

    async def wrong_noticed(self, actor: str, fact: int) -> None:
        """See `access.wrong_facts.WrongFacts.wrong_noticed`."""
        await self._database.fetch("wrong_noticed", storable(actor), fact)


def _read(row: Record) -> Misinformed:
    return Misinformed(
        fact=row["fact"],
        person=PersonId(row["person"]),
        how=Wrong(row["how"]),
        at=row["at"],
        actor=row["actor"],
        name=row["name"],
        role=row["role"],
        organisation=row["organisation"],
        looks=row["looks"],
        last=row["last"],
        read=row["read"],
    )
