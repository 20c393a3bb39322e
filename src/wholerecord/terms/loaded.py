"""Concepts out of the releases in force, for what our own value set does not hold.

Such a concept's id is its system's short name and code (`snomed:44054006`). It stands below the
nearest concepts of our own, so that a rule written for stroke holds for every kind of stroke: its
`parents` are those, and then all above them. Its kind is what its release says it is; nothing is
taken to be a negative, and no medicine from SNOMED CT's own product hierarchy, in which a
combination is a kind of each of its parts.
"""

from collections.abc import Iterable, Mapping, Sequence

from wholerecord.terms.concept import CONCEPTS, Concept
from wholerecord.terms.content import ICD10, OPCS4, Term
from wholerecord.terms.release import Release
from wholerecord.terms.terminology import in_force

#: SNOMED CT's semantic tag → kind. Tags that are not here say nothing to the fold: a situation may
#: be that something is absent, suspected or a relative's, which the words are read for.
_KINDS = {
    "disorder": "condition",
    "finding": "condition",
    "event": "condition",
    "morphologic abnormality": "condition",
    "procedure": "procedure",
    "regime/therapy": "procedure",
    "observable entity": "test",
    "substance": "substance",
}
#: The course of a condition of which no release says whether it is acute or long-term.
NOT_SAID = "not said"
#: What a classification's codes are.
_CLASSIFIED = {"icd10": "condition", "opcs4": "procedure", "loinc": "test"}
#: Kinds of our own below which a kind of a release may stand.
_BELOW = {
    "condition": frozenset({"condition", "allergy"}),
    "procedure": frozenset({"procedure"}),
    "test": frozenset[str](),  # a narrower test is another test: 24-hour blood pressure
    "substance": frozenset({"class", "substance"}),
    "medicine": frozenset({"medicine", "class"}),
}
#: Systems that SNOMED CT is mapped to, by their short names.
_SHORT = {ICD10: "icd10", OPCS4: "opcs4"}
#: How many retirements are followed: a code replaced by one that was replaced.
_FOLLOWED = 4


def loaded_concept(name: str, code: str, own: Mapping[tuple[str, str], Concept]) -> Concept | None:
    """What a release in force says `code` means, None when none does. `own` are our own by code."""
    terms = in_force()
    if name in {"read2", "ctv3"}:
        return _mapped(terms.release(name), code, own)
    if name == "snomed":
        dmd = terms.release("dmd")
        if dmd is not None and (found := _medicine(dmd, code, own)) is not None:
            return found
        release = terms.release("snomed")
        return None if release is None else _clinical(release, code, own)
    kind, release = _CLASSIFIED.get(name), terms.release(name)
    dotted = code if name == "loinc" or "." in code else f"{code[:3]}.{code[3:]}".rstrip(".")
    term = release.term(dotted) if release and kind else None
    if term is None or kind is None:
        return None
    return Concept(
        id=f"{name}:{term.code}",
        kind=kind,
        title=term.title,
        course=NOT_SAID,
        codes={name: (term.code,)},
    )


def _mapped(
    release: Release | None, code: str, own: Mapping[tuple[str, str], Concept]
) -> Concept | None:
    """What a Read code's best map means."""
    term = release.term(code) if release else None
    targets = [one for one in term.maps if one.how == "equivalent"] if term else []
    if len(targets) != 1:  # several assured maps are a choice nobody has made
        return None
    target = targets[0].code
    return own.get(("snomed", target)) or loaded_concept("snomed", target, own)


def _current(release: Release, code: str) -> Term | None:
    """The active term that `code` is, or was replaced by."""
    term = release.term(code)
    for _ in range(_FOLLOWED):
        if term is None or term.active:
            return term
        instead = {one.code for one in term.maps if one.how == "equivalent"}
        if len(instead) != 1:
            return term
        term = release.term(instead.pop())
    return term


