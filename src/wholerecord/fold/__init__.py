"""The one record: a pure function from statements and rulings to entries.

Three laws, each a property test: a negative never hides a positive; "not known" is never shown as
"none"; the order of arrival does not change the record. And a sum: every statement is in one place.
"""

from wholerecord.fold.folding import fold
from wholerecord.fold.kinds import Kinds, by_kind
from wholerecord.fold.once import Once
from wholerecord.fold.onward import Onward
from wholerecord.fold.record import (
    NOT_SO,
    Allergy,
    CarePlan,
    Coding,
    Component,
    Condition,
    Detail,
    Document,
    Encounter,
    Entry,
    Habit,
    Immunisation,
    Kind,
    Measure,
    Medicine,
    Negative,
    Plain,
    Procedure,
    Record,
    Said,
    SocialHistory,
    Unfolded,
    Who,
)
from wholerecord.fold.ruling import BLAMING, SIDES, About, Ruling, Rulings, Verdict
from wholerecord.fold.versions import RETRACTED

__all__ = [
    "BLAMING",
    "NOT_SO",
    "RETRACTED",
    "SIDES",
    "About",
    "Allergy",
    "CarePlan",
    "Coding",
    "Component",
    "Condition",
    "Detail",
    "Document",
    "Encounter",
    "Entry",
    "Habit",
    "Immunisation",
    "Kind",
    "Kinds",
    "Measure",
    "Medicine",
    "Negative",
    "Once",
    "Onward",
    "Plain",
    "Procedure",
    "Record",
    "Ruling",
    "Rulings",
    "Said",
    "SocialHistory",
    "Unfolded",
    "Verdict",
    "Who",
    "by_kind",
    "fold",
]
