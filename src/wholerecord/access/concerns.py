"""Concerns: what a person says about a look that seems wrong to them.

A concern is closed by a reply and by nothing else: there is no other verb.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wholerecord.record import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A look that seems wrong to whom it is about: `opening` is its number, `why` their words.

    `reply` is "" and `replied` None until somebody answers, `replied_by`.
    """

    n: int
    person: PersonId
    opening: int
    at: datetime
    why: str
    reply: str = ""
    replied_by: str = ""
    replied: datetime | None = None


class Concerns(Protocol):
    """Where concerns are kept."""

    async def raise_concern(self, person: PersonId, opening: int, *, by: str, why: str) -> Concern:
        """Keep a concern about opening number `opening`.

        Raises:
            NotFound: that is no opening of this person's record.
        """
        ...

    async def answer_concern(self, n: int, *, by: str, reply: str) -> None:
        """Close a concern with a reply.

        Raises:
            NotFound: there is none of that number that waits.
        """
        ...

    async def concern(self, n: int) -> Concern | None:
        """The concern of that number."""
        ...

    async def concerns_of(self, person: PersonId) -> Sequence[Concern]:
        """A person's own concerns, newest first."""
        ...

    async def open_concerns(self, *, limit: int = 100) -> Sequence[Concern]:
        """Those that wait for a reply, oldest first."""
        ...
