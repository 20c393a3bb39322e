"""What an entry is of or to, as a concept."""

from wholerecord.fold import Allergy, Entry, Medicine
from wholerecord.terms import Concept, substance_of


def medicine_of(entry: Entry) -> Concept | None:
    """The substance of a medicine, None when it is not known."""
    if not isinstance(entry.detail, Medicine):
        return None
    return _substance(entry, entry.detail.substance)


def allergen_of(entry: Entry) -> Concept | None:
    """The substance or class an allergy is to, None when it is not known."""
    return _substance(entry, entry.title) if isinstance(entry.detail, Allergy) else None


def _substance(entry: Entry, text: str) -> Concept | None:
    code = entry.code
    return substance_of(code.system if code else "", code.code if code else "", text)
