"""Why an organisation, or one of its staff, may be caring for a person: a legitimate relationship.

Each is made by something said, or claimed, and ends by itself. Source: NHS Care Record Guarantee
(2011), commitment 3; NHS England, "Legitimate relationships" (Spine access control): workgroups by
registration, referral, stay, team, and self-claimed. How long each lasts is a demonstration, until
an information governance lead signs it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from wholerecord.fold import Said
from wholerecord.nhs import PartialDate


class Ground(Enum):
    """What makes a relationship; its value says it of the person, of a place."""

    REGISTERED = "registered there"
    REFERRED = "referred there"
    STAYING = "a patient there now, or until lately"
    TEAM = "looked after by a team of there"
    CLAIMED = "cared for there, as the member of staff said of themselves"


#: How long after a stay or a visit whoever had the person there may still look.
AFTER_STAY = timedelta(days=30)
#: A stay that nobody ended, a referral that nobody closed, a team that nobody confirmed again.
LONGEST = timedelta(days=366)
#: How long what somebody says of themselves counts.
CLAIM_HOLDS = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A relationship with an organisation (ODS code), or with one `actor` of its staff.

    It holds from `since` until `until`, where it has an end. `said` is the statement that makes
    it, with its labels, the `fold.Kind` value of what it is said of and the day that ended, so that
    what is withheld makes none; None of what was claimed, of which `given` is the reason.
    """

    organisation: str
    ground: Ground
    since: datetime
    until: datetime | None = None
    actor: str = ""
    name: str = ""
    given: str = ""
    said: Said | None = None
    kind: str = ""
    labels: frozenset[str] = frozenset()
    ended: PartialDate | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it counts at that moment."""
        return self.since <= now and (self.until is None or now < self.until)

    def is_of(self, organisation: str, actor: str) -> bool:
        """Whether it is of that organisation's staff, or of that member of it."""
        return self.organisation == organisation and self.actor in {"", actor}


def because(reason: str, tie: Tie | None) -> str:
    """A rule's reason with what made the relationship that it asks for.

    >>> because("direct care", None)
    'direct care'
    """
    return reason if tie is None else f"{reason}{_MADE_BY}{tie.ground.value}"


def without_ground(reason: str) -> str:
    """A reason without what made the relationship: that may be hidden from whoever reads it.

    >>> without_ground("direct care: the person is referred there")
    'direct care'
    """
    return reason.partition(_MADE_BY)[0]


_MADE_BY = ": the person is "
