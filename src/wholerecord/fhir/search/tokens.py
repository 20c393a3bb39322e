"""Search by token: `code=http://snomed.info/sct|22298006`, `identifier:of-type=…`.

Source: FHIR R4, Search, "token" and "Modifiers". Codes are compared as they are written, with
their case; `:above` and `:below` by the terminology in force.
"""

from collections.abc import Iterator
from typing import NamedTuple

from wholerecord.fhir.search.around import Around, IsIn, Unreadable
from wholerecord.fhir.search.escapes import split, unescaped
from wholerecord.fhir.search.path import Element, Json, each, text, under
from wholerecord.fhir.search.words import plain
from wholerecord.terms import concept, in_force, is_a

_BOOLEAN = "http://terminology.hl7.org/CodeSystem/special-values"


class Asked(NamedTuple):
    """A code that is asked for. `system` None: of any; "": of none. `code` "": any of the system.

    `words` are those of `:text`, `of` the type of an identifier, `is_in` the codes of a value set.
    """

    system: str | None
    code: str
    modifier: str = ""
    words: str = ""
    of: tuple[str, str] = ("", "")
    is_in: IsIn | None = None


class Held(NamedTuple):
    """A code, with what is written beside it. `implied`: its system is not written, but bound."""

    system: str
    code: str
    texts: tuple[str, ...] = ()
    types: tuple[tuple[str, str], ...] = ()
    implied: bool = False


def read(written: str, modifier: str, around: Around) -> Asked:
    """What a value asks for.

    Raises:
        Unreadable: it names no code.
    """
    match modifier:
        case "text":
            return Asked(None, "", modifier, words=plain(unescaped(written)))
        case "in" | "not-in":
            return Asked(None, "", modifier, is_in=around.value_set(unescaped(written)))
        case "of-type":
            parts = [unescaped(part) for part in split(written, "|")]
            if len(parts) != 3 or not all(parts):
                raise Unreadable(
                    "give the type's system, its code and the value: system|code|value"
                )
            return Asked(None, parts[2], modifier, of=(parts[0], parts[1]))
        case _:
            system, code = code_of(written)
            asked = Asked(system, code, modifier)
    if not asked.code and not asked.system:
        raise Unreadable("give a code, system|code, |code or system|")
    return asked


def code_of(written: str) -> tuple[str | None, str]:
    """The system and the code of `system|code`; the system is None where there is no bar.

    Raises:
        Unreadable: there is more than one bar.
    """
    parts = [unescaped(part) for part in split(written, "|")]
    if len(parts) > 2:
        raise Unreadable("give a code, system|code, |code or system|")
    return (None, parts[0]) if len(parts) == 1 else (parts[0], parts[1])


def held(element: Element) -> Iterator[Held]:
    """The codes of an element, each coding one; a concept without codings is its words."""
    value = element.value
    match element.type:
        case "CodeableConcept":
            yield from _concept(value)
        case "Coding":
            yield _coded(value)
        case "Identifier":
            yield _identified(value)
        case "ContactPoint":
            said = text(value, "value")
            for written in {said: None, said.replace(" ", ""): None}:
                yield Held(text(value, "use"), written)
        case "boolean":
            yield Held(_BOOLEAN, "true" if value is True else "false", implied=True)
        case "code":
            yield Held(element.system, str(value), implied=True)
        case _:
            if not isinstance(value, dict):
                yield Held("", str(value), implied=True)


def fits(asked: Asked, one: Held) -> bool:
    """Whether a code held is one that is asked for."""
    match asked.modifier:
        case "text":
            return any(_begins_a_word(asked.words, plain(said)) for said in one.texts)
        case "in" | "not-in":
            return asked.is_in is not None and asked.is_in(one.system, one.code)
        case "of-type":
            return one.code == asked.code and asked.of in one.types
        case "below":
            return _of_system(asked, one) and _is_a(one.system, one.code, asked.code)
        case "above":
            return _of_system(asked, one) and _is_a(one.system, asked.code, one.code)
        case _:
            return _of_system(asked, one) and asked.code in ("", one.code)


def order(one: Held) -> tuple[str, str]:
    """What it is sorted by, upwards and downwards: its words, else its code."""
    key = plain(next(iter(one.texts), "") or one.code)
    return key, key


def _of_system(asked: Asked, one: Held) -> bool:
    if asked.system is None:
        return bool(one.code)
    return asked.system == one.system or (not asked.system and one.implied)


def _is_a(system: str, narrow: str, wide: str) -> bool:
    if narrow == wide:
        return True
    below, above = concept(system, narrow), concept(system, wide)
    if below is not None and above is not None and is_a(below, above):
        return True
    return in_force().subsumes(system, wide, narrow)


def _begins_a_word(words: str, said: str) -> bool:
    return f" {words}" in f" {said}"


def _concept(value: Json) -> Iterator[Held]:
    words = text(value, "text")
    codings = list(each(value, "coding"))
    for coding in codings:
        yield _coded(coding, words)
    if not codings and words:
        yield Held("", "", (words,))


def _coded(coding: Json, words: str = "") -> Held:
    texts = tuple(filter(None, (text(coding, "display"), words)))
    return Held(text(coding, "system"), text(coding, "code"), texts)


def _identified(value: Json) -> Held:
    kind = under(value, "type")
    codings = list(each(kind, "coding"))
    return Held(
        text(value, "system"),
        text(value, "value"),
        tuple(filter(None, (text(kind, "text"), *(text(one, "display") for one in codings)))),
        tuple((text(one, "system"), text(one, "code")) for one in codings),
    )
