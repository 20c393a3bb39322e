"""`CodeSystem/$subsumes`: which of two codes is a kind of the other.

Source: FHIR R4, CodeSystem, Operation `subsumes`; value set `concept-subsumption-outcome`.
"""

from typing import Any

from wholerecord.errors import Incorrect
from wholerecord.fhir.terminology.asked import Asked, Coding, parameters
from wholerecord.fhir.terminology.meaning import known_meaning
from wholerecord.terms import concept, in_force, is_a

PARAMETERS = frozenset({"codeA", "codeB", "system", "version", "codingA", "codingB"})


def subsumes(asked: Asked) -> dict[str, Any]:
    """`equivalent`, `subsumes`, `subsumed-by` or `not-subsumed`; 404 for a code none holds."""
    one, other = _code(asked, "A"), _code(asked, "B")
    if one.system != other.system:
        raise Incorrect("Both codes are of one system.")
    known_meaning(one)
    known_meaning(other)
    if one.code == other.code:
        outcome = "equivalent"
    elif _is_above(one, other):
        outcome = "subsumes"
    else:
        outcome = "subsumed-by" if _is_above(other, one) else "not-subsumed"
    return parameters({"name": "outcome", "valueCode": outcome})


def _code(asked: Asked, which: str) -> Coding:
    coding, code = asked.coding(f"coding{which}"), asked.text(f"code{which}")
    if (coding is None) == (not code):
        raise Incorrect(f"Give system and code{which}, or coding{which}; one of the two.")
    if coding is None:
        return Coding(system=asked.wanted("system"), code=code, version=asked.text("version"))
    return coding


def _is_above(wide: Coding, narrow: Coding) -> bool:
    if in_force().subsumes(wide.system, wide.code, narrow.code):
        return True
    if any(in_force().holding(wide.system)):
        return False
    above, below = concept(wide.system, wide.code), concept(narrow.system, narrow.code)
    return above is not None and below is not None and above.id != below.id and is_a(below, above)
