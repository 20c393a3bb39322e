"""Search by string: `name=okaf`; and by any words of a resource: `_text`, `_content`.

Source: FHIR R4, Search, "string". Compared without case and accents, from the start.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, cast

from wholerecord.fhir.search.around import Around, Unreadable
from wholerecord.fhir.search.escapes import unescaped
from wholerecord.fhir.search.path import Element, Json, text, under, values

_NAME = ("family", "given", "prefix", "suffix", "text")
_ADDRESS = ("text", "line", "city", "district", "state", "postalCode", "country")
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^<>]*>")
#: What of a resource is not words that somebody wrote.
_NOT_CONTENT = frozenset({"resourceType", "id", "meta", "reference", "url", "system", "div"})
_DEEPEST = 40


class Asked(NamedTuple):
    """Words that are asked for: to be compared, the modifier that says how, and as written."""

    words: str
    modifier: str
    written: str


@lru_cache(maxsize=16384)
def plain(written: str) -> str:
    """The text without case and accents.

    >>> plain("Zoë BRÖNTË")
    'zoe bronte'
    """
    apart = unicodedata.normalize("NFKD", written)
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold()


def read(written: str, modifier: str, _around: Around) -> Asked:
    """What a value asks for.

    Raises:
        Unreadable: it has no words.
    """
    if not written.strip():
        raise Unreadable("no words are given")
    written = unescaped(written)
    return Asked(written if modifier == "exact" else plain(written), modifier, written)


def held(element: Element) -> Iterator[str]:
    """The texts of an element; of a name and an address, each of their parts."""
    match element.type:
        case "HumanName":
            yield from _parts(element.value, _NAME)
        case "Address":
            yield from _parts(element.value, _ADDRESS)
        case _:
            if isinstance(element.value, str):
                yield element.value


def fits(asked: Asked, said: str) -> bool:
    """Whether a text begins with, contains or is exactly what is asked for."""
    match asked.modifier:
        case "exact":
            return said == asked.words
        case "contains":
            return asked.words in plain(said)
        case _:
            return plain(said).startswith(asked.words)


def order(said: str) -> tuple[str, str]:
    """What it is sorted by, upwards and downwards."""
    return plain(said), plain(said)


def narrative(element: Element) -> Iterator[str]:
    """The words of a resource's narrative."""
    if div := text(under(element.value, "text"), "div"):
        yield _TAG.sub(" ", div)


def content(element: Element) -> Iterator[str]:
    """The words of a resource, its narrative's included."""
    yield " ".join((*narrative(element), *_strings(element.value, _DEEPEST)))


def has_all(asked: Asked, said: str) -> bool:
    """Whether every word asked for begins a word of the text."""
    words = "".join(f" {word}" for word in _WORD.findall(plain(said)))
    return all(f" {word}" in words for word in _WORD.findall(asked.words))


def _parts(value: Json, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if part := text(value, name):
            yield part
        yield from (each for each in values(value, name) if isinstance(each, str))


def _strings(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth:
        for name, each in cast(Json, value).items():
            if name not in _NOT_CONTENT:
                yield from _strings(each, depth - 1)
    elif isinstance(value, list) and depth:
        for each in cast(list[Any], value):
            yield from _strings(each, depth - 1)
