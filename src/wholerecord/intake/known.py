"""The id that stands in a message, so that the message can be found by it.

Told from the first bytes when the message is kept, not when it is read: a message that nobody can
read is the one most likely to be asked for, and what was acknowledged must be findable at once.
MLLP gives the id (MSH-10) itself and holds senders to it; this is for files and posted bodies,
where an id is only a way to find the message and two may share one.
"""

import hashlib
import re

#: Bytes looked at: a header stands at the beginning.
_LOOKED_AT = 4096
_HEADER = re.compile(rb"\s*\x0b?MSH([^A-Za-z0-9\s])([^\r\n]*)")
_BUNDLE_ID = re.compile(rb'"id"\s*:\s*"([A-Za-z0-9.\-]{1,64})"')
_XML_ID = re.compile(
    rb"<(?:\w+:)?(?:ClinicalDocument|Bundle)\b[^>]*>.*?<(?:\w+:)?id\b([^>]*)>", re.DOTALL
)
_ATTRIBUTE = re.compile(rb'\b(extension|root|value)\s*=\s*["\']([^"\']{1,128})["\']')


def known_id(body: bytes) -> str:
    r"""The id of an HL7 v2 message (MSH-10), a FHIR Bundle or a CDA document; "" for no such.

    >>> known_id(b"MSH|^~\\&|A|B|C|D|2026||ADT^A01|M1|P|2.4\rPID|1")
    'M1'
    >>> known_id(b'{"resourceType": "Bundle", "id": "b-7", "entry": []}')
    'b-7'
    """
    first = body[:_LOOKED_AT]
    if (header := _HEADER.match(first)) is not None:
        fields = header[2].split(header[1])
        return _text(fields[8]) if len(fields) > 8 else ""
    if first.lstrip()[:1] == b"{":
        before = first.partition(b'"entry"')[0]
        found = _BUNDLE_ID.search(before) if b'"Bundle"' in before else None
        return _text(found[1]) if found else ""
    if (element := _XML_ID.search(first)) is not None:
        said = {match[1]: match[2] for match in _ATTRIBUTE.finditer(element[1])}
        return _text(said.get(b"extension") or said.get(b"root") or said.get(b"value") or b"")
    return ""


def known_as(id: str) -> int | None:
    """64 bits of the id's SHA-256, signed; None for no id."""
    if not id:
        return None
    return int.from_bytes(hashlib.sha256(id.encode()).digest()[:8], "big", signed=True)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip()
