"""A segment of an HL7 v2 message as fields, repetitions and components, split only where asked.

Source: HL7 v2.5.1 chapter 2, sections 2.5 (delimiters), 2.6 (segments), 2.7 (escape sequences).
"""

from wholerecord.intake.hl7v2.escapes import STANDARD, Delimiters, unescape
from wholerecord.intake.hl7v2.site import NO_SITE, Site

#: No segment of any version has as many fields; a longer one keeps its rest in the last.
_MOST = 255
_NULL = '""'  # "delete what you have": the newest saying has no value, which is the same here


class Composite:
    """One repetition of a field: components, counted from 1. Parted when one is first asked for."""

    __slots__ = ("_marks", "_said", "raw")

    def __init__(self, raw: str, delimiters: Delimiters) -> None:
        self.raw = raw
        self._said: list[str] | None = None
        self._marks = delimiters

    def __len__(self) -> int:
        return len(self._parts) if self.raw else 0

    @property
    def is_standard(self) -> bool:
        """Whether `raw` means what it means in any message: its delimiters are the usual ones."""
        return self._marks is STANDARD

    @property
    def _parts(self) -> list[str]:
        parts = self._said
        if parts is None:
            raw = self.raw
            parts = self._said = raw.split(self._marks.component, _MOST) if raw else []
        return parts

    def text(self, component: int = 1) -> str:
        """The component, unescaped and trimmed; "" when it is absent or null."""
        # Asked two hundred times a message, mostly of components that are empty: no detours.
        parts = self._said or self._parts
        if component > len(parts):
            return ""
        raw = parts[component - 1]
        if not raw or raw == _NULL:
            return ""
        return unescape(raw, self._marks).strip() if self._marks.escape in raw else raw.strip()

    def sub(self, component: int, sub: int) -> str:
        """A sub-component, unescaped and trimmed; "" when it is absent or null."""
        parts = self._said or self._parts
        if component > len(parts):
            return ""
        raw = parts[component - 1]
        if not raw:
            return ""
        if self._marks.subcomponent in raw:
            subs = raw.split(self._marks.subcomponent, _MOST)
            raw = subs[sub - 1] if sub <= len(subs) else ""
        elif sub > 1:
            return ""
        return "" if not raw or raw == _NULL else unescape(raw, self._marks).strip()

    def texts(self) -> list[str]:
        """Every component that says something, in order."""
        return [text for n in range(1, len(self._parts) + 1) if (text := self.text(n))]

    def padded(self, least: int) -> list[str]:
        """Every component as `text` gives it, the first at 0, and "" up to that many at least."""
        parts = self._said or self._parts
        if self._marks.escape in self.raw or _NULL in self.raw:
            said = [self.text(n) for n in range(1, len(parts) + 1)]
        else:
            said = [part.strip() if part else "" for part in parts]
        return said + [""] * (least - len(said))


class Segment:
    """One segment: fields counted from 1 as the standard counts them (MSH-1 is the separator).

    Its fields are parted when one is first asked for. `place` is `OBX[2]` for the second OBX.
    """

    __slots__ = ("_fields", "_line", "_n", "_site", "delimiters", "is_standard", "name")

    def __init__(
        self, name: str, n: int, line: str, delimiters: Delimiters, site: Site = NO_SITE
    ) -> None:
        self.name = name
        self.delimiters = delimiters
        #: Whether what it says means the same in any message: its delimiters are the usual ones.
        self.is_standard = delimiters is STANDARD
        self._n = n
        self._line = line
        self._fields: list[str] | None = None
        self._site = site

    @property
    def place(self) -> str:
        """Where it stands in the message."""
        return f"{self.name}[{self._n}]"

    def _parted(self) -> list[str]:
        fields = self._line.split(self.delimiters.field, _MOST)
        if self.name == "MSH":
            fields.insert(1, self.delimiters.field)
        if self._site is not NO_SITE:
            fields = self._site.translated(self.name, fields, self.delimiters)
        self._fields = fields
        return fields

    def without(self, *fields: int) -> str:
        """The segment as written, as far as it is read, with these fields empty."""
        said = list(self._fields or self._parted())
        for field in fields:
            if field < len(said):
                said[field] = ""
        return self.delimiters.field.join(said)

    def raw(self, field: int) -> str:
        """The field as written; "" when it is absent or null."""
        fields = self._fields or self._parted()
        if field >= len(fields):
            return ""
        raw = fields[field]
        return "" if raw == _NULL else raw

    def text(self, field: int, component: int = 1) -> str:
        """A component of the field's first repetition, unescaped and trimmed."""
        fields = self._fields or self._parted()
        if field >= len(fields) or not (raw := fields[field]):
            return ""
        if raw.isalnum() and raw.isascii():  # no mark, no blank: it is what it says
            return raw if component == 1 else ""
        if raw == _NULL:
            return ""
        marks = self.delimiters
        if marks.repetition in raw:
            raw = raw.split(marks.repetition, 1)[0]
        if marks.component in raw:
            parts = raw.split(marks.component, component)
            raw = parts[component - 1] if component <= len(parts) else ""
        elif component > 1:
            return ""
        if marks.escape in raw:
            return unescape(raw, marks).strip()
        return "" if raw == _NULL else raw.strip()

    def whole(self, field: int) -> str:
        """The field as text: repetitions are lines, and stray component marks stay as written."""
        raw = self.raw(field)
        if not raw:
            return ""
        lines = raw.replace(self.delimiters.repetition, "\n")
        return unescape(lines, self.delimiters).strip()

    def first_raw(self, field: int) -> str:
        """The field's first repetition as written; "" when the field is absent or null."""
        fields = self._fields or self._parted()
        if field >= len(fields) or not (raw := fields[field]) or raw == _NULL:
            return ""
        mark = self.delimiters.repetition
        return raw.split(mark, 1)[0] if mark in raw else raw

    def first(self, field: int) -> Composite:
        """The field's first repetition, with components."""
        raw = self.first_raw(field)
        return Composite(raw, self.delimiters) if raw else _NOTHING

    def repetitions(self, field: int) -> list[Composite]:
        """The field's repetitions that say something."""
        fields = self._fields or self._parted()
        raw = fields[field] if field < len(fields) else ""
        if not raw or raw == _NULL:
            return []
        if self.delimiters.repetition not in raw:
            return [Composite(raw, self.delimiters)]
        said = raw.split(self.delimiters.repetition, _MOST)
        return [Composite(each, self.delimiters) for each in said if each and each != _NULL]


_NOTHING = Composite("", STANDARD)
