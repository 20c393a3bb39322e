"""The codes the region's systems send, chosen from the concepts this package knows.

Each kind of system codes in its own habit: practices in SNOMED CT, the hospital in ICD-10 for
coded episodes and LOINC for results, the others often in words alone.
"""

from functools import cache
from typing import Any

from wholerecord.demo.tables import value
from wholerecord.terms import CONCEPTS

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"

Json = dict[str, Any]


@cache
def display(key: str) -> str:
    """The concept's first words, as a system would write them."""
    concept = CONCEPTS[key]
    words = concept.words[0] if concept.words else concept.title
    return words if words.isupper() else words[0].upper() + words[1:]


@cache
def snomed(key: str) -> str:
    """The concept's first SNOMED CT (or dm+d) code, "" without one."""
    return next(iter(CONCEPTS[key].codes.get("snomed", ())), "")


@cache
def loinc(key: str) -> str:
    """The concept's first LOINC code, "" without one."""
    return next(iter(CONCEPTS[key].codes.get("loinc", ())), "")


@cache
def icd10(key: str) -> str:
    """The ICD-10 code as English hospitals write it: no point, X for a missing fourth character."""
    for condition in value("conditions"):
        if condition["concept"] == key and "icd10" in condition:
            return str(condition["icd10"])
    code = next(iter(CONCEPTS[key].codes.get("icd10", ())), "").replace(".", "")
    return f"{code}X" if len(code) == 3 else code


def concept_of(key: str, words: str = "") -> Json:
    """A FHIR CodeableConcept in SNOMED CT with the source's own words as its text.

    A concept with no SNOMED CT code (and the key "") is said in words alone.
    """
    if not key:
        return {"text": words}
    code = snomed(key)
    said = display(key)
    concept: Json = {"text": words or said}
    if code:
        concept["coding"] = [{"system": SNOMED, "code": code, "display": said}]
    return concept


def test_of(key: str) -> Json:
    """A FHIR CodeableConcept for a measurement: SNOMED CT and LOINC where there are both."""
    coding = [
        {"system": system, "code": code, "display": display(key)}
        for system, code in ((SNOMED, snomed(key)), (LOINC, loinc(key)))
        if code
    ]
    return {"coding": coding, "text": display(key)}
