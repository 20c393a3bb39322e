"""References between resources: read, and written again so that they outlive their message.

Source: FHIR R4, References ("Resolving references in Bundles") and http.html ("conditional
references"). `urn:uuid:` names an entry of one message only; a record needs `Type/id`.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from wholerecord.intake.fhir.shape import Object, an_object, text

_TYPE_AND_ID = re.compile(r"(?:(.+)/)?([A-Z][A-Za-z]+)/([^/?#]+)(?:/_history/[^/]+)?")
#: In canonical JSON a quote inside a string is escaped, so this finds elements and nothing else.
_REWRITABLE = re.compile(rb'"(?:reference|url)":"([^"\\#]+)"')
#: A longer reference is no address anybody can follow; the bound keeps reading linear.
_MAX_LENGTH = 2048


class Pointer(NamedTuple):
    """What a reference points at.

    Exactly one of these ways, the rest being "": `contained` (an id inside the resource), `urn` (a
    fullUrl of the message), `id` (with the `base` of its server, "" for the sender's own), or
    `identifier` as (system, value). `kind` is the type it names, "" when it does not say.
    """

    kind: str
    id: str = ""
    base: str = ""
    urn: str = ""
    contained: str = ""
    identifier: tuple[str, str] | None = None


def pointers(reference: Object) -> list[Pointer]:
    """What `reference` points at, the address before the identifier; empty when it says neither."""
    found: list[Pointer] = []
    said = text(reference.get("reference")).strip()
    kind = text(reference.get("type"))
    literal = _from_text(said, kind) if 0 < len(said) <= _MAX_LENGTH else None
    if literal:
        found.append(literal)
    identifier = an_object(reference.get("identifier"))
    value = text(identifier.get("value")).strip()
    if value:
        system = text(identifier.get("system")).strip()
        found.append(Pointer(kind, identifier=(system, value)))
    return found


def _from_text(said: str, kind: str) -> Pointer | None:
    if said.startswith("#"):
        return Pointer(kind, contained=said[1:])
    if said.startswith("urn:"):
        return Pointer(kind, urn=said)
    address, asks, query = said.partition("?")
    if asks:
        return _conditional(address.rsplit("/", 1)[-1], query)
    match = _TYPE_AND_ID.fullmatch(said)
    return Pointer(match[2], id=match[3], base=match[1] or "") if match else None


def _conditional(kind: str, query: str) -> Pointer | None:
    for part in query.split("&"):
        name, _, asked = part.partition("=")
        if name == "identifier" and asked:
            system, bar, value = unquote(asked).partition("|")
            return Pointer(kind, identifier=(system, value) if bar else ("", system))
    return None


def rewritten(body: bytes, addresses: Mapping[str, str]) -> bytes:
    """Canonical `body` with every reference to an address of the message made `Type/id`.

    References to anything that is not in the message stay as they were said.
    """
    if not addresses or b'"re' not in body:
        return body

    def put(match: re.Match[bytes]) -> bytes:
        found = addresses.get(match[1].decode())
        if found is None:
            return match[0]
        return match[0].replace(b'"' + match[1], b'"' + found.encode())

    return _REWRITABLE.sub(put, body)
