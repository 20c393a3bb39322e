"""Which capitalised words are a product's or an abbreviation, whatever stands before them."""

from collections.abc import Sequence

from wholerecord.research.redact import words as w
from wholerecord.research.redact.word import Word

#: After a thing in a list, beside what is done to things: "Metformin and Ozempic at night".
_AFTER_LISTED = frozenset({"for", "at", "in", "daily", "twice", "nightly"})


def is_thing(words: Sequence[Word], at: int) -> bool:
    """Whether it is a product's name or an abbreviation. A common name never is."""
    word = words[at]
    if word.text.isupper() and word.low in w.THINGS and not _shouted(words, at):
        return True  # "PEG", which is short for Margaret in small letters
    if w.is_given(word.bare) or w.is_family(word.bare):
        return False
    if word.text.isupper() and 2 < len(word.text) < 5 and not _shouted(words, at):
        return True
    if word.bare.count("-") > 1 and word.text.title() == word.text:
        return True  # three names of a term: few people have so many
    if word.low in w.ALSO_WORDS or word.text != word.bare:
        return False
    the = at > 0 and words[at - 1].low in {"the", "a", "an"} and word.gap == " "
    return (the and _named_thing(word)) or _beside_thing(words, at)


def _named_thing(word: Word) -> bool:
    return word.low in w.THINGS or w.is_clinical(word.bare)


def _beside_thing(words: Sequence[Word], at: int) -> bool:
    """Whether it comes after a thing in a list: "Loperamide, then Colesevelam"."""
    back = at - 1
    if back > 0 and words[back].low in {"and", "or", "then"}:
        back -= 1
    if back < 0 or (back == at - 1 and words[at].gap != ", "):
        return False
    before, after = words[back], words[at + 1] if at + 1 < len(words) else None
    listed = w.is_given(before.bare) or w.is_family(before.bare)
    if listed or not (before.capital and before.text == before.bare and _named_thing(before)):
        return False
    if words[back + 1].gap not in {" ", ", "} or words[at].gap not in {" ", ", "}:
        return False
    if after is None or after.gap != " ":
        return True
    return after.low in w.DONE_TO_THINGS | w.AFTER_THINGS | _AFTER_LISTED


def _shouted(words: Sequence[Word], at: int) -> bool:
    """Whether its neighbours are all in capitals too, or a name comes after it."""
    beside = [*words[max(0, at - 1) : at], *words[at + 1 : at + 2]]
    if any(len(one.text) > 1 and one.text.isupper() for one in beside):
        return True
    after = words[at + 1] if at + 1 < len(words) else None
    return after is not None and after.capital and after.gap in {", ", " "}
