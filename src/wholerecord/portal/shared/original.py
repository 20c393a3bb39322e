"""An original message as people can read it, with the place a statement came from.

HL7 v2 is shown a segment a line, JSON indented with every number as it was written, other text as
it is. Nothing is left out but what no text can show; of a message that holds more than this record
may show, the door gave out only the parts that it may.
"""

import re
from dataclasses import dataclass, replace

import msgspec
from starlette.responses import Response

from wholerecord.access import Original, Piece
from wholerecord.portal.shared.visit import Visit

#: Characters shown on a page. A larger message can be saved whole.
_MOST_SHOWN = 200_000
_INDEXED = re.compile(r"([A-Za-z]\w*)\[(\d+)\]")
_LINE = re.compile(r"line (\d+)")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")


class _Bundle(msgspec.Struct, frozen=True):
    entry: tuple[msgspec.Raw, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message's lines, each with whether it is at the place asked for.

    `part` is that place alone, where it is no line. `cut`: the rest is too long to show here.
    `parts`: these are only parts of the message. `size` is that of the whole, bytes, 0 for parts.
    """

    form: str
    lines: tuple[tuple[str, bool], ...]
    part: str
    cut: bool
    parts: bool = False
    size: int = 0


def show(original: Original, place: str) -> Shown:
    """The message, with what stands at `place` (`entry[3]`, `OBX[2]`, `line 17`) picked out."""
    if original.whole is None:
        return _parts(original.pieces, place)
    body = original.whole
    if body.startswith(b"MSH"):
        return _hl7(body, place)
    try:
        indented = msgspec.json.format(body, indent=2).decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _text(body, place)
    return _shown("JSON", indented.splitlines(), frozenset(), _entry(body, place), len(body))


def _parts(pieces: tuple[Piece, ...], place: str) -> Shown:
    """Of JSON the part asked for; of lines and segments all there are."""
    here = next((piece.text for piece in pieces if piece.place == place), "")
    if here.lstrip()[:1] in {"{", "["}:
        part = here[:_MOST_SHOWN]
        return Shown(form="JSON", lines=(), part=part, cut=len(here) > len(part), parts=True)
    lines: list[str] = []
    at: set[int] = set()
    for piece in pieces:
        if piece.place == place:
            at.add(len(lines))
        lines.append(piece.text)
    hl7 = lines[0].startswith("MSH") if lines else False
    shown = _shown("HL7 v2" if hl7 else "text", lines, frozenset(at), "", 0)
    return replace(shown, parts=True)


def _hl7(body: bytes, place: str) -> Shown:
    """Segments end with a carriage return; `OBX[2]` is the second OBX (HL7 v2.5.1 chapter 2)."""
    segments = re.split(r"\r\n?|\n", _decoded(body).rstrip("\r\n"))
    match = _INDEXED.match(place)
    name, nth = (match[1], int(match[2])) if match else (place[:3], 1)
    of_name = [i for i, segment in enumerate(segments) if segment.startswith(name)]
    known = bool(_SEGMENT.fullmatch(name)) and 0 < nth <= len(of_name)
    at = frozenset({of_name[nth - 1]}) if known else frozenset[int]()
    return _shown("HL7 v2", segments, at, "", len(body))


def _text(body: bytes, place: str) -> Shown:
    """A table or other text, with the line that the place names picked out."""
    match = _LINE.search(place)
    at = frozenset({int(match[1]) - 1}) if match else frozenset[int]()
    return _shown("text", _decoded(body).splitlines(), at, "", len(body))


def _entry(body: bytes, place: str) -> str:
    """The Bundle entry a place names, indented; "" for none."""
    match = _INDEXED.match(place)
    if not match or match[1] != "entry":
        return ""
    try:
        entries = msgspec.json.decode(body, type=_Bundle).entry
    except msgspec.DecodeError:
        return ""
    n = int(match[2])
    return msgspec.json.format(bytes(entries[n]), indent=2).decode() if n < len(entries) else ""


def _shown(form: str, lines: list[str], at: frozenset[int], part: str, size: int) -> Shown:
    kept: list[tuple[str, bool]] = []
    left = _MOST_SHOWN
    for n, line in enumerate(lines):
        left -= len(line) + 1
        if left < 0:
            break
        kept.append((line, n in at))
    cut = len(kept) < len(lines)
    return Shown(form=form, lines=tuple(kept), part=part, cut=cut, size=size)


def _decoded(body: bytes) -> str:
    """The text, in UTF-8 or else Latin-1, which every byte string is."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def original_page(visit: Visit, original: Original, back: str) -> Response:
    """The message with the place asked for picked out; its first place where none of it is."""
    asked = visit.request.query_params.get("place", "")
    place = asked if asked in original.places else min(original.places)
    return visit.page(
        "shared/message.html",
        number=original.message,
        place=place,
        shown=show(original, place),
        back=back,
    )
