"""EDIFACT as segments, elements and components.

Source: ISO 9735 (EDIFACT syntax, version 3): the service string advice UNA, the release character,
the character sets that the first element of UNB names.
"""

import re
from dataclasses import dataclass, replace

from wholerecord.intake.reading import Fault, Reason

#: More segments than an interchange of reports has; each costs memory when it is read.
MOST_SEGMENTS = 200_000
#: UNB S001: the repertoire each syntax identifier names.
_CHARSETS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso-8859-1",
    "UNOD": "iso-8859-2",
    "UNOE": "iso-8859-5",
    "UNOF": "iso-8859-7",
    "UNOY": "utf-8",
}
_SYNTAX = re.compile(rb"UNB[^A-Za-z0-9](UNO[A-Z])")
_TAG = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)
_LINE_ENDS = "\r\n"


@dataclass(frozen=True, slots=True)
class Marks:
    """The four service characters. `release` is "" where none is used."""

    component: str = ":"
    element: str = "+"
    release: str = "?"
    terminator: str = "'"


STANDARD = Marks()


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. Elements and components are counted from 1; `place` is `RSL[3]`."""

    tag: str
    place: str
    elements: tuple[tuple[str, ...], ...]

    def text(self, element: int, component: int = 1) -> str:
        """A component, unreleased and trimmed; "" when it is not there."""
        if element > len(self.elements):
            return ""
        parts = self.elements[element - 1]
        return parts[component - 1].strip() if component <= len(parts) else ""

    def parts(self, element: int) -> tuple[str, ...]:
        """Every component of an element as it was written."""
        return self.elements[element - 1] if element <= len(self.elements) else ()


def text_of(body: bytes) -> str | Fault:
    """The interchange in the character set it names; without a name, in ASCII."""
    found = _SYNTAX.search(body[:200])
    charset = _CHARSETS.get(found[1].decode() if found else "UNOB", "")
    if not charset:
        return Fault(reason=Reason.NOT_TEXT, place="UNB[1]", detail="a character set not read")
    try:
        return body.decode(charset).lstrip("\ufeff \t\r\n")
    except UnicodeDecodeError:
        return Fault(reason=Reason.NOT_TEXT, place="UNB[1]", detail=charset)


def segments(text: str) -> list[Segment] | Fault:
    """The segments of an interchange, without its UNA. Linear.

    What stands after the last terminator is a segment too: the check of the trailer finds it.
    """
    marks, text = _advice(text)
    if not _usable(marks):
        return Fault(reason=Reason.BAD_DELIMITERS, place="UNA")
    if text.count(marks.terminator) > MOST_SEGMENTS:
        return Fault(reason=Reason.TOO_LARGE, detail=f"more than {MOST_SEGMENTS} segments")
    counts: dict[str, int] = {}
    said: list[Segment] = []
    for raw in _split(text, marks.terminator, marks.release):
        written = raw.strip(_LINE_ENDS + " \t\x1a")
        if not written:
            continue
        elements = _split(written, marks.element, marks.release)
        tag = elements[0].strip()
        counts[tag] = n = counts.get(tag, 0) + 1
        name = tag if _TAG.fullmatch(tag) else "?"
        said.append(
            Segment(
                tag=name,
                place=f"{name}[{n}]",
                elements=tuple(_components(one, marks) for one in elements[1:]),
            )
        )
    return said


def _advice(text: str) -> tuple[Marks, str]:
    """The service characters UNA gives, and what follows it.

    A UNA that lost the space of its unused character (it is often trimmed) is read without it.
    """
    if not text.startswith("UNA"):
        return STANDARD, text
    said = text[3:9].ljust(6)
    length = 9
    if said[5].isalnum() or said[5] in _LINE_ENDS:
        said, length = said[:4] + " " + said[4], 8
    marks = Marks(component=said[0], element=said[1], release=said[3], terminator=said[5])
    return (replace(marks, release="") if marks.release == " " else marks), text[length:]


def _usable(marks: Marks) -> bool:
    used = [marks.component, marks.element, marks.terminator, *marks.release]
    return len(set(used)) == len(used) and not any(one.isalnum() or one.isspace() for one in used)


def _split(text: str, mark: str, release: str) -> list[str]:
    """`text` at each `mark` that is not released. What is released stays so."""
    if not release or release not in text:
        return text.split(mark)
    pieces: list[str] = []
    begun: list[str] = []
    for piece in text.split(mark):
        begun.append(piece)
        if not _ends_released(piece, release):
            pieces.append(mark.join(begun))
            begun = []
    return [*pieces, mark.join(begun)] if begun else pieces


def _ends_released(piece: str, release: str) -> bool:
    """Whether the mark after `piece` is released: an odd number of release characters ends it."""
    return (len(piece) - len(piece.rstrip(release))) % 2 == 1


def _components(element: str, marks: Marks) -> tuple[str, ...]:
    parts = _split(element, marks.component, marks.release)
    if not marks.release or marks.release not in element:
        return tuple(parts)
    released = re.compile(re.escape(marks.release) + "(.)", re.DOTALL)
    return tuple(released.sub(r"\1", part) for part in parts)
