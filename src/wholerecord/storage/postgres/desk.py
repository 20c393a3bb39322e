"""The desk's other work: patients who are nobody yet, and both books of the ledger."""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.intake.ledger import Counted, Hour
from wholerecord.intake.parked import Unlinked
from wholerecord.storage.postgres.database import Database


class DeskWork:
    """See `intake.parked.ParkedWork` and `intake.ledger.Ledger`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unlinked(self, *, limit: int = 100) -> Sequence[Unlinked]:
        """See `intake.parked.ParkedWork.unlinked`."""
        return [Unlinked(**dict(row)) for row in await self._database.fetch("unlinked", limit)]

    async def hours(self, *, since: datetime | None = None) -> Sequence[Hour]:
        """See `intake.ledger.Ledger.hours`."""
        return [Hour(**dict(row)) for row in await self._database.fetch("hours", since)]

    async def counted(self) -> Sequence[Counted]:
        """See `intake.ledger.Ledger.counted`."""
        return [Counted(**dict(row)) for row in await self._database.fetch("counted")]
