"""Kept messages read again after a map or a reader was mended: what each would change. Pure.

What a message led to when it was filed is held against what it would lead to now. Nothing that was
filed is edited: where they differ, the message is filed again about the patients concerned, and
what it said of them before counts no longer, until that is undone.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wholerecord.intake.inbox import Filing, Parked
from wholerecord.intake.reading import Fault, Kept, Merge, Reason, Unmerge
from wholerecord.people import Demographics
from wholerecord.record import MessageId, PatientId, PatientKey, Saying, Statement

#: Reasons that a store gives, not a reader: only the store can say that they hold no longer.
_STORES_OWN = frozenset({Reason.SHARED_KEY.name, Reason.CONTROL_REUSED.name})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which kept messages to read again: of a source, in a period, or these ones.

    The period is `since` ≤ received < `until`. What is not filed yet is never among them.
    """

    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    messages: tuple[MessageId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientChange:
    """What a message says about one patient: the statements that count, and those that would.

    `about` is None for a patient of whom the message would say nothing any more.
    """

    patient: PatientId
    about: PatientKey | None
    before: tuple[Statement, ...]
    after: tuple[Saying, ...]
    demographics: Demographics | None = None

    @property
    def counts(self) -> tuple[int, int]:
        """How many statements would be added and how many removed; a changed one is both."""
        old = Counter((one.kind, one.body) for one in self.before)
        new = Counter((one.kind, one.body) for one in self.after)
        return (new - old).total(), (old - new).total()

    @property
    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """Each statement that would be added (`+`) or would count no longer (`-`): type and place.

        In no other words: a line may stand in a log.
        """
        found: list[tuple[str, str, str]] = []
        for sign, ours, theirs in (("-", self.before, self.after), ("+", self.after, self.before)):
            same = Counter((one.kind, one.body) for one in theirs)
            for one in ours:
                same[one.kind, one.body] -= 1
                if same[one.kind, one.body] < 0:
                    found.append((sign, one.kind, one.place))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChange:
    """What reading a message again would change: statements, merges, and what is parked.

    `closed` are the numbers of open items that hold no longer; `opened` is what could not be filed
    now and could before, or for another reason.
    """

    message: MessageId
    source: str
    received: datetime
    patients: tuple[PatientChange, ...]
    merges: tuple[Merge | Unmerge, ...]
    closed: tuple[int, ...]
    opened: tuple[Fault, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether reading it again changes nothing."""
        return not (self.patients or self.merges or self.closed or self.opened)


def compare(
    kept: Kept,
    filing: Filing,
    said: Iterable[Statement],
    parked: Sequence[Parked],
    *,
    merges: Collection[Merge | Unmerge],
) -> MessageChange:
    """What filing the message again would change.

    `said` are the message's statements, `parked` everything ever parked of it, and `merges` those
    of the filing's that are not carried out yet. The same reading changes nothing.
    """
    before: dict[PatientId, list[Statement]] = defaultdict(list)
    for one in said:
        if not one.replaced:
            before[one.patient].append(one)
    after: dict[PatientId, list[Saying]] = defaultdict(list)
    keys: dict[PatientId, PatientKey] = {}
    who: dict[PatientId, Demographics] = {}
    for patient in filing.patients:
        keys[patient.about.id] = patient.about
        after[patient.about.id].extend(patient.sayings)
        if patient.demographics is not None:
            who[patient.about.id] = patient.demographics
    patients = [
        PatientChange(
            patient=patient,
            about=keys.get(patient),
            before=tuple(before.get(patient, ())),
            after=tuple(after.get(patient, ())),
            demographics=who.get(patient),
        )
        for patient in sorted({*before, *after})
    ]
    faults = {(fault.reason.name, fault.place): fault for fault in filing.faults}
    known = {(item.reason, item.place) for item in parked}
    return MessageChange(
        message=kept.message,
        source=kept.source,
        received=kept.received,
        patients=tuple(one for one in patients if any(one.counts)),
        merges=tuple(merge for merge in filing.merges if merge in merges),
        closed=tuple(
            item.n
            for item in parked
            if item.released is None
            and (item.reason, item.place) not in faults
            and item.reason not in _STORES_OWN
            and not (item.reason == Reason.NO_SUCH_PATIENT.name and _still_unknown(item, merges))
        ),
        opened=tuple(fault for key, fault in faults.items() if key not in known),
    )


def _still_unknown(item: Parked, merges: Collection[Merge | Unmerge]) -> bool:
    return not any(merge.place == item.place for merge in merges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A replay that was signed off: `by` whom and `why`; `messages` are those it changed."""

    n: int
    at: datetime
    by: str
    why: str
    messages: int
    undone: datetime | None = None
    undone_by: str = ""
    undone_why: str = ""


class Replays(Protocol):
    """Kept messages to read again, and what became of it."""

    async def kept_again(
        self, choice: Choice, *, after: int = 0, limit: int = 256
    ) -> Sequence[Kept]:
        """Up to `limit` filed messages of the choice with a number above `after`, by number."""
        ...

    async def said_by(self, messages: Sequence[MessageId]) -> Sequence[Statement]:
        """Every statement of these messages, those marked that count no longer."""
        ...

    async def standing(self, patients: Sequence[PatientId]) -> Mapping[PatientId, int]:
        """The `t` of each of these patients who is known."""
        ...

    async def begin_replay(self, *, by: str, why: str) -> int:
        """The number of a new replay, signed off by `by`."""
        ...

    async def publish(self, replay: int, change: MessageChange) -> int:
        """File one message again, in one commit; how many statements were filed.

        Raises:
            Conflict: what counts of the message is not what the change was made from, or the
                message is not filed yet. Nothing is done.
        """
        ...

    async def undo(self, replay: int, message: MessageId, *, by: str, why: str) -> None:
        """Let what the message said before the replay count again, in one commit.

        Raises:
            Conflict: the message was read again since: undo that first. Nothing is done.
        """
        ...

    async def replayed(self, replay: int) -> Sequence[MessageId]:
        """The messages of a replay that are not undone, in order.

        Raises:
            NotFound: there is no such replay.
        """
        ...

    async def replays(self, *, limit: int = 20) -> Sequence[Replay]:
        """The last replays, newest first."""
        ...
