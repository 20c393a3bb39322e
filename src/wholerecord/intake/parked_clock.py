"""By when a parked item must be dealt with, and who hears of it when it is not.

The hours are data, by reason: what may hide something about one known patient is due first, what
needs a new reader last. They are a demonstration until a clinical safety officer signs them
(DCB0160 asks the deploying organisation to set and justify them).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from wholerecord.intake.inbox import Parked
from wholerecord.intake.reading import Reason

#: Reason → hours until it is overdue, hours until it is escalated.
HOURS: dict[str, tuple[int, int]] = {
    Reason.CONTROL_REUSED.name: (1, 4),
    Reason.SEVERAL_PATIENTS.name: (4, 24),
    Reason.SHARED_KEY.name: (4, 24),
    Reason.MOVED.name: (4, 24),
    Reason.NO_SUCH_PATIENT.name: (4, 24),
    Reason.NO_PATIENT.name: (4, 24),
    Reason.PATIENT_UNKNOWN.name: (4, 24),
    Reason.CUT_SHORT.name: (8, 24),
    Reason.NOT_READ_YET.name: (72, 168),
    Reason.OTHER_VERSION.name: (72, 168),
}
#: Every other reason: the next working day, and the day after the weekend.
OTHERS = (24, 72)
#: A patient who is nobody yet: linking takes seconds, so an hour is long.
UNLINKED = (1, 24)
#: Whose work it becomes when it is escalated.
ESCALATED_TO = "the clinical safety officer"


class Lateness(Enum):
    """Where the clock stands."""

    ON_TIME = "on time"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When an item is due and when it is escalated."""

    due: datetime
    escalates: datetime

    def at(self, now: datetime) -> Lateness:
        """Where the clock stands at `now`."""
        if now >= self.escalates:
            return Lateness.ESCALATED
        return Lateness.OVERDUE if now >= self.due else Lateness.ON_TIME


def clock(item: Parked) -> Clock:
    """The item's clock. Giving it to somebody does not stop it: only closing it does."""
    return _from(item.since, HOURS.get(item.reason, OTHERS))


def unlinked_clock(since: datetime) -> Clock:
    """The clock of a patient who is nobody since then."""
    return _from(since, UNLINKED)


def _from(since: datetime, hours: tuple[int, int]) -> Clock:
    due, escalates = hours
    return Clock(due=since + timedelta(hours=due), escalates=since + timedelta(hours=escalates))
