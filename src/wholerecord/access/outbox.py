"""How a person is told who looked, and the messages that tell them: kept first, then sent.

A message is a row before it is sent, and is sent again until the sender says it went: at least
once. Whoever chose nothing is told in the app alone, where nothing leaves the house.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from wholerecord.access.tellings import SHOWING
from wholerecord.audit import Opening
from wholerecord.consent import Role
from wholerecord.record import PersonId

#: Views a person is told of by the channel they chose. The list of who looked has the others too.
TOLD_OF = SHOWING
#: Whose looks are not news: the person's own.
NOT_NEWS = Role.PATIENT
#: Tries before a message is given up, and shown to governance: about two days of them.
MOST_TRIES = 12
#: Minutes after which whoever took a message to send it is thought to have ended.
LEASE = 5
#: The longest wait between two tries, minutes.
LONGEST = 360


class Channel(Enum):
    """Where a person wants to be told."""

    APP = "app"
    EMAIL = "e-mail"
    SMS = "text message"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How a person wants to be told who looked.

    `quiet`: nothing is sent and nothing is announced, whatever the channel; for whoever is at risk
    from somebody who reads their messages. `says_who`: a message names who looked; otherwise it
    says only that somebody did.
    """

    channel: Channel = Channel.APP
    address: str = ""
    quiet: bool = False
    says_who: bool = False

    @property
    def sends(self) -> bool:
        """Whether anything leaves the house."""
        return not self.quiet and self.channel is not Channel.APP


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """A message to send about one look. `tries` counts this one."""

    n: int
    channel: Channel
    address: str
    says_who: bool
    tries: int
    look: Opening

    def __repr__(self) -> str:
        return f"Dispatch(n={self.n}, …)"  # an address is nobody else's business


class Outbox(Protocol):
    """Where choices and messages are kept."""

    async def choice_of(self, person: PersonId) -> Choice:
        """How the person wants to be told; in the app, where they never said."""
        ...

    async def choose_telling(self, person: PersonId, choice: Choice, *, by: str) -> None:
        """Keep it. What waits to be sent by the choice before is not sent any more."""
        ...

    async def write_dispatches(self, *, limit: int = 5000) -> int:
        """Write a message for each look that was not told yet; how many openings were gone through.

        One a day for each person, actor and purpose. Only what was opened after the person chose.
        Twice is once: what was gone through is remembered in the same commit.
        """
        ...

    async def take_dispatches(self, *, limit: int = 100) -> Sequence[Dispatch]:
        """Messages that are due, oldest first; nobody else is given them for `LEASE` minutes."""
        ...

    async def dispatch_sent(self, n: int) -> None:
        """Keep that a message went."""
        ...

    async def dispatch_failed(self, n: int, *, again: int | None) -> None:
        """Try again in so many minutes; None: never, the message is given up."""
        ...

    async def given_up(self) -> int:
        """How many messages were given up."""
        ...


def wait_after(tries: int) -> int | None:
    """Minutes from a try that failed to the next, each time longer; None after the last.

    >>> [wait_after(n) for n in (1, 2, 3, 11, 12)]
    [2, 4, 8, 360, None]
    """
    return min(2**tries, LONGEST) if tries < MOST_TRIES else None
