"""Who opened a record while it was wrongly joined.

Worked out from the log of openings and the link events, which cannot be forgotten: whoever was
shown a patient and others as one person, before the patient was taken out again, saw a record that
was two people's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wholerecord.consent import View
from wholerecord.record import PatientId, PersonId

#: Views that show what sources said; the others show who somebody is to those who decide about it.
SHOWING = frozenset({View.RECORD, View.PROVENANCE, View.MESSAGE, View.DEMOGRAPHICS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Misled:
    """Somebody who opened a person's record while `patient` was wrongly part of it.

    `event` took the patient out, at `parted`. `read` is when they said they know, None until then.
    """

    event: int
    person: PersonId
    patient: PatientId
    parted: datetime
    actor: str
    name: str
    role: str
    organisation: str
    looks: int
    last: datetime
    read: datetime | None


class Tellings(Protocol):
    """Where it is worked out whom to tell, and kept who knows."""

    async def misled(self, person: PersonId) -> Sequence[Misled]:
        """Everybody who opened `person` while somebody was wrongly part of them, newest first."""
        ...

    async def notices(self, actor: str) -> Sequence[Misled]:
        """What `actor` is to be told and has not said they know, newest first."""
        ...

    async def noticed(self, actor: str, event: int) -> None:
        """Keep that `actor` knows of `event`. Twice is once."""
        ...
