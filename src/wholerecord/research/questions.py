"""The questions that may be asked of everybody's records.

A fixed list, so that no two of them can be chosen to single somebody out: one for each condition
that `terms` knows.
"""

from datetime import date

from wholerecord.errors import Incorrect
from wholerecord.research.count import Count
from wholerecord.terms import CONCEPTS, Concept

_SYSTEMS = {
    "snomed": "http://snomed.info/sct",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "read2": "http://read.info/readv2",
    "ctv3": "http://read.info/ctv3",
}


def questions() -> tuple[tuple[str, str], ...]:
    """Every question as (its id, its title), by title. A condition includes its kinds."""
    conditions = [each for each in CONCEPTS.values() if each.kind == "condition" and _codes(each)]
    return tuple(sorted(((each.id, each.title) for each in conditions), key=lambda each: each[1]))


def count_of(question: str, as_of: date) -> Count:
    """The count that a question asks for, of people alive on `as_of`.

    Raises:
        Incorrect: it is not one of the questions.
    """
    asked = CONCEPTS.get(question)
    if asked is None or asked.kind != "condition" or not (codes := _codes(asked)):
        raise Incorrect("Choose one of the questions listed.")
    return Count(title=asked.title, codes=codes, as_of=as_of)


def _codes(asked: Concept) -> tuple[tuple[str, str], ...]:
    return tuple(
        (_SYSTEMS[system], code)
        for system, codes in sorted(asked.codes.items())
        if system in _SYSTEMS
        for code in codes
    )
