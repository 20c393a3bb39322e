"""What people are asked about identity."""

from dataclasses import dataclass

from wholerecord.people.link import Part
from wholerecord.record import PatientId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question for people: is `patient` also `person`? With `against`: are they still?

    `why` is what made a detector ask, "" where the weight of the evidence did. A question that was
    answered is not asked again for the same reason.
    """

    patient: PatientId
    person: PersonId
    weight: float
    parts: tuple[Part, ...]
    against: bool = False
    why: str = ""
