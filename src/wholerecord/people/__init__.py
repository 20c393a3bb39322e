"""Which patients are one person."""

from wholerecord.people.asked import Asked
from wholerecord.people.blocking import keys, linking_keys, search_keys
from wholerecord.people.demographics import (
    Address,
    Demographics,
    Name,
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
    Review,
)
from wholerecord.people.patient import demographics_of, from_patient
from wholerecord.people.register import Register

__all__ = [
    "Act",
    "Address",
    "Asked",
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
    "keys",
    "linking_keys",
    "search_keys",
]
