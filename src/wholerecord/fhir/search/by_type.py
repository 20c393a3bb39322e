"""How each type of parameter is read, found and compared: one table.

Source: FHIR R4, Search, "Search Parameter Types" and "Modifiers".
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from wholerecord.fhir.search import (
    amounts,
    dates,
    places,
    references,
    tokens,
    uris,
    words,
)
from wholerecord.fhir.search.around import Around
from wholerecord.fhir.search.definitions import Definition
from wholerecord.fhir.search.path import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class ByType:
    """One type of parameter.

    `read` makes what is asked for of a value and a modifier (and raises Unreadable), `held` what
    is held of an element, `fits` compares them, `order` gives what a held value is sorted by,
    upwards and downwards. `:missing` goes with every type.
    """

    read: Callable[[str, str, Around], Any]
    held: Callable[[Element], Iterable[Any]]
    fits: Callable[[Any, Any], bool]
    order: Callable[[Any], tuple[Any, Any]] | None = None
    modifiers: frozenset[str] = frozenset()


_TABLE: dict[str, ByType] = {
    "date": ByType(read=dates.read, held=dates.held, fits=dates.fits, order=dates.order),
    "number": ByType(read=amounts.read, held=amounts.held, fits=amounts.fits, order=amounts.order),
    "quantity": ByType(
        read=amounts.read_quantity, held=amounts.held, fits=amounts.fits, order=amounts.order
    ),
    "string": ByType(
        read=words.read,
        held=words.held,
        fits=words.fits,
        order=words.order,
        modifiers=frozenset({"exact", "contains"}),
    ),
    "token": ByType(
        read=tokens.read,
        held=tokens.held,
        fits=tokens.fits,
        order=tokens.order,
        modifiers=frozenset({"text", "not", "of-type", "above", "below", "in", "not-in"}),
    ),
    "reference": ByType(
        read=references.read,
        held=references.held,
        fits=references.fits,
        order=references.order,
        modifiers=frozenset({"identifier"}),
    ),
    "uri": ByType(
        read=uris.read,
        held=uris.held,
        fits=uris.fits,
        order=uris.order,
        modifiers=frozenset({"above", "below"}),
    ),
    "special": ByType(read=places.read, held=places.held, fits=places.fits),
}
_BY_NAME: dict[str, ByType] = {
    "_text": ByType(read=words.read, held=words.narrative, fits=words.has_all),
    "_content": ByType(read=words.read, held=words.content, fits=words.has_all),
}


def by_type(type: str) -> ByType:
    """The row of a type that is not composite."""
    return _TABLE[type]


def of_definition(definition: Definition) -> ByType:
    """The row of a parameter that is not composite."""
    return _BY_NAME.get(definition.name) or _TABLE[definition.type]


def modifiers(definition: Definition) -> frozenset[str]:
    """What may stand behind the parameter's name and a colon; of a reference, types too."""
    if definition.type == "composite":
        return frozenset({"missing"})
    return of_definition(definition).modifiers | {"missing", *definition.targets}
