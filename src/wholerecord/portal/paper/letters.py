"""Letters that paper can show: what no font of the typesetter has is written as its number.

A PDF/UA file must name every letter it shows, so a letter without a font is not left out or drawn
as a box: it is written as Unicode calls it (`U+65E5`), and the record has it as it was said.
"""

import re
import unicodedata

#: What the fonts inside the typesetter have, found by asking it for each letter: Latin, Greek,
#: Cyrillic, Armenian, Hebrew and Arabic letters, punctuation, currencies, arrows, mathematics.
_SHOWN = (
    r"\u0009\u000a\u000d\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u038e-\u03a1\u03a3-\u0482"
    r"\u048a-\u04ff\u0531-\u0556\u05d0-\u05ea\u0621-\u063a\u0640-\u064a\u1e00-\u1eff"
    r"\u2010-\u2027\u202f-\u2040\u2074-\u208e\u20a0-\u20bf\u2190-\u23ff\u2460-\u2606"
)
_NOT_SHOWN = re.compile(f"[^{_SHOWN}]+")
#: Marks of direction and joining, which say nothing by themselves.
_SILENT = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")


def printable(text: str) -> str:
    """The text, composed, with what cannot be shown written as numbers.

    >>> printable("Zoe\u0308 \u65e5\u672c \u2265 5")
    'Zoë [U+65E5 U+672C] ≥ 5'
    """
    composed = unicodedata.normalize("NFC", _SILENT.sub("", text))
    return _NOT_SHOWN.sub(_numbered, composed)


def _numbered(found: re.Match[str]) -> str:
    return f"[{' '.join(f'U+{ord(letter):04X}' for letter in found[0])}]"
