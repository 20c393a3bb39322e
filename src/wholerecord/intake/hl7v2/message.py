"""An HL7 v2 message as segments, fields, repetitions and components, split only where asked.

Source: HL7 v2.5.1 chapter 2, sections 2.5 (delimiters), 2.6 (segments), 2.7 (escape sequences).
"""

from dataclasses import dataclass

from wholerecord.intake.hl7v2.escapes import Delimiters, unescape

#: No segment of any version has as many fields; a longer one keeps its rest in the last.
_MOST = 255
#: More segments than any message needs; each costs memory when it is read.
MOST_SEGMENTS = 100_000
#: A segment larger than this is kept, and not read. Bytes, or characters once decoded.
LARGEST_SEGMENT = 16 * 1024 * 1024
_NULL = '""'  # "delete what you have": the newest saying has no value, which is the same here


class Composite:
    """One repetition of a field: components, counted from 1."""

    __slots__ = ("_delimiters", "_parts")

    def __init__(self, raw: str, delimiters: Delimiters) -> None:
        self._parts = raw.split(delimiters.component, _MOST)
        self._delimiters = delimiters

    def __bool__(self) -> bool:
        return self._parts != [""]

    def text(self, component: int = 1) -> str:
        """The component, unescaped and trimmed; "" when it is absent or null."""
        if component > len(self._parts):
            return ""
        raw = self._parts[component - 1]
        return "" if not raw or raw == _NULL else unescape(raw, self._delimiters).strip()

    def sub(self, component: int, sub: int) -> str:
        """A sub-component, unescaped and trimmed; "" when it is absent or null."""
        if component > len(self._parts):
            return ""
        raw = self._parts[component - 1]
        if self._delimiters.subcomponent in raw:
            subs = raw.split(self._delimiters.subcomponent, _MOST)
            raw = subs[sub - 1] if sub <= len(subs) else ""
        elif sub > 1:
            return ""
        return "" if not raw or raw == _NULL else unescape(raw, self._delimiters).strip()

    def texts(self) -> list[str]:
        """Every component that says something, in order."""
        return [text for n in range(1, len(self._parts) + 1) if (text := self.text(n))]


class Segment:
    """One segment: fields counted from 1 as the standard counts them (MSH-1 is the separator).

    `place` is `OBX[2]` for the second OBX of the message.
    """

    __slots__ = ("_fields", "delimiters", "name", "place")

    def __init__(self, name: str, n: int, fields: list[str], delimiters: Delimiters) -> None:
        self.name = name
        self.place = f"{name}[{n}]"
        self._fields = fields
        self.delimiters = delimiters

    def raw(self, field: int) -> str:
        """The field as written; "" when it is absent or null."""
        if field >= len(self._fields):
            return ""
        raw = self._fields[field]
        return "" if raw == _NULL else raw

    def text(self, field: int, component: int = 1) -> str:
        """A component of the field's first repetition, unescaped and trimmed."""
        # Asked two hundred times a message, mostly of fields that are empty: no detours.
        raw = self._fields[field] if field < len(self._fields) else ""
        if not raw or raw == _NULL:
            return ""
        marks = self.delimiters
        if marks.repetition in raw:
            raw = raw.split(marks.repetition, 1)[0]
        if marks.component in raw:
            parts = raw.split(marks.component, component)
            raw = parts[component - 1] if component <= len(parts) else ""
        elif component > 1:
            return ""
        return "" if raw == _NULL else unescape(raw, marks).strip()

    def whole(self, field: int) -> str:
        """The field as text: repetitions are lines, and stray component marks stay as written."""
        raw = self.raw(field)
        if not raw:
            return ""
        lines = raw.replace(self.delimiters.repetition, "\n")
        return unescape(lines, self.delimiters).strip()

    def first(self, field: int) -> Composite:
        """The field's first repetition, with components."""
        raw = self.raw(field)
        if self.delimiters.repetition in raw:
            raw = raw.split(self.delimiters.repetition, 1)[0]
        return Composite(raw, self.delimiters)

    def repetitions(self, field: int) -> list[Composite]:
        """The field's repetitions that say something."""
        raw = self.raw(field)
        if not raw:
            return []
        if self.delimiters.repetition not in raw:
            return [Composite(raw, self.delimiters)]
        said = raw.split(self.delimiters.repetition, _MOST)
        return [Composite(each, self.delimiters) for each in said if each and each != _NULL]


@dataclass(frozen=True, slots=True)
class Message:
    """A message's segments in order; the first is its MSH. `odd` are lines that are none."""

    segments: list[Segment]
    odd: list[str]

    @property
    def msh(self) -> Segment:
        """The message header."""
        return self.segments[0]

    def first(self, name: str) -> Segment | None:
        """The first segment of that name."""
        return next((each for each in self.segments if each.name == name), None)


def split(text: str, delimiters: Delimiters) -> Message:
    """The segments of `text`, which begins with MSH. Linear; never raises.

    `odd` holds the places of lines that do not begin with a segment's name (`line 7`).
    """
    segments: list[Segment] = []
    odd: list[str] = []
    counts: dict[str, int] = {}
    separator = delimiters.field
    lines = text.replace("\r\n", "\r").replace("\n", "\r").split("\r")
    for at, line in enumerate(lines, start=1):
        fields = line.split(separator, _MOST)
        name = fields[0].strip().upper()
        if not (len(name) == 3 and name.isalnum() and name.isascii() and name[0].isalpha()):
            if line.strip(" \t\x1a"):
                odd.append(f"line {at}")
            continue
        if name == "MSH":
            fields.insert(1, separator)
        counts[name] = n = counts.get(name, 0) + 1
        segments.append(Segment(name, n, fields, delimiters))
    return Message(segments, odd)
