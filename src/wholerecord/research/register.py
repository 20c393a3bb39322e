"""The public register of queries: what was asked of many records, by whom, why, with what answer.

Source: UK Statistics Authority, Research Code of Practice and Accreditation Criteria under the
Digital Economy Act 2017: what data are used for is published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question asked of many records. `asked` and `answered` are JSON, as published.

    `purpose` is the value of a `consent.Purpose`; `organisation` an ODS code.
    """

    n: int
    at: datetime
    actor: str
    organisation: str
    purpose: str
    asked: bytes
    answered: bytes


class QueryRegister(Protocol):
    """Where queries are written down, for ever."""

    async def add_query(
        self, *, actor: str, organisation: str, purpose: str, asked: bytes, answered: bytes
    ) -> Query:
        """Write a query down and return it with its number and time."""
        ...

    async def first_query(self, asked: bytes) -> Query | None:
        """The first query that asked exactly this, or None."""
        ...

    async def queries(self) -> Sequence[Query]:
        """Every query, newest first."""
        ...
