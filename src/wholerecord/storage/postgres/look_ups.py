"""The last look-up of national data opt-outs: in tables of its own, emptied by the next."""

from wholerecord.consent.lookup import LookUp
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.sql import QUERIES


class LookUps:
    """See `consent.lookup.LookUps`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hold_look_up(self, found: LookUp) -> None:
        """See `consent.lookup.LookUps.hold_look_up`."""
        async with self._database.transaction() as connection:
            await connection.execute(QUERIES["forget_look_up"])
            await connection.execute(QUERIES["add_look_up"], found.at, found.until)
            await connection.execute(QUERIES["add_opted_out"], sorted(found.people))

    async def look_up(self) -> LookUp | None:
        """See `consent.lookup.LookUps.look_up`."""
        rows = await self._database.fetch("look_up")
        if not rows:
            return None
        people = frozenset(row["person"] for row in rows if row["person"] is not None)
        return LookUp(at=rows[0]["at"], until=rows[0]["until"], people=people)
