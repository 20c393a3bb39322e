"""XML Patch (RFC 5261): a resource as XML, changed in parts, and read again.

Source: RFC 5261, sections 4.3 to 4.5; RFC 7351 (the media type). Comments, processing instructions
and declarations of namespaces are no part of a resource here, so they are neither added nor found.
"""

from copy import deepcopy

from wholerecord.fhir.problem import problem
from wholerecord.fhir.xml import as_xml
from wholerecord.fhir.xml_select import Node, NotOne, select
from wholerecord.intake.fhir.shape import Object
from wholerecord.intake.fhir.xml_tree import NotFhirXml, tree
from wholerecord.intake.markup import Element, local, parse, place_of
from wholerecord.intake.reading import Fault

XML_PATCH = "application/xml-patch+xml"
#: Operations in one patch.
_MOST = 1000
_PLACES = frozenset({"", "prepend", "before", "after"})


class _Undone(ValueError):
    """The operation cannot be done. Says why."""


def operations(body: bytes) -> list[Element]:
    """The operations of a patch, in their order.

    Raises:
        Problem: 400, it is no patch; 413, there are too many.
    """
    root = parse(body)
    if isinstance(root, Fault):
        raise problem(400, "structure", "The body is not XML that can be read.", root.place)
    found = list(root)
    if not found or not all(local(one) in _DOES for one in found):
        raise problem(400, "structure", "The body is not an XML Patch: add, replace or remove.")
    if len(found) > _MOST:
        raise problem(413, "too-costly", f"A patch has at most {_MOST} operations here.")
    return found


def changed(resource: Object, patch: list[Element]) -> Object:
    """The resource with each operation done in turn.

    Raises:
        Problem: 422, one cannot be done, or what is left is not FHIR.
    """
    root = parse(as_xml(resource))
    if isinstance(root, Fault):
        raise problem(422, "processing", "The resource cannot be said in XML.")
    apply(root, patch)
    try:
        return tree(root)
    except NotFhirXml as error:
        says = f"What is left is not FHIR in XML: {error.fault.detail}."
        raise problem(422, "processing", says, error.fault.place) from None


def apply(root: Element, patch: list[Element]) -> None:
    """Do each operation in turn to the document that `root` is the top of.

    Raises:
        Problem: 422, one cannot be done.
    """
    for operation in patch:
        declared = {name: space for name, space in operation.nsmap.items() if space}
        try:
            at = select(root, operation.get("sel", ""), declared)
            _DOES[local(operation)](at, operation)
        except (NotOne, _Undone) as error:
            says = f"The operation cannot be done: {error}."
            raise problem(422, "processing", says, place_of(operation)) from None


def _add(at: Node, operation: Element) -> None:
    element, pos, sort = at.element, operation.get("pos", ""), operation.get("type", "")
    if at.name or at.piece is not None or pos not in _PLACES:
        raise _Undone("what is added to is an element, at its end, or prepend, before or after")
    if sort:
        name = sort.removeprefix("@")
        if not sort.startswith("@") or not name.isidentifier() or element.get(name) is not None:
            raise _Undone("only an attribute that is not there is added by its type")
        element.set(name, _text(operation))
    elif pos in {"before", "after"}:
        parent = element.getparent()
        if parent is None:
            raise _Undone("beside the resource is nothing")
        _put(parent, parent.index(element) + (pos == "after"), operation, early=pos == "after")
    else:
        _put(element, 0 if pos else len(element), operation, early=bool(pos))


def _replace(at: Node, operation: Element) -> None:
    element = at.element
    if at.name:
        element.set(at.name, _text(operation))
    elif at.piece is not None:
        _say(element, at.piece, _text(operation))
    else:
        parent = element.getparent()
        if parent is None or len(operation) != 1:
            raise _Undone("an element within the resource is replaced by one element")
        new = deepcopy(operation[0])
        new.tail = element.tail
        parent.replace(element, new)


def _remove(at: Node, _operation: Element) -> None:
    element = at.element
    if at.name:
        del element.attrib[at.name]
    elif at.piece is not None:
        _say(element, at.piece, "")
    else:
        parent = element.getparent()
        if parent is None:
            raise _Undone("the resource itself stays")
        place = parent.index(element)
        _say(parent, place, _piece(parent, place) + (element.tail or ""))
        parent.remove(element)


_DOES = {"add": _add, "replace": _replace, "remove": _remove}


def _text(operation: Element) -> str:
    if len(operation):
        raise _Undone("a text or an attribute has no elements")
    return operation.text or ""


def _put(parent: Element, place: int, operation: Element, *, early: bool) -> None:
    """What an operation holds, before the child at `place`; `early`: before the text there too."""
    there, said = _piece(parent, place), operation.text or ""
    made = [deepcopy(one) for one in operation]
    _say(parent, place, said if early and made else said + there if early else there + said)
    for at, one in enumerate(made, start=place):
        parent.insert(at, one)
    if early and made:
        made[-1].tail = (made[-1].tail or "") + there


def _piece(parent: Element, place: int) -> str:
    """The text before the child at `place`."""
    return (parent[place - 1].tail if place else parent.text) or ""


def _say(parent: Element, place: int, text: str) -> None:
    if place:
        parent[place - 1].tail = text or None
    else:
        parent.text = text or None
