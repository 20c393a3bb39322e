"""From a code or from words to the concept they mean."""

import re

from wholerecord.remembered import recalls
from wholerecord.terms.concept import CONCEPTS, Concept
from wholerecord.terms.content import SNOMED
from wholerecord.terms.loaded import loaded_concept
from wholerecord.terms.plain import plain
from wholerecord.terms.systems import SYSTEMS
from wholerecord.terms.terminology import forgets, in_force

_BY_CODE = {
    (system, code): concept
    for concept in CONCEPTS.values()
    for system, codes in concept.codes.items()
    for code in codes
}


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


@recalls()
def concept(system: str, code: str) -> Concept | None:
    """What `code` means, or None. ICD-10 and OPCS-4 codes mean what their category means.

    Our own value set is asked first, then the releases in force.
    """
    name = SYSTEMS.get(system)
    if name is None or not code:
        return None
    if name == "read2":
        code = code[:5]  # the sixth and seventh characters choose between synonyms
    found = _BY_CODE.get((name, code))
    if found is None and name in {"icd10", "opcs4"}:
        found = _by_category(name, code)
    return found or loaded_concept(name, code, _BY_CODE)


def _by_category(name: str, code: str) -> Concept | None:
    dotted = code if "." in code or len(code) <= 3 else f"{code[:3]}.{code[3:]}"
    while len(dotted) >= 3:
        if (found := _BY_CODE.get((name, dotted))) is not None:
            return found
        dotted = dotted[:-1].rstrip(".")
    return None


forgets(concept.cache_clear)


#: A side after a comma or in brackets: "Cataract extraction, left eye".
_SIDE = re.compile(r" ?[,(] ?(?:left|right|bilateral)(?: side| eye| hip| knee)?\)?$")


#: What words say of a substance before they name it: "Adverse reaction to Prednisolone".
_TO = re.compile(
    r"^(?:adverse (?:drug )?reaction|allergic(?: reaction)?|allergy|hypersensitivity|intolerance)"
    r" to +"
)


@recalls()
def concept_in_text(text: str, family: str) -> Concept | None:
    """What the words mean among `family` (condition, medicine, substance, allergy, test, …).

    Words must match whole; only a medicine's name may be followed by strength and form, and a
    condition's or a procedure's by its side.

    >>> concept_in_text("Amoxicillin 500mg capsules", "medicine").id
    'amoxicillin'
    >>> concept_in_text("query stroke", "condition") is None
    True
    """
    words = _BY_WORDS[family]
    said = plain(text)
    if (found := words.get(said) or _called_so(text, family)) is not None:
        return found
    if family in {"allergy", "substance"} and (to := _TO.match(said)):
        return concept_in_text(said[to.end() :], family)
    if family in {"condition", "procedure"} and (sided := _SIDE.search(said)):
        return concept_in_text(said[: sided.start()], family)
    if family not in {"medicine", "substance"}:
        return None
    said = _MAKER.sub("", said)
    parts = said.split(" ")
    if "+" in parts or "/" in parts:  # two substances are not the first of them
        return None
    for length in range(min(len(parts) - 1, 4), 0, -1):
        if (found := words.get(" ".join(parts[:length]))) is not None:
            return found if _only_strength_and_form(parts[length:]) else None
    return None


forgets(concept_in_text.cache_clear)


def _called_so(text: str, family: str) -> Concept | None:
    """The one concept that a release in force calls exactly so; None when it calls two so."""
    found: dict[str, Concept] = {}
    for release in in_force().holding(SNOMED):
        for row in release.called(text):
            meant = concept(SNOMED, release.term_at(row).code)
            if meant is not None and meant.kind.removeprefix("narrower-") in _FAMILIES[family]:
                found[meant.id] = meant
    return next(iter(found.values())) if len(found) == 1 else None


def substance_of(system: str, code: str, text: str = "") -> Concept | None:
    """The medicine, class of medicines or other substance meant; of an allergy, what it is to.

    >>> substance_of("http://snomed.info/sct", "91936005").id
    'penicillins'
    """
    found = concept(system, code)
    if found is None or found.kind not in {"allergy", "narrower-allergy", *_FAMILIES["substance"]}:
        found = concept_in_text(text, "substance") or found
    if found is not None and found.kind in {"allergy", "narrower-allergy"}:
        return CONCEPTS[found.of]
    return found if found is not None and found.kind in _FAMILIES["substance"] else None


#: Who makes a product, in brackets after it, as dm+d names actual products.
_MAKER = re.compile(r" \([^()]*\)$")
_FORM = re.compile(
    r"[\d.,]+.*|mg|g|mcg|ml|micrograms?|milligrams?|units?|%|oral|tablets?|capsules?|liquid|solution|"
    r"suspension|injection|inhaler|cream|ointment|drops?|sugar|free|sachets?|powder|modified-release|"
    r"modified|release|gastro-resistant|dispersible|dry|metered|dose|cfc|pens?|pre-filled|cartridges?|"
    r"m/r|e/c|for|in|of|a|per|actuation|spray|patch(es)?|suppositor(y|ies)|sodium|hydrochloride|"
    r"trihydrate|calcium|maleate|besilate|fumarate|sulfate|phosphate|potassium|citrate|carbonate|"
    r"iv|im|sc|po|extended|hr|24|12|mg/ml|syringes?|caps?|tabs?|vials?|ampoules?|infusion|once|"
    r"daily|chewable|effervescent|soluble|orodispersible|caplets?|disposable|devices?|[(\[].*|.*[)\]]"
)


def _only_strength_and_form(parts: list[str]) -> bool:
    return all(_FORM.fullmatch(part) for part in parts)
