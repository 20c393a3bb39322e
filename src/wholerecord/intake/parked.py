"""What people do about a parked item, and the port that keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from wholerecord.intake.inbox import Parked
from wholerecord.record import MessageId, PatientId


class Step(Enum):
    """What somebody did about a parked item."""

    ASSIGN = "given to somebody"
    NOTE = "noted"
    RELEASE = "closed"
    REOPEN = "opened again"
    REPLAY = "read again"  #: closed, or parked, by a replay


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedStep:
    """One thing done about parked item `parked`: by whom, why, and who was given it."""

    n: int
    parked: int
    step: Step
    at: datetime
    by: str
    given_to: str
    why: str
    replay: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked:
    """A patient who is nobody yet: what is said of them is on no person's screen.

    `owner` is the organisation that must say who they are; `message` the first that named them.
    """

    patient: PatientId
    source: str
    owner: str
    since: datetime
    message: MessageId | None


class ParkedWork(Protocol):
    """Parked items as work. Closing one is `Inbox.release`."""

    async def parked_item(self, n: int) -> Parked:
        """One parked item, open or closed.

        Raises:
            NotFound: there is no such item.
        """
        ...

    async def parked_of(self, messages: Sequence[MessageId]) -> Sequence[Parked]:
        """Everything ever parked of these messages, oldest first."""
        ...

    async def assign(self, n: int, to: str, *, by: str, why: str) -> None:
        """Give an item to somebody ("" to nobody); kept, with who and why.

        Raises:
            NotFound: there is no such item.
        """
        ...

    async def note(self, n: int, *, by: str, why: str) -> None:
        """Write something down about an item.

        Raises:
            NotFound: there is no such item.
        """
        ...

    async def steps(self, n: int) -> Sequence[ParkedStep]:
        """What was done about an item, oldest first."""
        ...

    async def unlinked(self, *, limit: int = 100) -> Sequence[Unlinked]:
        """Patients who are nobody yet, the longest waiting first."""
        ...
