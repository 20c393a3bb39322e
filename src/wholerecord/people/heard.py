"""Names as they are compared: plain sets, so that a database compares them as this program does."""

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from wholerecord.people.names import nicknames, parts, spellings, whole_sound
from wholerecord.remembered import recalls

#: A word shorter than this is another word when one letter is another.
_SLIPS = 4
Words = tuple[str, ...]


class Likes(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What words are found alike by: the longer ones themselves, and how these sound."""

    words: frozenset[str]
    sounds: frozenset[str]


class Family(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The family names of a patient. `term` is the present one, whose frequency counts."""

    term: str
    whole: frozenset[str]
    parts: frozenset[str]
    rows: frozenset[int]
    likes: Likes


class Called(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The given names of a patient: `firsts`, and `next` for those that follow a first.

    `called` has the first names and neighbours written as one (ANNE MARIE, ANNEMARIE).
    `initials` are names of one letter, `letters` the first letters of all.
    """

    term: str
    called: frozenset[str]
    firsts: frozenset[str]
    next: frozenset[str]
    rows: frozenset[int]
    likes: Likes
    next_likes: Likes
    initials: frozenset[str]
    letters: frozenset[str]
    next_initials: frozenset[str]
    next_letters: frozenset[str]


@recalls()
def family_of(said: tuple[Words, ...]) -> Family:
    """The family names said, the present one first, as they are compared."""
    whole = ["".join(each) for each in said]
    found = {part for each in said for part in parts(each) if len(part) > 2}
    return Family(
        term=whole[0] if whole else "",
        whole=frozenset(whole),
        parts=frozenset(found),
        rows=frozenset(row for part in found for row in spellings(part)),
        likes=_likes(found),
    )


@recalls()
def called(said: tuple[Words, ...]) -> Called:
    """The rows of given names said, the present one first, as they are compared."""
    firsts = [each[0] for each in said]
    following = {word for each in said for word in each[1:]}
    joined = {a + b for each in said for a, b in pairwise(each)}
    return Called(
        term=firsts[0] if firsts else "",
        called=frozenset({*firsts, *joined, *("".join(each) for each in said)}),
        firsts=frozenset(word for word in firsts if len(word) > 1),
        next=frozenset(following),
        rows=frozenset(row for word in firsts for row in nicknames(word)),
        likes=_likes(firsts),
        next_likes=_likes(following),
        initials=_initials(firsts),
        letters=_letters(firsts),
        next_initials=_initials(following),
        next_letters=_letters(following),
    )


def _likes(said: Iterable[str]) -> Likes:
    long = frozenset(word for word in said if len(word) >= _SLIPS and word.isascii())
    return Likes(words=long, sounds=frozenset(map(whole_sound, long)))


def _initials(said: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in said if len(word) == 1)


def _letters(said: Iterable[str]) -> frozenset[str]:
    return frozenset(word[0] for word in said)
