'''What a source of letters declares: whose each is, by its name, and what it is.

    >>> declared = declaration(b"""{"letters": {
    ...   "name": "{nhs_number}_{date}_{type}.pdf", "date_format": "%Y%m%d",
    ...   "types": {"DIS": "Discharge letter"}}}""")
    >>> declared.letters.told_by("in/9990000018_20260302_DIS.pdf")
    {'nhs_number': '9990000018', 'date': '20260302', 'type': 'DIS'}

It travels where a column map does (`Kept.columns`). Other declarations of the source may stand
beside it.
'''

import re
from datetime import datetime
from functools import lru_cache

import msgspec

#: What a name may say, and how it is written there. `{any}` is passed over.
_PARTS = {
    "nhs_number": r"\d{3}[ -]?\d{3}[ -]?\d{4}",
    "number": r"[A-Za-z0-9.-]{1,40}",
    "family": r"[^\W\d_][\w' -]{0,60}",
    "given": r"[^\W\d_][\w' -]{0,60}",
    "born": r"[\w.-]{4,20}",
    "date": r"[\w.-]{4,24}?",
    "type": r"[^/]{1,60}?",
    "title": r"[^/]{1,80}?",
    "any": r"[^/]{0,80}?",
}
_PART = re.compile(r"\{(\w+)\}")
_MOST_PARTS = 10


class NotDeclared(ValueError):
    """The declaration of a source of letters is not one."""


class Letters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How letters are named, and what they are where the name does not say.

    `name` is a pattern of the file's name with `{nhs_number}` or `{number}` in it. `authority` is
    whose numbers `{number}` are, as the source's other messages say it. Dates are by
    `date_format`; `types` says what each `{type}` means.
    """

    name: str = ""
    authority: str = ""
    date_format: str = "%Y%m%d"
    type: str = ""
    types: dict[str, str] = {}
    author: str = ""

    def told_by(self, name: str) -> dict[str, str]:
        """What a file's name says, empty when it is not of the pattern."""
        found = _pattern(self.name).fullmatch(name.replace("\\", "/").rpartition("/")[2])
        return {part: text for part, text in found.groupdict().items() if text} if found else {}

    def day(self, text: str) -> str:
        """A date of a name as a FHIR date, "" when it is none."""
        try:
            return datetime.strptime(text, self.date_format).date().isoformat()  # noqa: DTZ007 - a day
        except ValueError:
            return ""


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a source's declaration that are about how its text was made and named.

    `made_by` is `software` for a source whose text is drafted by software (an ambient scribe).
    """

    letters: Letters | None = None
    made_by: str = ""

    @property
    def by_software(self) -> bool:
        """Whether software makes what this source says."""
        return self.made_by == "software"


NOTHING = Declaration()


@lru_cache(maxsize=256)
def declaration(columns: bytes) -> Declaration:
    """What a source declares of letters and of who makes its text; nothing for a column map.

    Raises:
        NotDeclared: it speaks of letters, and cannot be understood; the message says where.
    """
    if not columns:
        return NOTHING
    try:
        declared = msgspec.json.decode(columns, type=Declaration)
        if declared.letters is not None:
            _pattern(declared.letters.name)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if b'"letters"' in columns or b'"made_by"' in columns:
            raise NotDeclared(str(error)) from None
        return NOTHING
    return declared


@lru_cache(maxsize=256)
def _pattern(name: str) -> re.Pattern[str]:
    """The pattern of a file's name.

    Raises:
        NotDeclared: it has a part that is not known, has one twice, or has too many.
    """
    parts: list[str] = _PART.findall(name)
    named = [part for part in parts if part != "any"]
    if not set(parts) <= _PARTS.keys() or len(parts) > _MOST_PARTS or len(set(named)) < len(named):
        known = ", ".join(_PARTS)
        raise NotDeclared(f"`letters.name` may have each of {known} once")
    written = [re.escape(text) for text in _PART.split(name)[::2]]
    found = [f"(?P<{part}>{_PARTS[part]})" if part != "any" else _PARTS[part] for part in parts]
    return re.compile("".join(a + b for a, b in zip(written, [*found, ""], strict=True)))


def by_software(columns: bytes) -> bool:
    """Whether a source declares that software makes what it says."""
    try:
        return declaration(columns).by_software
    except NotDeclared:
        return False
