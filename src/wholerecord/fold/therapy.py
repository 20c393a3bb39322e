"""What a medicine statement is of: substance, product, strength, route, to compare."""

import re

import msgspec

from wholerecord.fold.meant import most_specific
from wholerecord.fold.medicine_said import MedicationSaid, MedicineSaid, MedicineShape
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Coding
from wholerecord.fold.told import Around, Told
from wholerecord.remembered import recalls
from wholerecord.terms import CONCEPTS, Concept, forgets, is_a, plain

_STRENGTH = re.compile(
    r"(\d[\d.,]*)\s*(mg|micrograms?|mcg|g|ml|units?|%)(?:\s*/\s*([\d.]*\s*(?:ml|hour|dose|g)))?\b"
)
_RELEASE = re.compile(r"\b(modified.release|prolonged.release|m/r|mr|sr|xl|extended.release)\b")
_ROUTES = {
    "oral": "oral",
    "by mouth": "oral",
    "po": "oral",
    "intravenous": "intravenous",
    "iv": "intravenous",
    "subcutaneous": "subcutaneous",
    "sc": "subcutaneous",
    "intramuscular": "intramuscular",
    "im": "intramuscular",
    "inhalation": "inhaled",
    "inhaled": "inhaled",
    "topical": "on the skin",
    "cutaneous": "on the skin",
    "rectal": "rectal",
    "sublingual": "sublingual",
}
#: Routes as SNOMED CT codes, for sources that send no words. Single codes, as facts.
_ROUTE_CODES = {
    "26643006": "oral",
    "47625008": "intravenous",
    "34206005": "subcutaneous",
    "78421000": "intramuscular",
    "18679011000001101": "inhaled",
    "37161004": "rectal",
    "37839007": "sublingual",
}
_FORMS = {
    "tablet": "oral",
    "capsule": "oral",
    "oral": "oral",
    "inhaler": "inhaled",
    "cream": "on the skin",
    "ointment": "on the skin",
}


class Substance(msgspec.Struct, frozen=True, gc=False):
    """What a medicine's codes and words mean, whoever said them. `route` is that of its form.

    `gap_days`: after so many days of silence what had ended is begun again.
    """

    concept: Concept | None
    code: Coding | None
    name: str
    strength: str
    route: str
    gap_days: float


class Therapy(msgspec.Struct, frozen=True, gc=False):
    """A medicine statement ready to compare. `name` is what it must share to be one line."""

    told: Told[MedicineSaid]
    via: Told[MedicationSaid] | None
    concept: Concept | None
    code: Coding | None
    words: str
    name: str
    strength: str
    route: str
    gap_days: float


def therapy(told: Told[MedicineSaid], around: Around) -> Therapy:
    """`told` ready to compare; a Medication it refers to says what it is."""
    known = around.prepared.get(told.key)
    if known is None:
        known = around.prepared[told.key] = therapy_anew(told, around)
    return known


def therapy_anew(told: Told[MedicineSaid], around: Around) -> Therapy:
    """The same, remembered by nobody: for an earlier version, which shares its statement's key."""
    body, via = told.body, None
    codes, words = told.said.codes, told.said.words
    if isinstance(body, MedicineShape) and body.medication_reference is not None:
        found = around.find(told, body.medication_reference.reference)
        if found is not None and isinstance(found.body, MedicationSaid):
            via = Told(found.said, found.body, found.key, found.tags, found.labels)
            codes = codes or found.said.codes
            words = words or found.said.words
    what = _substance(codes, words, around.policy)
    concept = what.concept
    return Therapy(  # by position, which takes half the time
        told,
        via,
        concept,
        what.code,
        words or (concept.title if concept else ""),
        what.name,
        what.strength,
        _route(body) or what.route,
        what.gap_days,
    )


@recalls(most=8192)
def _substance(codes: tuple[Coding, ...], words: str, rules: Policy) -> Substance:
    """What they mean, remembered: sources say the same few medicines again and again."""
    concept, code = most_specific(codes, words, "medicine")
    if concept is None and (display := next((c.display for c in codes if c.display), "")):
        concept, _ = most_specific((), display, "medicine")
    text = plain(" ".join((words, *(c.display for c in codes))))
    name = concept.id if concept else _name(codes, words)
    if _RELEASE.search(text) or (concept is not None and _apart(concept, rules)):
        name = f"{name}|{_name(codes, words)}"
    return Substance(
        concept,
        code or (codes[0] if codes else None),
        name,
        _strength(text),
        next((route for form, route in _FORMS.items() if form in text), ""),
        _gap_days(concept, rules),
    )


forgets(_substance.cache_clear)


def _apart(concept: Concept, rules: Policy) -> bool:
    """Whether it is kept apart by product; a policy names more than the concepts themselves do."""
    return concept.product or any(is_a(concept, CONCEPTS[name]) for name in rules.by_product)


def _gap_days(concept: Concept | None, rules: Policy) -> float:
    """After how many days of silence what had ended is begun again: less for an antibacterial."""
    if concept and any(is_a(concept, CONCEPTS[name]) for name in rules.course_substances):
        return rules.course_gap_days
    return rules.therapy_gap_days


def _name(codes: tuple[Coding, ...], words: str) -> str:
    return plain(words) if words else f"{codes[0].system}|{codes[0].code}" if codes else ""


def _strength(text: str) -> str:
    found = _STRENGTH.search(text)
    if found is None:
        return ""
    number, unit, per = found.groups()
    return f"{number.rstrip('.')} {unit.removesuffix('s')}" + (f"/{per}" if per else "")


def _route(body: MedicineSaid) -> str:
    """The route that is said, "" when none is."""
    if not isinstance(body, MedicineShape) or not (said := body.route.words.lower()):
        return ""
    for coding in body.route.coding:
        if coding.code in _ROUTE_CODES:
            return _ROUTE_CODES[coding.code]
    for word, route in _ROUTES.items():
        if said == word or said.startswith(f"{word} "):
            return route
    return said
