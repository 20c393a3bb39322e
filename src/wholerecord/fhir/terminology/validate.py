"""`CodeSystem/$validate-code` and `ValueSet/$validate-code`: whether a code may be used so.

Source: FHIR R4, CodeSystem and ValueSet, Operation `validate-code`.
"""

from typing import Any

from wholerecord.errors import Incorrect
from wholerecord.fhir.terminology.asked import Asked, Coding, parameters, text
from wholerecord.fhir.terminology.meaning import meaning, version_of
from wholerecord.fhir.terminology.value_set import ValueSet, asked_set
from wholerecord.terms import in_force, plain
from wholerecord.terms.content import Term

IN_SYSTEM = frozenset({"url", "code", "version", "display", "coding", "codeableConcept"})
IN_SET = frozenset({"url", "valueSet", "code", "system", "display", "coding", "codeableConcept"})


def validate_in_system(asked: Asked) -> dict[str, Any]:
    """Whether the code is in the system, and its display one of its names."""
    return _answer(_candidates(asked, asked.text("url")), None, asked.text("display"))


def validate_in_set(asked: Asked) -> dict[str, Any]:
    """Whether the code is in the value set, and its display one of its names."""
    wanted = asked_set(asked)
    return _answer(_candidates(asked, asked.text("system")), wanted, asked.text("display"))


def _candidates(asked: Asked, system: str) -> tuple[Coding, ...]:
    coding, several, code = asked.coding("coding"), asked.codings("codeableConcept"), None
    if asked.text("code"):
        if not system:
            raise Incorrect("Give the system that the code is of.")
        code = Coding(system=system, code=asked.text("code"), version=asked.text("version"))
    given = [each for each in ((coding,), several, (code,)) if any(each)]
    if len(given) != 1:
        raise Incorrect("Give one of code, coding and codeableConcept.")
    return tuple(one for one in given[0] if one is not None)


def _answer(codings: tuple[Coding, ...], wanted: ValueSet | None, display: str) -> dict[str, Any]:
    """The first coding that is right, else what is wrong with the first."""
    faults: list[tuple[str, Term | None]] = []
    for coding in codings:
        fault, term = _fault(coding, wanted, display or coding.display)
        if not fault and term is not None:
            return parameters({"name": "result", "valueBoolean": True}, text("display", term.title))
        faults.append((fault, term))
    said, term = faults[0]
    return parameters(
        {"name": "result", "valueBoolean": False},
        text("message", said),
        text("display", term.title if term else ""),
    )


def _fault(coding: Coding, wanted: ValueSet | None, display: str) -> tuple[str, Term | None]:
    if coding.version and coding.version != version_of(coding.system)[1]:
        return "That version of the system is not in force.", None
    term = meaning(coding)
    if term is None:
        return f"The code is not in what is in force: {in_force().says}.", None
    if wanted is not None and not wanted.has(coding.system, coding.code):
        return "The code is not in the value set.", term
    names = {plain(name) for name in (term.title, term.full, *term.words)}
    if display and plain(display) not in names:
        return "The display is not one of the code's names.", term
    return "", term
