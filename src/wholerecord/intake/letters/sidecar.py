"""A letter with what a delivery says of it: a side-car, and both as one message.

Both parts stay byte for byte as they came, in the `multipart/related` of RFC 2387: so a folder's
`scan.tif` and `scan.tif.json` are one message, and a program may post the two as one.
"""

import hashlib
import re

import msgspec

from wholerecord.intake.markup import Element, local, parse
from wholerecord.intake.reading import Fault

_START = re.compile(
    rb'Content-Type:\s*multipart/related;[^\r\n]{0,200}?boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?'
    rb"[^\r\n]{0,200}",
    re.IGNORECASE,
)
_TYPE = re.compile(rb"Content-Type:\s*([^\s;]{1,120})", re.IGNORECASE)


class About(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a letter is about. `number` is the source's own, `authority` whose number that is."""

    nhs_number: str = ""
    number: str = ""
    authority: str = ""
    family: str = ""
    given: str = ""
    born: str = ""
    sex: str = ""
    postcode: str = ""


class SideCar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of a letter beside it. `made_by` is `software` or empty.

    `id` names the letter, so that a later one of the same `id` is its next version.
    """

    patient: About = About()
    id: str = ""
    type: str = ""
    title: str = ""
    author: str = ""
    date: str = ""
    made_by: str = ""


def together(sidecar: bytes, letter: bytes, media: str) -> bytes:
    """A side-car and its letter as one message, each as it is.

    >>> unpacked(together(b"{}", b"Dear Dr", "text/plain")) == (b"{}", b"Dear Dr", "text/plain")
    True
    """
    boundary = hashlib.sha256(sidecar + b"\0" + letter).hexdigest().encode()
    written = b"application/xml" if _is_xml(sidecar) else b"application/json"
    return b"".join(
        (
            b'Content-Type: multipart/related; boundary="%s"\r\n\r\n' % boundary,
            b"--%s\r\nContent-Type: %s\r\n\r\n" % (boundary, written),
            sidecar,
            b"\r\n--%s\r\nContent-Type: %s\r\n\r\n" % (boundary, media.encode()),
            letter,
            b"\r\n--%s--\r\n" % boundary,
        )
    )


def is_together(body: bytes) -> bool:
    """Whether a message is a side-car with its letter."""
    return _START.match(body[:512].lstrip()) is not None


def unpacked(body: bytes) -> tuple[bytes, bytes, str] | None:
    """(side-car, letter, media type) of a message of both; None when it is not whole."""
    start = _START.match(body[:512].lstrip())
    if start is None:
        return None
    parts = body.split(b"--" + start[1])
    if len(parts) != 4 or not parts[3].startswith(b"--"):
        return None
    first, second = (part.removeprefix(b"\r\n").removesuffix(b"\r\n") for part in parts[1:3])
    head, cut, sidecar = first.partition(b"\r\n\r\n")
    about, cut_too, letter = second.partition(b"\r\n\r\n")
    if not (cut and cut_too and (b"json" in head.lower() or b"xml" in head.lower())):
        return None
    media = _TYPE.search(about)
    return sidecar, letter, media[1].decode("latin-1").lower() if media else ""


def said(sidecar: bytes) -> SideCar | str:
    """What a side-car says, or where it stops being one. Never its content.

    In XML the root is called anything, and what it holds is called as in JSON.

    >>> said(b"<letter><patient><family>Ashe</family></patient></letter>").patient.family
    'Ashe'
    """
    try:
        if _is_xml(sidecar):
            root = parse(sidecar)
            if isinstance(root, Fault):
                return "not XML that can be read safely"
            return msgspec.convert(_fields(root), SideCar)
        return msgspec.json.decode(sidecar, type=SideCar)
    except msgspec.ValidationError as error:
        return str(error).rpartition("`")[0].rpartition("`")[2] or "it has a field not known"
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "not JSON"


def _is_xml(sidecar: bytes) -> bool:
    return sidecar.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _fields(element: Element, *, within: bool = False) -> dict[str, object]:
    """What an element's children say: texts, and the patient's own. One level, whatever is sent.

    What stands twice, or holds more elements, is no field that a side-car has: it is named.
    """
    said: dict[str, object] = {}
    for each in element:
        name = local(each)
        if name in said:
            said[f"{name}, said twice"] = ""
        elif name == "patient" and not within:
            said[name] = _fields(each, within=True)
        else:
            said[name] = {} if len(each) else (each.text or "").strip()
    return said
