"""From a code or from words to the concept they mean."""

import re
from functools import lru_cache

from wholerecord.terms.concept import CONCEPTS, Concept

#: The systems a code can be in, by the addresses sources use for them. dm+d products and
#: substances are SNOMED CT identifiers (NHSBSA, dm+d technical specification).
_SYSTEMS = {
    "http://snomed.info/sct": "snomed",
    "https://dmd.nhs.uk": "snomed",
    "http://dm+d.org": "snomed",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://hl7.org/fhir/sid/icd-10-uk": "icd10",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10",
    "http://read.info/readv2": "read2",
    "http://read.info/ctv3": "ctv3",
    "http://loinc.org": "loinc",
    "https://fhir.hl7.org.uk/CodeSystem/OPCS-4": "opcs4",
    "https://fhir.nhs.uk/CodeSystem/OPCS-4": "opcs4",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "urn:oid:2.16.840.1.113883.6.3": "icd10",
}
_BY_CODE = {
    (system, code): concept
    for concept in CONCEPTS.values()
    for system, codes in concept.codes.items()
    for code in codes
}
_TAG = re.compile(r"\s*\((?:disorder|finding|situation|procedure|substance|product)\)\s*$")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """`text` in small letters with single spaces, without SNOMED CT's semantic tag."""
    return _SPACES.sub(" ", _TAG.sub("", text.lower())).strip(" .,;:")


#: Kinds whose words are looked up together: an allergy to "penicillin" is to that class.
_FAMILIES = {
    "condition": ("condition", "allergy", "negative"),
    "substance": ("medicine", "class", "substance"),
    "medicine": ("medicine", "class"),
    "allergy": ("allergy", "negative", "medicine", "class", "substance"),
    "test": ("test",),
    "vaccine": ("vaccine",),
    "procedure": ("procedure",),
}
_BY_WORDS = {
    family: {
        words: concept
        for kind in reversed(kinds)
        for concept in CONCEPTS.values()
        if concept.kind == kind
        for words in (plain(concept.title), *concept.words)
    }
    for family, kinds in _FAMILIES.items()
}


def system_name(system: str) -> str:
    """The short name of a code system (`snomed`, `icd10`, …), "" for one not known here."""
    return _SYSTEMS.get(system, "")


@lru_cache(maxsize=65536)
def concept(system: str, code: str) -> Concept | None:
    """What `code` means, or None. ICD-10 and OPCS-4 codes mean what their category means."""
    name = _SYSTEMS.get(system)
    if name is None or not code:
        return None
    if name == "read2":
        code = code[:5]  # the sixth and seventh characters choose between synonyms
    found = _BY_CODE.get((name, code))
    if found is not None or name not in {"icd10", "opcs4"}:
        return found
    dotted = code if "." in code or len(code) <= 3 else f"{code[:3]}.{code[3:]}"
    while len(dotted) >= 3:
        if (found := _BY_CODE.get((name, dotted))) is not None:
            return found
        dotted = dotted[:-1].rstrip(".")
    return None


@lru_cache(maxsize=65536)
def concept_in_text(text: str, family: str) -> Concept | None:
    """What the words mean among `family` (condition, medicine, substance, allergy, test, …).

    Words must match whole; only a medicine's name may be followed by strength and form.

    >>> concept_in_text("Amoxicillin 500mg capsules", "medicine").id
    'amoxicillin'
    >>> concept_in_text("query stroke", "condition") is None
    True
    """
    words = _BY_WORDS[family]
    said = plain(text)
    if (found := words.get(said)) is not None or family not in {"medicine", "substance"}:
        return found
    parts = said.split(" ")
    if "+" in parts or "/" in parts:  # two substances are not the first of them
        return None
    for length in range(min(len(parts) - 1, 4), 0, -1):
        if (found := words.get(" ".join(parts[:length]))) is not None:
            return found if _only_strength_and_form(parts[length:]) else None
    return None


def substance_of(system: str, code: str, text: str = "") -> Concept | None:
    """The medicine, class of medicines or other substance meant; of an allergy, what it is to.

    >>> substance_of("http://snomed.info/sct", "91936005").id
    'penicillins'
    """
    found = concept(system, code) or concept_in_text(text, "substance")
    if found is not None and found.kind == "allergy":
        return CONCEPTS[found.of]
    return found if found is not None and found.kind in _FAMILIES["substance"] else None


_FORM = re.compile(
    r"[\d.,]+.*|mg|g|mcg|ml|micrograms?|milligrams?|units?|%|oral|tablets?|capsules?|liquid|solution|"
    r"suspension|injection|inhaler|cream|ointment|drops?|sugar|free|sachets?|powder|modified-release|"
    r"modified|release|gastro-resistant|dispersible|dry|metered|dose|cfc|pens?|pre-filled|cartridges?|"
    r"m/r|e/c|for|in|of|a|per|actuation|spray|patch(es)?|suppositor(y|ies)|sodium|hydrochloride|"
    r"trihydrate|calcium|maleate|besilate|fumarate|sulfate|phosphate|potassium|citrate|carbonate|"
    r"iv|im|sc|po|extended|hr|24|12|mg/ml|syringes?|caps?|tabs?|vials?|ampoules?|infusion|once|"
    r"daily|chewable|effervescent|soluble|[(\[].*|.*[)\]]"
)


def _only_strength_and_form(parts: list[str]) -> bool:
    return all(_FORM.fullmatch(part) for part in parts)
