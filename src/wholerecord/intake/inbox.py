"""What intake needs from a store: messages kept for ever, and filings."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from wholerecord.intake.reading import Arrival, Fault, Kept, Merge, Receipt, Unmerge
from wholerecord.intake.rhythm import Rhythm
from wholerecord.people import Demographics
from wholerecord.record import MessageId, PatientId, PatientKey, Saying, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFiling:
    """What is to be filed about one patient. `demographics` is None when none were said.

    `described` is when their source wrote those (None: it does not say), never after the message
    was received: what was written earlier and comes later does not replace them.
    """

    about: PatientKey
    sayings: tuple[Saying, ...]
    demographics: Demographics | None
    described: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Everything one message leads to, ready to write in one commit.

    `newest` is the newest time that any of its sayings says it was made, never after the message
    was received (a clock that runs ahead must not hide a source's silence).
    """

    message: MessageId
    source: str
    patients: tuple[PatientFiling, ...]
    merges: tuple[Merge | Unmerge, ...]
    faults: tuple[Fault, ...]
    newest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What filing one message did. `parked` counts what could not be filed."""

    message: MessageId
    statements: int
    parked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """Something that could not be filed: work, with an owner and a clock.

    `reason` is a `Reason`'s name, `says` its phrase with the detail. `owner` is the organisation
    that must put it right. `released` is when somebody closed it, and `released_by` who.
    `patient` is whom it is about, where that could be told, and `assigned` whom it was given to.
    """

    n: int
    message: MessageId
    source: str
    place: str
    reason: str
    says: str
    owner: str
    since: datetime
    released: datetime | None = None
    released_by: str = ""
    released_why: str = ""
    patient: PatientId | None = None
    assigned: str = ""


#: A source whose newest saying is so much older than its newest message repeats itself.
REPEATS = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source as it has sent. Counts are of messages, and of open parked items.

    `newest` is the newest time any of its statements says it was made. `rhythm` is what was learnt
    of it; None while there is too little to learn from, or nobody has learnt it.
    """

    source: Source
    messages: int
    waiting: int
    parked: int
    last_received: datetime | None
    newest: datetime | None = None
    rhythm: Rhythm | None = None

    @property
    def last_heard(self) -> datetime | None:
        """When the source last said something new: a source that repeats itself says nothing."""
        if self.last_received is None or self.newest is None:
            return self.last_received
        return min(self.last_received, self.newest)

    def is_silent(self, now: datetime) -> bool:
        """Whether it has been silent for longer than is usual for it, or never spoke.

        Usual is what its own rhythm says; until that is known, what is declared. A source that
        sends and says nothing new of a week is silent however regularly it does so.
        """
        if self.rhythm is not None and self.last_received is not None:
            stale = self.newest is not None and self.last_received - self.newest > REPEATS
            return stale or self.rhythm.is_silent(self.last_received, now)
        if self.source.expected is None:
            return False
        return self.last_heard is None or now - self.last_heard > self.source.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedCount:
    """How many items of a source are parked for one reason, in the words that were said of it."""

    source: str
    reason: str
    says: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was received and what became of it, counted so that the sums can be checked.

    `waiting` messages are kept and not yet filed. `faulty` messages have parked items, `parked` in
    all, of which `open` nobody has closed. `said` is how many statements filing reported and
    `statements` how many are there: the two are equal. Of these, `directory` are about no patient
    and `unlinked` about patients who are no person yet.
    """

    messages: int
    waiting: int
    faulty: int
    parked: int
    open: int
    said: int
    statements: int
    directory: int
    unlinked: int
    patients: int
    people: int


#: Reads kept messages, in order, and says what each leads to. Pure apart from where it runs.
Prepare = Callable[[Sequence[Kept]], Awaitable[Sequence[Filing]]]


class Inbox(Protocol):
    """Messages as received, for ever, and what became of each."""

    async def declare(self, source: Source) -> None:
        """Know `source` from now on, or change what is known of it."""
        ...

    async def sources(self) -> Sequence[Source]:
        """Every declared source, by name."""
        ...

    async def keep(self, arrival: Arrival) -> Receipt:
        """Keep the message; when this returns it is durable. Gathered: callers share commits.

        The same bytes from the same source are kept once and give the same receipt, but for
        `fresh`. Other bytes with the control id of an earlier message from the same sender are
        kept too, and parked instead of filed.

        Raises:
            NotFound: the source is not declared.
        """
        ...

    async def pledge(self, source: str, key: str, sha256: bytes) -> bool:
        """Whether `key` stands for these bytes: it is new, or came with the same before. Durable.

        Raises:
            NotFound: the source is not declared.
        """
        ...

    async def file_waiting(self, prepare: Prepare, *, limit: int = 256) -> Sequence[Filed]:
        """File up to `limit` kept messages, oldest first, in one commit; empty when none wait.

        Several callers at once take different messages. A message is filed once or stays waiting.
        """
        ...

    async def parked(
        self, *, source: str | None = None, open_only: bool = True, limit: int | None = None
    ) -> Sequence[Parked]:
        """What is parked, oldest first, or the first `limit` of it."""
        ...

    async def parked_counts(self, *, open_only: bool = True) -> Sequence[ParkedCount]:
        """How much is parked of each source for each reason, by source and reason."""
        ...

    async def parked_of_nobody(self, *, each: int) -> Sequence[Parked]:
        """Of each source the first `each` open items that are about nobody known."""
        ...

    async def parked_about(self, patients: Iterable[PatientId]) -> Sequence[Parked]:
        """The open items about any of these patients, oldest first. Gathered."""
        ...

    async def parked_patients(self, *, limit: int) -> Sequence[PatientId]:
        """Patients with open items, no more than `limit` of them."""
        ...

    async def release(self, n: int, *, by: str, why: str) -> None:
        """Close a parked item: somebody dealt with it. It is kept, with who and why."""
        ...

    async def feeds(self) -> Sequence[Feed]:
        """Every source with what it has sent, by name."""
        ...

    async def received(self) -> Counts:
        """What was received and what became of it: a count of everything, for a nightly check."""
        ...
