"""What a code means: a release in force first, our own value set where none holds it."""

from wholerecord.errors import Incorrect, NotFound
from wholerecord.fhir.terminology.asked import Asked, Coding
from wholerecord.terms import VERSION, concept, in_force
from wholerecord.terms.content import Term
from wholerecord.terms.systems import holders


def asked_code(asked: Asked) -> Coding:
    """The code that is asked about: `system` and `code`, or `coding`.

    Raises:
        Incorrect: neither is given, or both.
    """
    coding, code = asked.coding("coding"), asked.text("code")
    if (coding is None) == (not code):
        raise Incorrect("Give system and code, or coding; one of the two.")
    if coding is None:
        return Coding(system=asked.wanted("system"), code=code, version=asked.text("version"))
    if not coding.system or not coding.code:
        raise Incorrect("The coding has no system or no code.")
    return coding


def meaning(coding: Coding) -> Term | None:
    """The term, None where neither a release in force nor our own value set holds it."""
    term = in_force().term(coding.system, coding.code)
    if term is not None:
        return term
    own = concept(coding.system, coding.code)
    if own is None or ":" in own.id:
        return None
    return Term(code=coding.code, title=own.title, words=own.words, tag=own.kind)


def known_meaning(coding: Coding) -> Term:
    """The same.

    Raises:
        NotFound: nothing in force holds it; says what is in force.
    """
    _check_version(coding)
    term = meaning(coding)
    if term is None:
        raise NotFound(f"The code is not in what is in force: {in_force().says}.")
    return term


def version_of(system: str) -> tuple[str, str]:
    """The title and version of the release that holds a system, else of our own value set."""
    for loaded in in_force().loaded:
        if loaded.name in holders(system):
            return loaded.title, loaded.version
    return "Wholerecord's own value set", VERSION


def _check_version(coding: Coding) -> None:
    if coding.version and coding.version != version_of(coding.system)[1]:
        raise NotFound("That version of the system is not in force.")
