"""`ConceptMap/$translate`: how a code is written in another system.

Source: FHIR R4, ConceptMap, Operation `translate`; value set `concept-map-equivalence`.
"""

from collections.abc import Iterator
from typing import Any

from wholerecord.fhir.terminology.asked import Asked, Coding, parameters, text
from wholerecord.fhir.terminology.meaning import asked_code, known_meaning, meaning, version_of
from wholerecord.terms import concept, in_force
from wholerecord.terms.content import Map, Term
from wholerecord.terms.systems import ADDRESSES

PARAMETERS = frozenset({"code", "system", "version", "coding", "targetsystem"})
_BACK = {"wider": "narrower", "narrower": "wider"}


def translate(asked: Asked) -> dict[str, Any]:
    """Every map of the code to the target system, forwards and backwards, the surest first.

    A map that holds only under a rule says the rule in its `message`.
    """
    coding, target = asked_code(asked), asked.wanted("targetsystem")
    term = known_meaning(coding)
    found = list(dict.fromkeys((*_forwards(term, target), *_backwards(coding, target))))
    found = found or list(_own(coding, target))
    said = "" if found else f"No map to {target} is in force."
    return parameters(
        {"name": "result", "valueBoolean": bool(found)},
        text("message", said),
        *(_match(one) for one in sorted(found, key=_surest)),
    )


_SURE = ("equivalent", "wider", "narrower", "inexact", "relatedto")


def _surest(one: Map) -> tuple[int, int, int, str]:
    return (_SURE.index(one.how), one.group, one.priority, one.code)


def _forwards(term: Term, target: str) -> Iterator[Map]:
    yield from (one for one in term.maps if one.system == target)


def _backwards(coding: Coding, target: str) -> Iterator[Map]:
    """Terms of the target system that map to the code, each read the other way round."""
    for release in in_force().holding(target):
        for row in release.mapping_to(coding.system, coding.code):
            term = release.term_at(row)
            how = {_BACK.get(one.how, one.how) for one in term.maps if _is(one, coding)}
            sure = min(how, key=_SURE.index, default="relatedto")
            yield Map(target, term.code, sure)


def _is(one: Map, coding: Coding) -> bool:
    """Whether a map is to this code, dots aside: `I639` is `I63.9`."""
    bare = coding.code.replace(".", "")
    return one.system == coding.system and one.code.replace(".", "") == bare


def _own(coding: Coding, target: str) -> Iterator[Map]:
    """Codes that our own value set holds to carry the same meaning, where no release has a map."""
    own = concept(coding.system, coding.code)
    if own is not None:
        for name, codes in own.codes.items():
            if ADDRESSES.get(name) == target:
                yield from (Map(target, code, "relatedto") for code in codes)


def _match(one: Map) -> dict[str, Any]:
    term = meaning(Coding(system=one.system, code=one.code))
    coding = {"system": one.system, "code": one.code}
    if term is not None:
        coding["display"] = term.title
    parts: list[dict[str, Any]] = [
        {"name": "equivalence", "valueCode": one.how},
        {"name": "concept", "valueCoding": coding},
        {"name": "source", "valueString": " ".join(version_of(one.system))},
    ]
    if one.rule:
        parts.append({"name": "message", "valueString": f"When {one.rule}"})
    return {"name": "match", "part": parts}
