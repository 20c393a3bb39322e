"""An original message as people can read it, with the place a statement came from.

HL7 v2 is shown a segment a line, JSON indented with every number as it was written, other text as
it is. Nothing is left out but what no text can show, and what is about somebody else: of a table or
a Bundle of several patients, only the part that was asked for is shown.
"""

import re
from dataclasses import dataclass

import msgspec

#: Characters shown on a page. A larger message can be saved whole.
_MOST_SHOWN = 200_000
_INDEXED = re.compile(r"([A-Za-z]\w*)\[(\d+)\]")
_LINE = re.compile(r"line (\d+)")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")


class _Bundle(msgspec.Struct, frozen=True):
    entry: tuple[msgspec.Raw, ...] = ()


class _Typed(msgspec.Struct, frozen=True, rename="camel"):
    resource_type: str = ""


class _Entry(msgspec.Struct, frozen=True):
    resource: _Typed = _Typed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message's lines, each with whether it is at the place asked for.

    `part` is that place alone, where it is no line. `cut`: the rest is too long to show here.
    `others`: the rest is about other people, and is not shown.
    """

    form: str
    lines: tuple[tuple[str, bool], ...]
    part: str
    cut: bool
    others: bool = False


def show(body: bytes, place: str) -> Shown:
    """The message, with what stands at `place` (`entry[3]`, `OBX[2]`, `line 17`) picked out."""
    if body.startswith(b"MSH"):
        return _hl7(body, place)
    try:
        indented = msgspec.json.format(body, indent=2).decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _text(body, place)
    part, others = _entry(body, place)
    lines = [] if others else indented.splitlines()
    return _shown("JSON", lines, frozenset(), part, others=others)


def _hl7(body: bytes, place: str) -> Shown:
    """Segments end with a carriage return; `OBX[2]` is the second OBX (HL7 v2.5.1 chapter 2)."""
    segments = re.split(r"\r\n?|\n", _decoded(body).rstrip("\r\n"))
    match = _INDEXED.match(place)
    name, nth = (match[1], int(match[2])) if match else (place[:3], 1)
    of_name = [i for i, segment in enumerate(segments) if segment.startswith(name)]
    known = bool(_SEGMENT.fullmatch(name)) and 0 < nth <= len(of_name)
    at = frozenset({of_name[nth - 1]}) if known else frozenset[int]()
    return _shown("HL7 v2", segments, at, "")


def _text(body: bytes, place: str) -> Shown:
    """A table's first line and the one asked for: its other lines are about other people."""
    lines = _decoded(body).splitlines()
    match = _LINE.search(place)
    at = int(match[1]) - 1 if match else -1
    if not 0 < at < len(lines):
        return _shown("text", lines, frozenset({at}), "")
    return _shown("text", [lines[0], lines[at]], frozenset({1}), "", others=len(lines) > 2)


def _entry(body: bytes, place: str) -> tuple[str, bool]:
    """The Bundle entry a place names, indented ("" for none), and whether others are in it too."""
    try:
        entries = msgspec.json.decode(body, type=_Bundle).entry
    except msgspec.DecodeError:
        return "", False
    match = _INDEXED.match(place)
    n = int(match[2]) if match and match[1] == "entry" else len(entries)
    part = msgspec.json.format(bytes(entries[n]), indent=2).decode() if n < len(entries) else ""
    return part, sum(map(_is_patient, entries)) > 1


def _is_patient(entry: msgspec.Raw) -> bool:
    try:
        return msgspec.json.decode(entry, type=_Entry).resource.resource_type == "Patient"
    except msgspec.DecodeError:
        return False


def _shown(
    form: str, lines: list[str], at: frozenset[int], part: str, *, others: bool = False
) -> Shown:
    kept: list[tuple[str, bool]] = []
    left = _MOST_SHOWN
    for n, line in enumerate(lines):
        left -= len(line) + 1
        if left < 0:
            break
        kept.append((line, n in at))
    return Shown(form=form, lines=tuple(kept), part=part, cut=len(kept) < len(lines), others=others)


def _decoded(body: bytes) -> str:
    """The text, in UTF-8 or else Latin-1, which every byte string is."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")
