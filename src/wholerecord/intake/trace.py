"""A message found again, by any name it goes by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wholerecord.record import MessageId, PatientId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A kept message: which way it came (`name`), and how far it has got.

    Whoever shows `name` shows it `masked`: a file's name may hold an NHS number.
    `control` and `sender` are as MLLP gave them. `reused` says that the id had come before with
    other bytes. `filed` is when its first statement was; None for one that has none.
    """

    message: MessageId
    source: str
    controller: str
    received: datetime
    name: str
    size: int
    sha256: str
    control: str | None
    sender: str
    reused: bool
    waiting: bool
    filed: datetime | None


class Traces(Protocol):
    """Messages by their ids, and what was seen of them. Every question goes by an index."""

    async def find_messages(self, id: str, *, limit: int = 20) -> Sequence[MessageId]:
        """The messages with this number, control id or SHA-256 (64 hexadecimal digits)."""
        ...

    async def traced(self, message: MessageId) -> Traced:
        """The message.

        Raises:
            NotFound: there is no such message.
        """
        ...

    async def replays_of(self, message: MessageId) -> Sequence[int]:
        """The replays of this message that are not undone."""
        ...

    async def persons_ever(
        self, patients: Sequence[PatientId]
    ) -> Mapping[PatientId, frozenset[PersonId]]:
        """Whoever each of these patients is or has been."""
        ...

    async def showings(
        self, persons: Sequence[PersonId], views: Sequence[str], said: Mapping[PatientId, int]
    ) -> int:
        """How many allowed looks of these kinds at these persons saw a patient at `t` or later."""
        ...
