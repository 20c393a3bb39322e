"""An HL7 v2 message as segments, found only when one is asked for.

Source: HL7 v2.5.1 chapter 2, section 2.5 (messages and their delimiters).
"""

import re

from wholerecord.intake.hl7v2.escapes import Delimiters
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.site import NO_SITE, Site

#: More segments than any message needs; each costs memory when it is read.
MOST_SEGMENTS = 100_000
#: A segment larger than this is kept, and not read. Bytes, or characters once decoded.
LARGEST_SEGMENT = 16 * 1024 * 1024
_LINE = re.compile(r"[^\r]*")
_NAME = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)
#: Names that need no second look.
_USUAL = frozenset({
    "ACC", "AIG", "AIL", "AIP", "AIS", "AL1", "ARV", "DB1", "DG1", "EVN", "GT1", "IAM", "IN1",
    "IN2", "IN3", "MRG", "MSH", "NK1", "NTE", "OBR", "OBX", "ORC", "PD1", "PID", "PR1", "PRB",
    "PRT", "PV1", "PV2", "RGS", "ROL", "RXA", "RXC", "RXD", "RXE", "RXO", "RXR", "SCH", "SFT",
    "SPM", "TQ1", "TXA", "UB1", "UB2",
})  # fmt: skip


class Message:
    """One message, from its MSH. Segments are found when they are first asked for."""

    __slots__ = ("_marks", "_msh", "_odd", "_segments", "_site", "_text")

    def __init__(self, text: str, marks: Delimiters, site: Site) -> None:
        self._text = text
        self._marks = marks
        self._site = site
        self._msh: Segment | None = None
        self._segments: list[Segment] | None = None
        self._odd: list[str] = []

    @property
    def segments(self) -> list[Segment]:
        """The segments in order; the first is its MSH."""
        if self._segments is None:
            self._segments = self._found()
        return self._segments

    @property
    def odd(self) -> list[str]:
        """The places of lines that do not begin with a segment's name (`line 7`)."""
        return self._odd if self.segments else []

    @property
    def msh(self) -> Segment:
        """The message header."""
        if self._msh is None:
            line = _LINE.match(self._text)
            self._msh = Segment("MSH", 1, line[0] if line else "", self._marks, self._site)
        return self._msh

    def first(self, name: str) -> Segment | None:
        """The first segment of that name."""
        if self._segments is None:
            text = self._text
            at = text.find(f"\r{name}{self._marks.field}")
            if at >= 0:
                end = text.find("\r", at + 1)
                line = text[at + 1 : end if end >= 0 else len(text)]
                return Segment(name, 1, line, self._marks, self._site)
        return next((each for each in self.segments if each.name == name), None)

    def _found(self) -> list[Segment]:
        marks, site = self._marks, self._site
        separator = marks.field
        segments: list[Segment] = []
        counts: dict[str, int] = {}
        for at, line in enumerate(self._text.split("\r"), start=1):
            name = line[:3]
            if line[3:4] != separator or name not in _USUAL:
                name = line.split(separator, 1)[0].strip().upper()
                if not _NAME.fullmatch(name):
                    if line.strip(" \t\x1a"):
                        self._odd.append(f"line {at}")
                    continue
            counts[name] = n = counts.get(name, 0) + 1
            segments.append(Segment(name, n, line, marks, site))
        return segments


def split(text: str, delimiters: Delimiters, site: Site = NO_SITE) -> Message:
    """The message that `text`, which begins with MSH, is. Linear; never raises."""
    if "\n" in text:
        text = text.replace("\r\n", "\r").replace("\n", "\r")
    return Message(text, delimiters, site)
