"""What an entry is of or to, as a concept."""

from wholerecord.fold import Allergy, Entry, Medicine
from wholerecord.terms import CONCEPTS, Concept, concept, concept_in_text


def medicine_of(entry: Entry) -> Concept | None:
    """The substance of a medicine, None when it is not known."""
    if not isinstance(entry.detail, Medicine):
        return None
    if entry.code is not None:
        found = concept(entry.code.system, entry.code.code)
        if found is not None and found.kind == "medicine":
            return found
    return concept_in_text(entry.detail.substance, "medicine")


def allergen_of(entry: Entry) -> Concept | None:
    """The substance or class an allergy is to, None when it is not known."""
    if not isinstance(entry.detail, Allergy):
        return None
    found = concept(entry.code.system, entry.code.code) if entry.code else None
    found = found or concept_in_text(entry.title, "substance")
    if found is not None and found.kind == "allergy":
        return CONCEPTS[found.of]
    return found