def _clinical(
    release: Release, code: str, own: Mapping[tuple[str, str], Concept]
) -> Concept | None:
    term = _current(release, code)
    kind = _KINDS.get(term.tag) if term else None
    if term is None or kind is None:
        return None
    if term.code != code and (mine := own.get(("snomed", term.code))) is not None:
        return mine
    above = [release.term_at(row).code for row in release.above(release.row(term.code))]
    parents = _nearest(above, kind, own)
    allergies = [parent for parent in parents if parent.kind == "allergy"]
    if allergies:
        return _allergy(term, allergies, own)
    first = parents[0] if parents else None
    higher = {up for parent in parents for up in _ancestors(parent)}
    return Concept(
        id=f"snomed:{term.code}",
        kind=kind,
        title=term.title,
        course=first.course if first else NOT_SAID,
        parents=(*(parent.id for parent in parents), *sorted(higher)),
        product=any(parent.product for parent in parents),
        codes={"snomed": (term.code,)},
    )


def _allergy(
    term: Term, parents: Sequence[Concept], own: Mapping[tuple[str, str], Concept]
) -> Concept:
    """A kind of an allergy of our own: to its causative agent, where that is one of ours.

    Else it is of kind `narrower-allergy`: an allergy apart from those above it, whose substance
    counts as theirs where safety is asked for.
    """
    agent = own.get(("snomed", term.facts.get("agent", "")))
    return Concept(
        id=f"snomed:{term.code}",
        kind="allergy" if agent else "narrower-allergy",
        title=term.title,
        parents=tuple(parent.id for parent in parents),
        of=agent.id if agent else parents[0].of,
        codes={"snomed": (term.code,)},
    )


def _medicine(
    release: Release, code: str, own: Mapping[tuple[str, str], Concept]
) -> Concept | None:
    """A product's substance: its VTM, else itself; kept by product where brands differ."""
    term = _current(release, code)
    if term is None or term.tag not in {"VTM", "VMP", "AMP"}:
        return None
    row = release.row(term.code)
    line = [term, *(release.term_at(one) for one in release.above(row))]
    vtm = next((one for one in line if one.tag == "VTM"), None) or line[-1]
    mine = own.get(("snomed", vtm.code))
    by_brand = any("by_brand" in one.facts for one in line)
    if mine is not None and (mine.product or not by_brand):
        return mine
    return Concept(
        id=mine.id if mine else f"snomed:{vtm.code}",
        kind="medicine",
        title=mine.title if mine else vtm.title,
        parents=mine.parents if mine else (),
        product=by_brand or vtm.title.lower().startswith("insulin"),
        codes={"snomed": (vtm.code,)},
    )


def _nearest(
    above: Iterable[str], kind: str, own: Mapping[tuple[str, str], Concept]
) -> list[Concept]:
    """Our own concepts among these codes that are above no other of them, by id."""
    found = {mine.id: mine for code in above if (mine := own.get(("snomed", code))) is not None}
    found = {key: mine for key, mine in found.items() if mine.kind in _BELOW[kind]}
    higher = {up for mine in found.values() for up in _ancestors(mine)}
    return [found[key] for key in sorted(found.keys() - higher)]


def _ancestors(concept: Concept) -> set[str]:
    found: set[str] = set()
    waiting = list(concept.parents)
    while waiting:
        if (up := waiting.pop()) not in found:
            found.add(up)
            waiting.extend(CONCEPTS[up].parents)
    return found


def targets(codes: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The codes of classifications that these SNOMED CT codes map to, with their categories."""
    release = in_force().release("snomed")
    if release is None:
        return frozenset()
    found: set[tuple[str, str]] = set()
    for code in codes:
        term = release.term(code)
        for one in term.maps if term else ():
            name = _SHORT.get(one.system)
            if name and one.group == 1:
                found.add((name, one.code.replace(".", "")))
                found.add((name, one.code[:3]))
    return frozenset(found)
