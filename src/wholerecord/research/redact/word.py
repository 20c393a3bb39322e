"""The words of a text where they stand, and which of them are of a clinical term."""

import re
from collections.abc import Sequence
from itertools import pairwise
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
    """Whether the word is part of a clinical term, or of a body's name, that has a name in it."""
    low = words[at].low
    after = words[at + 1] if at + 1 < len(words) else None
    near = after is not None and len(after.gap) <= 1 and "\n" not in after.gap
    if _in_pair(words, at) or (near and after and _goes_with(words[at], after)):
        return True
    if near and (_one_of_several(words, at) or _with_one_between(words, at)):
        return True
    known = low in w.EPONYMS or words[at].bare.lower() in w.EPONYMS
    if not known:
        return False
    if low in w.EPONYMS and low.endswith("'s"):
        return True
    if near and after and after.low in w.EPONYMS:
        return not (w.is_given(words[at].text) and w.is_family(after.text))
    common = w.is_family(words[at].bare) or w.is_given(words[at].bare)
    return not common and not _follows_name(words, at)


def makes_term(word: Word, after: Word) -> bool:
    """Whether `after`, a small word, makes a term of the word: "Bell's palsy".

    What anybody can have ("Ann's operation") makes one only of a name that terms are known by.
    """
    named = {word.low, word.bare.lower()} & (w.EPONYMS | w.ALSO_NAMES)
    if named or after.low not in w.TERMS:
        return bool(named) and (after.low in w.TERMS or w.is_clinical(after.low))
    theirs = word.text != word.bare
    return not (theirs and (after.low in w.OWNED or w.is_given(word.bare)))


def _goes_with(word: Word, after: Word) -> bool:
    if after.text != after.low:
        return after.low in w.TERMS and word.low in w.EPONYMS
    return makes_term(word, after)


def _one_of_several(words: Sequence[Word], at: int) -> bool:
    """Whether it is said beside another of which the same is: "Weber's and Rinne's tests"."""
    if at + 3 >= len(words) or words[at + 1].low not in {"and", "or"}:
        return False
    other, after = words[at + 2], words[at + 3]
    alike = other.capital and (words[at].text == words[at].bare) == (other.text == other.bare)
    plain = after.gap == " " and after.text == after.low and after.low.endswith("s")
    return alike and plain and after.low in w.TERMS and makes_term(other, after)


def _with_one_between(words: Sequence[Word], at: int) -> bool:
    """Whether a score or the like has its name, and says first of what: "Leeds hip score"."""
    if at + 2 >= len(words) or words[at].text != words[at].bare:
        return False
    between, last = words[at + 1 : at + 3]
    small = between.text == between.low and last.text == last.low and last.gap == " "
    return small and last.low in w.MEASURES and between.low not in w.SMALL_WORDS


def _follows_name(words: Sequence[Word], at: int) -> bool:
    """Whether a word that may be somebody's forename stands just before: "Guinevere Stokes"."""
    before = words[at - 1] if at and words[at].gap == " " else None
    if before is None or not before.capital or before.text != before.bare:
        return False
    listed = before.low in w.EPONYMS or w.is_ordinary(before.bare) or before.low in w.FILLERS
    return not listed and not w.is_everyday(before.low) and before.low not in w.OPENERS


def _in_pair(words: Sequence[Word], at: int) -> bool:
    """Whether it is one of the two words of a body's name."""
    beside = words[max(0, at - 1) : at + 2]
    return any((one.low, two.low) in w.PAIRS for one, two in pairwise(beside) if two.gap == " ")
