"""Which patients are one person."""

from wholerecord.people.demographics import (
    Address,
    Demographics,
    Name,
    demographics_of,
    from_patient,
)
from wholerecord.people.link import (
    Act,
    Candidate,
    Decide,
    Decision,
    LinkEvent,
    Member,
    Outcome,
    Part,
    Possible,
    Register,
    Review,
)

__all__ = [
    "Act",
    "Address",
    "Candidate",
    "Decide",
    "Decision",
    "Demographics",
    "LinkEvent",
    "Member",
    "Name",
    "Outcome",
    "Part",
    "Possible",
    "Register",
    "Review",
    "demographics_of",
    "from_patient",
]
