"""What somebody may see of a person now, as one value: to tell whether that has changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from wholerecord.access.opening import Ask, Verdict
from wholerecord.consent import Purpose, View
from wholerecord.people import Member
from wholerecord.record import PatientId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides how much of a record is shown, and not what there is to show.

    When a person is parted from somebody else's patient it is another: the other's must go.
    """

    person: PersonId | None
    purpose: Purpose
    view: View
    allowed: bool
    kinds: frozenset[str]
    withheld: frozenset[str]
    patients: frozenset[PatientId]


def standing_of(ask: Ask, verdict: Verdict, members: Iterable[Member]) -> Standing:
    """How whoever asks stands, who was answered so; `members` are who the person is today."""
    return Standing(
        person=ask.person,
        purpose=ask.purpose,
        view=ask.view,
        allowed=verdict.allowed,
        kinds=verdict.kinds,
        withheld=verdict.withheld,
        patients=frozenset(member.patient for member in members),
    )
