"""The ledger of the privacy budget."""

from collections.abc import Sequence

from wholerecord.research.openly.budget import YEAR, Spending
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable


class BudgetBook:
    """See `research.openly.budget.BudgetBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spend_budget(
        self, snapshot: str, what: str, epsilon: int, *, of_snapshot: int, of_year: int
    ) -> bool:
        """See `research.openly.budget.BudgetBook.spend_budget`.

        The lock is taken by a statement of its own: the next one sees what others committed.
        """
        async with self._database.transaction() as connection:
            await connection.fetch(QUERIES["lock_budget"])
            line = await connection.fetchrow(
                QUERIES["spend_budget"],
                storable(snapshot),
                storable(what),
                epsilon,
                of_snapshot,
                of_year,
                YEAR,
            )
        return line is not None

    async def spendings(self) -> Sequence[Spending]:
        """See `research.openly.budget.BudgetBook.spendings`."""
        return [Spending(**dict(row)) for row in await self._database.fetch("spendings")]
