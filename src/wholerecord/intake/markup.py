"""XML as a tree, read safely: no document type, no entities, nothing fetched.

A document type is how XML is made to read files, to call the network and to grow without bound
(CWE-611, CWE-776). None of the formats taken in needs one, so a document that has one is refused
before it is parsed, and so is an encoding in which a document type could hide.
"""

import re
from typing import TypeAlias

from lxml import etree

from wholerecord.intake.reading import Fault, Reason

Element: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage] # noqa: SLF001 - lxml's name

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = re.compile(
    rb"(?:utf-?8|utf-?16|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d)", re.IGNORECASE
)
_TYPED = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_BEGUN = 200


def parse(body: bytes) -> Element | Fault:
    """The root element of an XML document, or why it is not read. Linear in its length."""
    if any(mark in body for mark in _TYPED):
        return Fault(reason=Reason.BAD_XML, detail="it declares a document type")
    declared = _DECLARED.search(body[:_BEGUN].replace(b"\0", b""))
    if declared and not _ENCODINGS.fullmatch(declared[1]):
        return Fault(reason=Reason.NOT_TEXT, detail="XML in an encoding that is not read")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,  # a letter inside is one text of many megabytes; a bomb needs a DOCTYPE
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body.strip(b" \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, etree.XMLSyntaxError) else None
        place = f"line {line}" if line else ""
        return Fault(reason=Reason.BAD_XML, place=place)


def place_of(element: Element) -> str:
    """Where an element is in its document, as an XPath that names no content."""
    steps: list[str] = []
    at: Element | None = element
    while at is not None:
        name = local(at)
        before = sum(1 for one in at.itersiblings(preceding=True) if local(one) == name)
        steps.append(f"{name}[{before + 1}]" if before else name)
        at = at.getparent()
    return "/" + "/".join(reversed(steps))


def local(element: Element) -> str:
    """An element's name without its namespace. The tree holds no comments or instructions."""
    return element.tag.rpartition("}")[2]


def namespace(element: Element) -> str:
    """An element's namespace, or empty."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""
