"""The words of a text where they stand, and which of them are of a clinical term."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from wholerecord.research.redact import words as w

#: How "Ann's" ends.
POSSESSIVE = ("'s", "\u2019s")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*['\u2019]?")


class Word(NamedTuple):
    """A word where it stands; `gap` is what stands between the word before and it.

    `dated`: a number is beside it, as beside the month of a date.
    """

    text: str
    start: int
    end: int
    gap: str
    dated: bool

    @property
    def low(self) -> str:
        """In small letters."""
        return self.text.lower().replace("\u2019", "'")

    @property
    def bare(self) -> str:
        """Without its possessive."""
        return self.text[:-2] if self.text.endswith(POSSESSIVE) else self.text.rstrip("'\u2019")

    @property
    def capital(self) -> bool:
        """Whether it can be part of a name by how it is written."""
        return self.text[0].isupper()


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    found: list[Word] = []
    last = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        dated = (
            text[max(0, start - 2) : start].strip().isdigit()
            or text[end : end + 2].strip().isdigit()
        )
        found.append(Word(match[0], start, end, text[last:start], dated))
        last = match.end()
    return found


def is_term(words: Sequence[Word], at: int) -> bool:
    """Whether the word is part of a clinical term that has a name in it."""
    low = words[at].low
    after = words[at + 1] if at + 1 < len(words) else None
    near = after is not None and len(after.gap) <= 1 and "\n" not in after.gap
    if near and after and after.low in w.TERMS and (after.low == after.text or low in w.EPONYMS):
        return True
    known = low in w.EPONYMS or words[at].bare.lower() in w.EPONYMS
    if not known:
        return False
    if low in w.EPONYMS and low.endswith("'s"):
        return True
    if near and after and after.low in w.EPONYMS:
        return not (w.is_given(words[at].text) and w.is_family(after.text))
    return not w.is_family(words[at].bare) and not w.is_given(words[at].bare)
