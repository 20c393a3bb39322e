"""Words that no list knows, taken for names by where they stand: always unsure.

A capital inside a sentence says that a word is somebody's, a place's, or a product's. So what
stands where places and products do, or has their form, is left; the rest is somebody, until a
person has looked. At the beginning of a sentence, where everything has a capital, a word that is
not an everyday one is somebody too.
"""

from collections.abc import Sequence

from wholerecord.research.redact import words as w
from wholerecord.research.redact.word import Word, is_term

_LINKS = frozenset({"with", "to", "from", "for"})
_AWAY = frozenset({"in", "back", "over", "away", "down", "up"})
#: How the names of germs end.
_GERMS = ("oides", "coccus", "bacter", "monas", "myces", "virus", "plasma", "bacterium")
#: What follows a thing's name at the beginning of a sentence, and hardly ever a person's.
_OF_THINGS = frozenset(
    {"of", "in", "on", "level", "levels", "or", "per", "via", "negative", "positive"}
)

_BETWEEN = frozenset({"then", "also", "not", "been", "be", "being", "never", "only", "again"})
#: After what was done: "was given a drink", "was started on".
_TO_PEOPLE = frozenset({"a", "an", "the", "on", "some", "her", "his", "their", "no", "any", "off"})


def unknown_name(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether the capitalised words from `at` to `end`, which no list knows, may be a name."""
    if end - at > 2 or not all(map(_like_a_name, words[at:end])):
        return False
    if words[end - 1].text != words[end - 1].bare:
        return at == 0 or not words[at - 1].capital  # somebody's
    after = words[end] if end < len(words) else None
    if after is not None and _thing_after(words, end):
        return False
    if at == 0 or any(mark in words[at].gap for mark in ".!?\n:;"):
        return after is not None and _does(words, end)
    if words[at].gap not in {" ", ", ", " (", " \u2013 ", " - ", " \u2018", " \u201c"}:
        return False
    before = words[at - 1]
    opens = at == 1 or any(mark in before.gap for mark in ".!?\n")
    if before.low in w.BEFORE_THINGS or (before.capital and not (opens and _opener(before))):
        return False
    return not (before.low in _LINKS and _led_to_thing(words, at)) and not is_term(words, at)


def _opener(word: Word) -> bool:
    return word.low in w.OPENERS or word.low in w.FILLERS or word.low.endswith("ly")


def _led_to_thing(words: Sequence[Word], at: int) -> bool:
    """Whether it is what something was treated with, changed to, or tested for."""
    if at > 1 and words[at - 2].low in w.LED_TO_THINGS:
        return True
    if at > 1 and words[at - 1].low == "from" and words[at - 2].low in _AWAY:
        return True
    changed = at > 3 and words[at - 1].low == "to" and words[at - 3].low == "from"
    return changed and words[at - 4].low in w.LED_TO_THINGS


def _like_a_name(word: Word) -> bool:
    """Whether it is written as a name is: one capital to each part, three letters, no product."""
    parts = word.bare.replace("\u2019", "'").replace("'", "-").split("-")
    shape = all(part[:1].isupper() and part[1:] == part[1:].lower() for part in parts)
    low = word.bare.lower()
    listed = low in w.THINGS or low in w.EPONYMS or low in w.ALSO_WORDS
    known = listed or w.is_ordinary(word.bare) or w.is_everyday(word.bare)
    return shape and len(word.bare) > 2 and not known and not low.endswith(_GERMS)


def _thing_after(words: Sequence[Word], end: int) -> bool:
    after = words[end]
    number = any(char.isdigit() for char in after.gap)
    return number or (after.gap == " " and after.low in w.AFTER_THINGS)


def _does(words: Sequence[Word], at: int) -> bool:
    """Whether what follows at the beginning of a sentence is said of somebody, not of a thing."""
    deed = words[at]
    if _done_to_thing(words, at):
        return False
    said = w.is_everyday(deed.low) or deed.low in w.DEEDS or deed.low in w.ORDINARY
    small = deed.gap == " " and not deed.capital and deed.low not in _OF_THINGS
    return small and said and not w.is_clinical(deed.low)


def _done_to_thing(words: Sequence[Word], at: int) -> bool:
    """Whether what follows is done to medicines and devices: "was then started"."""
    if words[at].low not in {"was", "were", "is", "are", "has", "had", "can", "may", "should"}:
        return False
    at += 1
    while at < len(words) and words[at].low in _BETWEEN:
        at += 1
    if at >= len(words) or words[at].low not in w.DONE_TO_THINGS:
        return False
    after = words[at + 1] if at + 1 < len(words) else None
    return after is None or after.gap != " " or after.low not in _TO_PEOPLE
