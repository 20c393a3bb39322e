"""The ledger of what was spent of people's privacy: by snapshot and by year, to an end.

What two publications spend on a person adds up, and most people are in the next snapshot too: so
there is a limit for each snapshot and one for the year. What is spent is spent, whether or not
anybody saw what it was spent on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from wholerecord.errors import Conflict

#: Epsilon, in millionths, that may be spent of one snapshot, and of all of them in a year.
OF_SNAPSHOT, OF_YEAR = 1_000_000, 4_000_000
YEAR = timedelta(days=365)


class Spent(Conflict):
    """The privacy budget is spent: wait for the next snapshot, or until a year has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """One line of the ledger. `epsilon` is in millionths."""

    n: int
    at: datetime
    snapshot: str
    what: str
    epsilon: int


class BudgetBook(Protocol):
    """Where the ledger is kept. No line is ever changed or taken out."""

    async def spend_budget(
        self, snapshot: str, what: str, epsilon: int, *, of_snapshot: int, of_year: int
    ) -> bool:
        """Spend, unless it is more than is left of the snapshot or of the last 365 days.

        True: the line is there. Two at once never spend the same rest.
        """
        ...

    async def spendings(self) -> Sequence[Spending]:
        """Every line, newest first."""
        ...
