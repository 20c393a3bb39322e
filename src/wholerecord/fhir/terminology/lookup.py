"""`CodeSystem/$lookup`: what a code means. Source: FHIR R4, CodeSystem, Operation `lookup`."""

from typing import Any

from wholerecord.fhir.terminology.asked import Asked, parameters, text
from wholerecord.fhir.terminology.meaning import asked_code, known_meaning, version_of
from wholerecord.terms import in_force
from wholerecord.terms.content import Term

PARAMETERS = frozenset({"code", "system", "version", "coding", "property"})


def lookup(asked: Asked) -> dict[str, Any]:
    """Name, version, display, other words and properties of the code; 404 when none holds it."""
    coding = asked_code(asked)
    term = known_meaning(coding)
    name, version = version_of(coding.system)
    return parameters(
        text("name", name),
        text("version", version),
        text("display", term.title),
        *(_designation(word) for word in (term.full, *term.words) if word),
        *_properties(coding.system, term),
    )


def _designation(word: str) -> dict[str, Any]:
    return {"name": "designation", "part": [{"name": "value", "valueString": word}]}


def _properties(system: str, term: Term) -> list[dict[str, Any]]:
    found = [_property("inactive", "valueBoolean", not term.active)]
    for parent in term.parents:
        above = in_force().term(system, parent)
        found.append(_property("parent", "valueCode", parent, above.title if above else ""))
    found += [
        _property("replacedBy", "valueCode", one.code)
        for one in term.maps
        if one.system == system and one.how == "equivalent"
    ]
    if term.tag:
        found.append(_property("kind", "valueString", term.tag))
    found += [_property(fact, "valueString", said) for fact, said in sorted(term.facts.items())]
    return found


def _property(code: str, kind: str, value: object, description: str = "") -> dict[str, Any]:
    parts = [{"name": "code", "valueCode": code}, {"name": "value", kind: value}]
    if description:
        parts.append({"name": "description", "valueString": description})
    return {"name": "property", "part": parts}
