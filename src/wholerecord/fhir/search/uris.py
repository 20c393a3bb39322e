"""Search by address: `url=http://…`, `url:below=http://…`. Source: FHIR R4, Search, "uri"."""

from collections.abc import Iterator
from typing import NamedTuple

from wholerecord.fhir.search.around import Around, Unreadable
from wholerecord.fhir.search.escapes import unescaped
from wholerecord.fhir.search.path import Element


class Asked(NamedTuple):
    """An address that is asked for."""

    uri: str
    modifier: str


def read(written: str, modifier: str, _around: Around) -> Asked:
    """What a value asks for.

    Raises:
        Unreadable: it is empty.
    """
    if not written:
        raise Unreadable("no address is given")
    return Asked(unescaped(written), modifier)


def held(element: Element) -> Iterator[str]:
    """The address an element is."""
    if isinstance(element.value, str):
        yield element.value


def fits(asked: Asked, uri: str) -> bool:
    """Whether an address is the one asked for, or by whole steps of its path above or below it."""
    match asked.modifier:
        case "below":
            return _is_below(uri, asked.uri)
        case "above":
            return _is_below(asked.uri, uri)
        case _:
            return uri == asked.uri


def order(uri: str) -> tuple[str, str]:
    """What it is sorted by, upwards and downwards."""
    return uri, uri


def _is_below(narrow: str, wide: str) -> bool:
    if narrow.startswith("urn:") or wide.startswith("urn:"):
        return narrow == wide
    steps, above = narrow.split("/"), wide.rstrip("/").split("/")
    return steps[: len(above)] == above
