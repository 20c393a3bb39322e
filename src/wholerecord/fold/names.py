"""People's names, for people to read, and to compare; and plain names of FHIR types.

Source: FHIR R4 HumanName and the list of resource types.
"""

import re
from typing import Any, cast

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame"})
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_TYPES = {
    "MessageHeader": "Message envelope",
    "OperationOutcome": "Outcome of a request",
    "Provenance": "Origin of a statement",
    "AuditEvent": "Audit event",
    "Organization": "Organisation",
    "PractitionerRole": "Role of a professional",
    "Practitioner": "Professional",
    "RelatedPerson": "Relative or contact",
    "CareTeam": "Care team",
    "Location": "Place",
    "List": "List",
}
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def type_name(kind: str) -> str:
    """What people call a FHIR type.

    >>> type_name("QuestionnaireResponse")
    'Questionnaire response'
    """
    return _TYPES.get(kind) or _CAPITAL.sub(" ", kind).capitalize() or "Something"


def human_name(said: dict[str, Any]) -> str:
    """A HumanName as it is read aloud, "" when `said` is none.

    >>> human_name({"family": "Ellis", "given": ["Jade"], "prefix": ["Mrs"]})
    'Mrs Jade Ellis'
    """
    if not isinstance(said.get("family"), str) and not isinstance(said.get("given"), list):
        return ""
    if isinstance(text := said.get("text"), str) and text:
        return text
    parts = (*_texts(said.get("prefix")), *_texts(said.get("given")), *_texts(said.get("family")))
    return " ".join(parts)


def names_in(said: Any) -> frozenset[str]:
    """The names in a field that may hold one or several, to compare: first and last, no title."""
    each = cast("list[Any]", said) if isinstance(said, list) else [said]
    found: set[str] = set()
    for one in each:
        name = cast("dict[str, Any]", one) if isinstance(one, dict) else {"text": one}
        text = human_name(name) or name.get("text")
        words = _WORD.findall(text.lower()) if isinstance(text, str) else []
        spoken = [word for word in words if word not in _TITLES]
        if len(spoken) > 1:
            found.add(f"{spoken[0]} {spoken[-1]}")
    return frozenset(found)


def words_in(text: str) -> frozenset[str]:
    """The words of a text in small letters, each once."""
    return frozenset(_WORD.findall(text.lower()))


def _texts(said: Any) -> list[str]:
    each = cast("list[Any]", said) if isinstance(said, list) else [said]
    return [one for one in each if isinstance(one, str) and one]
