"""Requests to sources to put right what a ruling says is wrong: kept with the ruling, then sent.

A request is of one ruling and one patient of one source: it has an owner and a clock, goes at least
once, and is closed by what the source sends or answers. It ends with its ruling: what was not sent
then never goes, and what may have gone is taken back by a second message. Source: UK GDPR Articles
5(1)(d) (accuracy), 16 (rectification), 19 (telling whoever was told) and 12(3) (within a month).
Demonstration until an information governance lead and a clinical safety officer sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from wholerecord.fold import About, Verdict
from wholerecord.record import PatientId

#: How long a source has to answer: a month, by UK GDPR Article 12(3).
ANSWER_WITHIN = timedelta(days=30)


class State(Enum):
    """How a request stands."""

    TO_SEND = "to send"
    SENT = "sent"
    CORRECTED = "corrected"
    DECLINED = "declined"
    TAKEN_BACK = "taken back"  #: its ruling was withdrawn before anything went
    TO_RETRACT = "to retract"  #: its ruling was withdrawn after it may have gone
    RETRACTED = "retracted"


#: States in which a message is to go; those in which somebody waits; what a source can answer.
GOING = frozenset({State.TO_SEND, State.TO_RETRACT})
OPEN = GOING | {State.SENT}
ANSWERS = frozenset({State.CORRECTED, State.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A request to `source` about statements of its patient `number`.

    `by`, `why`, `at`, `verdict` and `side` are the ruling's; `about` of it what that source said.
    `via` is how the last message went. `escalated` is when nobody had answered by `due`. `tries`
    counts those of the message that is to go, with the one that is taken to send.
    """

    n: int
    ruling: int
    verdict: Verdict
    side: str
    about: tuple[About, ...]
    patient: PatientId
    source: str
    number: str
    by: str
    why: str
    at: datetime
    owner: str
    due: datetime
    state: State = State.TO_SEND
    tries: int = 0
    via: str = ""
    sent: datetime | None = None
    escalated: datetime | None = None
    reply: str = ""
    replied_by: str = ""
    closed: datetime | None = None

    def __repr__(self) -> str:
        return f"Correction(n={self.n}, …)"  # why it is asked for may tell of somebody


class Corrections(Protocol):
    """Where requests are kept. `fold.Rulings` makes them, and takes them back, with its rulings."""

    async def corrections_of(self, rulings: Sequence[int]) -> Sequence[Correction]:
        """The requests of these rulings, by number."""
        ...

    async def correction(self, n: int) -> Correction | None:
        """The request of that number."""
        ...

    async def open_corrections(self, *, limit: int = 200) -> Sequence[Correction]:
        """Those that wait for something, the oldest first."""
        ...

    async def take_corrections(self, *, limit: int = 100) -> Sequence[Correction]:
        """Those whose message is to go now; lent for `outbox.LEASE` minutes, as dispatches are."""
        ...

    async def correction_sent(self, n: int, taken: State, *, via: str) -> None:
        """Keep that the message went for which it was taken, whatever became of it meanwhile."""
        ...

    async def correction_failed(self, n: int, *, again: int) -> None:
        """Try again in so many minutes."""
        ...

    async def answer_correction(self, n: int, answer: State, *, by: str, why: str) -> None:
        """Close one with what its source answered: that it corrected, or declines.

        Raises:
            NotFound: none of that number waits for an answer.
        """
        ...

    async def own_correction(self, n: int, to: str) -> None:
        """Give one to somebody.

        Raises:
            NotFound: none of that number waits for anything.
        """
        ...

    async def escalate_corrections(self) -> int:
        """Escalate those that nobody answered by their day; how many are new."""
        ...

    async def moved_corrections(self, *, limit: int = 200) -> Sequence[tuple[Correction, int]]:
        """Those that wait for an answer whose patient has moved since they were held against it.

        Each with the patient's `t`.
        """
        ...

    async def correction_held(self, n: int, t: int) -> None:
        """Keep that one was held against what its source said until `t`, and waits on."""
        ...
