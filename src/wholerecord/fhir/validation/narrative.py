"""Whether a narrative is XHTML as FHIR allows it: formatting, and nothing that does anything.

Source: FHIR R4, narrative.html, txt-1: chapters 7-11 (but section 9.4) and 15 of HTML 4.0, links,
images and style attributes. What is shown beside a record must not run, fetch or submit. That there
is something in it (txt-2) is not asked: five of HL7's own examples have nothing.
"""
# ruff: noqa: SIM905 - a word list reads best as words

import re
from functools import lru_cache

from wholerecord.intake.markup import Element, local, namespace, parse
from wholerecord.intake.reading import Fault

XHTML = "http://www.w3.org/1999/xhtml"
_ELEMENTS = frozenset(
    """
    a abbr acronym address area b bdo big blockquote br caption center cite code col colgroup dd dfn
    div dl dt em font h1 h2 h3 h4 h5 h6 hr i img kbd li map ol p pre q s samp small span strike
    strong sub sup table tbody td tfoot th thead tr tt u ul var
    """.split()
)
_ATTRIBUTES = frozenset(
    """
    abbr accesskey align alt axis bgcolor border cellpadding cellspacing char charoff class clear
    color colspan compact coords dir face frame headers height href hspace id lang longdesc name
    noshade nowrap rel rev rowspan rules scope shape size span src start style summary tabindex
    target title type usemap valign value vspace width
    """.split()
)
_ADDRESSES = frozenset({"href", "src", "longdesc", "usemap"})
#: What of an address may be its scheme: browsers leave out the blanks in it.
_HEAD = re.compile(r"[^/?#]*")
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp", "urn", "cid"})
_PICTURE = re.compile(r"\s*data:image/(png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]*")
_STYLE = re.compile(r"expression|javascript|vbscript|behaviou?r|@import|url\s*\(|\\", re.IGNORECASE)
_LONGEST = 1 << 20


def is_narrative(said: str) -> bool:
    """Whether this is a `div` that FHIR allows. Linear in its length.

    >>> is_narrative('<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="x()">A</p></div>')
    False
    """
    if len(said) <= _SHORT:
        return _checked(said)
    return len(said) <= _LONGEST and _is_so(said)


#: Narratives no longer than this are remembered: a program that writes them says the same often.
_SHORT = 500


@lru_cache(maxsize=512)
def _checked(said: str) -> bool:
    return _is_so(said)


def _is_so(said: str) -> bool:
    if "<?" in said:
        return False
    try:
        root = parse(said.encode())
    except UnicodeEncodeError:
        return False
    if isinstance(root, Fault) or local(root) != "div":
        return False
    return all(
        namespace(one) == XHTML and local(one) in _ELEMENTS and _harmless(one)
        for one in root.iter("*")
    )


def _harmless(one: Element) -> bool:
    return all(_attribute(str(name), str(value)) for name, value in one.attrib.items())


def _attribute(name: str, value: str) -> bool:
    if name == "{http://www.w3.org/XML/1998/namespace}lang":
        return True
    if name not in _ATTRIBUTES:
        return False
    if name == "style":
        return not _STYLE.search(value)
    if name not in _ADDRESSES:
        return True
    head = _HEAD.match(value)
    scheme, colon, _ = head[0].partition(":") if head else ("", "", "")
    if not colon:
        return True
    if "".join(scheme.split()).lower() in _SCHEMES:
        return True
    return name == "src" and bool(_PICTURE.fullmatch(value))
