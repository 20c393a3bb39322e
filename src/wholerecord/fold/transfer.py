"""What a transfer of care is, as values: who said what of each medicine, before it and at it."""

from dataclasses import dataclass
from enum import Enum

from wholerecord.fold.record import Entry, Word
from wholerecord.nhs import PartialDate


class Sort(Enum):
    """Which way somebody's care went."""

    ADMISSION = "admission"
    DISCHARGE = "discharge"


class Change(Enum):
    """What one source's word makes of a medicine, held against what was said before."""

    STOPPED = "stopped"
    HELD = "put on hold"
    CHANGED = "dose written differently"
    STARTED = "started"
    PLANNED = "planned"
    CARRIED_ON = "carried on"
    DOSE_UNKNOWN = "carried on, whether at the same dose is not known"
    UNSURE = "told of, whether it is new is not known"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one source said of one medicine at the transfer.

    `words` are all its words of it then, oldest first; `at` is when it first said so. `doses` are
    its newest, `because` the reason that it gives.
    """

    source: str
    change: Change
    doses: tuple[str, ...]
    at: PartialDate | None
    because: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One line of therapy at the transfer.

    `before` are the words by which it was taken, or may have been, newest first. `turns` are by
    source; `silent` are the sources that should have said something of it, and have not.
    """

    entry: Entry
    before: tuple[Word, ...]
    turns: tuple[Turn, ...]
    silent: tuple[str, ...]

    @property
    def change(self) -> Change:
        """What must be seen first of it; not known where nobody said anything."""
        order = list(Change)
        return min((turn.change for turn in self.turns), key=order.index, default=Change.NOT_KNOWN)

    @property
    def disagree(self) -> bool:
        """Whether one source says that it ended, or is on hold, and another that it goes on."""
        over = {turn.change in (Change.STOPPED, Change.HELD) for turn in self.turns}
        return len(over) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A transfer of care: the last of its sort. `at` is None where nobody said the day.

    `stay` is the stay in hospital that it begins or ends, `hospital` the sources that tell of it.
    `heard`: somebody had said of some medicine, or that there was none, before the stay began.
    """

    sort: Sort
    at: PartialDate | None
    stay: Entry
    hospital: tuple[str, ...]
    heard: bool
    lines: tuple[Moved, ...]
