"""The ledger of the privacy budget."""

from collections.abc import Sequence

from wholerecord.research.openly.budget import YEAR, Spending
from wholerecord.storage.memory.tables import Tables, now
from wholerecord.storage.text import storable


class BudgetBook:
    """See `research.openly.budget.BudgetBook`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def spend_budget(
        self, snapshot: str, what: str, epsilon: int, *, of_snapshot: int, of_year: int
    ) -> bool:
        """See `research.openly.budget.BudgetBook.spend_budget`."""
        lines, at, name = self._tables.spendings, now(), storable(snapshot)
        of_this = sum(one.epsilon for one in lines if one.snapshot == name)
        year = sum(one.epsilon for one in lines if at - one.at < YEAR)
        if of_this + epsilon > of_snapshot or year + epsilon > of_year:
            return False
        line = Spending(
            n=len(lines) + 1, at=at, snapshot=name, what=storable(what), epsilon=epsilon
        )
        lines.append(line)
        return True

    async def spendings(self) -> Sequence[Spending]:
        """See `research.openly.budget.BudgetBook.spendings`."""
        return list(reversed(self._tables.spendings))
