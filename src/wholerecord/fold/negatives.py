"""Statements that there is none: dated and attributed, apart from every entry, hiding nothing.

Source for codes: SNOMED CT as NHS England's GP Connect and UK Core use it for "no known allergies".
"""

from collections.abc import Mapping

from wholerecord.fold.allergy_said import AllergySaid
from wholerecord.fold.meant import most_specific
from wholerecord.fold.measure_said import ObservationSaid
from wholerecord.fold.record import Kind, Negative
from wholerecord.fold.ruling import Ruling, Verdict
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Key, Told
from wholerecord.terms import Concept, plain

_KINDS = {
    "no-known-allergy": Kind.ALLERGY,
    "no-known-drug-allergy": Kind.ALLERGY,
    "no-known-medicines": Kind.MEDICINE,
    "no-known-conditions": Kind.CONDITION,
}
#: What an allergy's words begin with when they say that there is none, whatever their code.
_NONE = ("no known ", "no allerg", "nil known")
#: Only statements of these types can say that there is none.
_TYPES = frozenset({"AllergyIntolerance", "Condition", "Observation", "MedicationStatement"})


def negative_of(told: Told[Shape]) -> Negative | None:
    """What `told` says there is none of, or None when it says that there is something."""
    body = told.body
    if isinstance(body, ObservationSaid):
        if body.value_quantity is not None:
            return None
    elif told.said.kind not in _TYPES:
        return None
    found = _concept(told)
    if found is not None:
        kind = _KINDS.get(found.id)
        return _negative(told, kind, found.title) if kind else None
    if isinstance(body, AllergySaid) and plain(told.said.words).startswith(_NONE):
        return _negative(told, Kind.ALLERGY, told.said.words)
    return None


def _negative(told: Told[Shape], kind: Kind, title: str) -> Negative:
    return Negative(kind=kind, title=title, said=told.said, labels=told.labels)


def _concept(told: Told[Shape]) -> Concept | None:
    if told.measurand is not None:
        return told.measurand.concept
    family = "allergy" if isinstance(told.body, AllergySaid) else "condition"
    return most_specific(told.said.codes, told.said.words, family)[0]


#: Rulings by which a statement does not count.
_GONE = frozenset({Verdict.WRONG, Verdict.WRONG_PERSON, Verdict.SUPERSEDED})


def counts(told: Told[Shape], marked: Mapping[Key, Ruling]) -> bool:
    """Whether no ruling says that the statement is wrong, or that another took its place."""
    ruling = marked.get(told.key) if marked else None
    return ruling is None or ruling.verdict not in _GONE
