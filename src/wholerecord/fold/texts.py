"""The words and the codes in a field of whatever shape.

Source: FHIR R4, JSON representation: what a field holds differs by type; people read its words.
"""

from collections.abc import Iterator
from typing import Any, cast

from wholerecord.fold.names import human_name
from wholerecord.fold.record import Coding
from wholerecord.fold.shape import Coded


def first_text(*said: Any) -> str:
    """The first that is a text with something in it."""
    return next((one for one in said if isinstance(one, str) and one), "")


def first_words(*fields: Any) -> str:
    """The words of the first field that has any."""
    return next((words for said in fields if (words := "; ".join(texts_in(said)))), "")


def coded_in(said: Any) -> tuple[Coded, ...]:
    """The concepts in a field that may hold one, several, or none."""
    if isinstance(said, list):
        each = cast("list[Any]", said)
        return tuple(coded for one in each for coded in coded_in(one))
    if not isinstance(said, dict):
        return ()
    concept = cast("dict[str, Any]", said)
    coding, text = concept.get("coding"), concept.get("text")
    if not isinstance(coding, list) and not isinstance(text, str):
        return ()
    found = tuple(
        Coding(
            **{
                part: value
                for part in ("system", "code", "display")
                if isinstance(value := cast("dict[str, Any]", one).get(part), str)
            }
        )
        for one in (cast("list[Any]", coding) if isinstance(coding, list) else [])
        if isinstance(one, dict)
    )
    return (Coded(coding=found, text=text if isinstance(text, str) else ""),)


def references_in(said: Any) -> Iterator[str]:
    """The addresses in a field that should hold references: one, several, or none."""
    for one in cast("list[Any]", said) if isinstance(said, list) else [said]:
        named = cast("dict[str, Any]", one).get("reference") if isinstance(one, dict) else None
        if isinstance(named, str) and named:
            yield named


#: Parts of a nested value that people read, in the order they are asked.
_SPOKEN = ("text", "display", "name", "value", "family", "line", "city", "postalCode")
_ANSWER = (
    "valueString",
    "valueCoding",
    "valueDecimal",
    "valueInteger",
    "valueBoolean",
    "valueDate",
    "valueDateTime",
    "valueQuantity",
    "contentString",
)
_NESTED = (
    *("given", "role", "member", "actor", "individual", "start", "end", "item", "answer"),
    *("code", "type", "period", "provision"),
)


def texts_in(said: Any, depth: int = 0) -> Iterator[str]:
    """The words in a field of whatever shape, at most six levels down, in the order said."""
    if depth > 6 or said is None:
        return
    if isinstance(said, bool):
        yield "yes" if said else "no"
    elif isinstance(said, str):
        if said:
            yield said
    elif isinstance(said, list):
        for one in cast("list[Any]", said):
            yield from texts_in(one, depth + 1)
    elif isinstance(said, dict):
        yield from _texts_in_object(cast("dict[str, Any]", said), depth)
    else:
        yield str(said)


def _texts_in_object(said: dict[str, Any], depth: int) -> Iterator[str]:
    if name := human_name(said):
        yield name
        return
    if "member" in said and "role" in said:  # of a care team: who, then what they are there
        role = "; ".join(texts_in(said["role"], depth + 1))
        member = "; ".join(texts_in(said["member"], depth + 1))
        yield f"{member} ({role})" if member and role else member or role
        return
    spoken = False
    for part in (*_SPOKEN, *_ANSWER):
        if part in said:
            spoken = True
            yield from texts_in(said[part], depth + 1)
    if not spoken and "coding" in said and isinstance(said["coding"], list):
        coded = coded_in(said)
        if coded and coded[0].words:
            yield coded[0].words
    for part in _NESTED:
        if part in said and not isinstance(said[part], str):
            yield from texts_in(said[part], depth + 1)
        elif part in {"start", "end"} and part in said:
            yield str(said[part])
