"""What counts no longer: sessions, codes, tokens and assertions, each until it would have ended."""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.signin import spent_key
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.postgres.database import Database


class SpentList:
    """See `signin.Spent`. Those who ask at the same moment share a query."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asks = Gatherer(self._ask, most=256)

    async def spend(self, name: str, *, until: datetime) -> bool:
        """See `signin.Spent.spend`."""
        row = await self._database.fetchrow("spend", spent_key(name), until)
        return bool(row and row["fresh"])

    async def spent(self, names: Sequence[str]) -> datetime | None:
        """See `signin.Spent.spent`."""
        return await self._asks.ask(tuple(map(spent_key, names)))

    async def _ask(self, asked: Sequence[tuple[bytes, ...]]) -> list[datetime | None]:
        keys = list({key for keys in asked for key in keys})
        found = {row["name"]: row["at"] for row in await self._database.fetch("spent", keys)}
        return [max((found[key] for key in keys if key in found), default=None) for keys in asked]
