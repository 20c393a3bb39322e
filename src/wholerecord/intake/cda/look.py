"""Elements of a CDA document, found by their local names: some senders leave namespaces out.

Nothing here recurses: a document may be nested as deep as libxml2 allows, which is deeper than
Python does.
"""

from collections.abc import Iterator
from typing import cast

from wholerecord.intake.markup import Element


def every(element: Element, name: str) -> Iterator[Element]:
    """The children of that name, in order."""
    return element.iterchildren("{*}" + name)


def first(element: Element | None, *path: str) -> Element | None:
    """The element reached by the first child of each name in turn, or None."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren("{*}" + name), None)
    return element


def nearest(element: Element, around: Element, name: str) -> Element | None:
    """The child of that name of an element, else of the act it stands in."""
    found = first(element, name)
    return found if found is not None else first(around, name)


def said(element: Element | None, attribute: str) -> str:
    """An attribute without spaces around it, "" when it or the element is not there."""
    return (element.get(attribute) or "").strip() if element is not None else ""


def code(element: Element, *path: str) -> str:
    """The `code` of the element reached by `path`."""
    return said(first(element, *path), "code")


def inner(element: Element) -> str:
    """All text within an element, as it stands."""
    return "".join(cast("Iterator[str]", element.itertext()))


def templates(element: Element) -> frozenset[str]:
    """The roots of an element's templates."""
    return frozenset(said(each, "root") for each in every(element, "templateId"))


def within(element: Element, *names: str) -> Iterator[tuple[str, Element]]:
    """(`typeCode`, statement) of every `entryRelationship`, for statements of these names."""
    for relation in every(element, "entryRelationship"):
        for name in names:
            for each in every(relation, name):
                yield said(relation, "typeCode"), each


def kind_of_value(element: Element) -> str:
    """The data type a `value` names in `xsi:type`, without its prefix: `PQ`, `CD`, `ST`."""
    named = element.get("{http://www.w3.org/2001/XMLSchema-instance}type") or ""
    return named.rpartition(":")[2].upper()
