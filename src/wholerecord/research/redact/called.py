"""Names of people in a text, by the words around them and by lists of common names.

A name is one or more capitalised words. What makes it one: a title ("Mrs"), a relation or a job
before it ("her daughter", "seen by"), the end of a letter ("Yours sincerely"), or that the words
are common names. A clinical term with a name in it ("Bell's palsy") is never one. It works word by
word, with no model to load: `benchmarks/redact.py` says how well.
"""

import re
from collections.abc import Iterator, Sequence

from wholerecord.research.redact import words as w
from wholerecord.research.redact.span import Span, What
from wholerecord.research.redact.thing import is_thing
from wholerecord.research.redact.unknown import unknown_name
from wholerecord.research.redact.word import POSSESSIVE, Word, is_term, makes_term

_NO_NAME_AFTER = frozenset({"the", "a", "an", "at", "in", "on", "no", "near", "of", "known", "or"})
_PLACES = frozenset(
    {"hospital", "infirmary", "surgery", "clinic", "practice", "ward", "school", "college", "court"}
)
_OFTEN = frozenset({"also", "last", "kindly", "then", "often", "still", "always", "first"})
_PEOPLE = w.RELATIONS | w.JOBS | w.TITLES
_MOST = 5  # words of one name


def names(words: Sequence[Word]) -> Iterator[Span]:
    """Every name of somebody in a text of these words."""
    at = 0
    last_end = -2
    while at < len(words):
        end, sure = _name_at(words, at)
        if end == at and at - last_end == 1 and words[at - 1].low in {"and", "&"}:
            end, sure = _another(words, at)
        last_end = end if end > at else last_end
        if end > at:
            last = words[end - 1]
            yield Span(words[at].start, last.start + len(last.bare), What.NAME, sure)
        at = max(end, at + 1)


def _name_at(words: Sequence[Word], at: int) -> tuple[int, bool]:
    """Where the name that begins here ends (`at` when none does), and whether that is sure."""
    cue = _cue(words, at)
    titled = cue == "title"
    if not words[at].capital and not (titled and words[at].low in w.PARTICLES):
        return at, True
    if not titled and (is_term(words, at) or _titled(words[at]) or is_thing(words, at)):
        return at, True
    if (not titled or words[at - 1].low == "sister") and _begins_term(words, at):
        return at, True
    end = _run(words, at, strong=titled)
    if end == at:
        return at, True
    run = words[at:end]
    if titled:
        return end, True
    if cue in {"", "weak"} and _names_a_term(words, end):
        return at, True
    thing = run[0].low in w.THINGS or w.is_clinical(run[0].bare)
    product = end - at == 1 and thing and not _listed(run)
    if cue in {"relation", "cue", "closing"} or (not product and _told_after(words, end)):
        return (end, _listed(run)) if cue != "closing" or len(run) > 1 else (end, False)
    if cue == "weak" and _listed(run) and run[0].low not in w.ALSO_WORDS:
        return end, True
    if words[at - 1].low == "by" and at and _alone(words, at, end):
        return end, False
    return _doubtful(words, at, end)


def _doubtful(words: Sequence[Word], at: int, end: int) -> tuple[int, bool]:
    """What no cue before it tells: by the lists, by what follows, or by where it stands."""
    if _pair_told_after(words, end):
        return end, False
    listed, sure = _by_list(words, at, end)
    return (end, False) if listed == at and unknown_name(words, at, end) else (listed, sure)


def _pair_told_after(words: Sequence[Word], end: int) -> bool:
    """Whether "and" and another follow, and then who the two are: "A and B, her aunts"."""
    if end + 1 >= len(words) or words[end].low not in {"and", "&"} or words[end].gap != " ":
        return False
    if not words[end + 1].capital or is_term(words, end + 1) or _titled(words[end + 1]):
        return False
    second = _run(words, end + 1, strong=False)
    return second > end + 1 and _told_after(words, second)


def _begins_term(words: Sequence[Word], at: int) -> bool:
    """Whether it is the first name of a term: "Charles Bonnet syndrome"."""
    if at + 2 >= len(words) or words[at + 1].gap != " " or not words[at + 1].capital:
        return False
    return _names_a_term(words, at + 2)


def _another(words: Sequence[Word], at: int) -> tuple[int, bool]:
    """The name that comes after a name and "and": "Ann and Bo"."""
    if not words[at].capital or is_term(words, at) or _titled(words[at]):
        return at, True
    return _run(words, at, strong=False), False


def _names_a_term(words: Sequence[Word], end: int) -> bool:
    """Whether the words before `end` only name what comes next: "Miller Fisher syndrome"."""
    after = words[end] if end < len(words) else None
    if after is None or after.gap != " " or after.text != after.low or after.low not in w.TERMS:
        return False
    return makes_term(words[end - 1], after)


def _told_after(words: Sequence[Word], end: int) -> bool:
    """Whether what follows says that it was somebody: ", her nephew", "said"."""
    after = words[end : end + 5]
    if not after:
        return False
    if after[0].gap == " " and (after[0].low in w.DEEDS or after[0].low in _OFTEN):
        return after[0].low in w.DEEDS or (len(after) > 1 and after[1].low in w.DEEDS)
    joins = after[0].gap == " " and after[0].low in {"is", "are", "was", "were", "and"}
    if not joins and after[0].gap not in {", ", " (", " - ", " \u2013 "}:
        return False
    if after[0].low in {"aged", "who", "whom", "whose"}:
        return True
    for n, word in enumerate(after):
        if (n and word.gap != " ") or word.low == "by":
            return False
        if {word.low, word.low.removesuffix("s")} & _PEOPLE:
            return True
        if word.low.split("-")[-1] in w.RELATIONS:
            return True
    return False


def _by_list(words: Sequence[Word], at: int, end: int) -> tuple[int, bool]:
    """A name that only the lists tell: two words of which one is common, or one that is no word."""
    run = words[at:end]
    real = [one for one in run if len(one.bare) > 1]
    initials = len(real) < len(run)
    given = w.is_given(run[0].bare)
    family = w.is_family(run[-1].bare) or (run[0].text.isupper() and w.is_family(run[0].bare))
    if end < len(words) and words[end].gap == " " and words[end].low in _PLACES:
        return at, True
    inside = _not_first(words, at) and _alone(words, at, end)
    if len(run) > 1 and (
        given
        or (family and (initials or inside or run[-1].low not in w.ALSO_WORDS))
        or (inside and not initials)
    ):
        return end, given and family
    if len(run) == 1 and (given or family) and run[0].low not in w.ALSO_WORDS:
        return (end, False) if run[0].bare.lower() not in w.EPONYMS else (at, True)
    return at, True


def _alone(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether the words around are small, so that the capitals are no heading's or diagnosis's."""
    before, after = words[at - 1], words[end] if end < len(words) else None
    small = before.text == before.low and before.low not in _NO_NAME_AFTER
    return small and (after is None or after.gap != " " or not after.capital)


def _not_first(words: Sequence[Word], at: int) -> bool:
    """Whether it stands inside a sentence, where a capital says something."""
    return at > 0 and not any(mark in words[at].gap for mark in ".!?\n:;")


def _cue(words: Sequence[Word], at: int) -> str:
    """What stands before: a title, a relation, a job, another cue, the end of a letter, or ""."""
    back, weak = at, ""
    for _ in range(4):
        if "\n" in words[back].gap.strip(" ") and back:
            return "closing" if _closes(words, back) else ""
        back -= 1
        if back < 0:
            return weak
        before = words[back]
        gap = words[back + 1].gap
        if re.search(r"[.!?;]\s", gap) and before.low not in w.TITLES and len(before.text) > 2:
            return ""
        if before.low in w.TITLES and back == at - 1 and len(gap) <= 2:
            return "title"
        if before.low.split("-")[-1] in w.RELATIONS or before.low in w.RELATIONS | w.JOBS:
            return "relation"
        if before.low in w.CUES:
            return "cue"
        if before.low in w.WEAK_CUES:
            weak = "weak"
        elif before.low not in w.FILLERS:
            return weak
    return weak


def _closes(words: Sequence[Word], at: int) -> bool:
    """Whether the lines just before are the end of a letter."""
    return any(one.low in w.CLOSINGS for one in words[max(0, at - 3) : at])


def _titled(word: Word) -> bool:
    month = word.dated and word.low in w.MONTHS
    return month or word.low in w.TITLES or w.is_ordinary(word.bare)


def _run(words: Sequence[Word], at: int, *, strong: bool) -> int:
    """Where the row of capitalised words that may be one name ends."""
    end = at
    while end < min(len(words), at + _MOST):
        word = words[end]
        if end > at and not _goes_on(word.gap, words[end - 1]):
            break
        particle = word.low in w.PARTICLES and _before_name(words, end)
        ordinary = _short(word) or (w.is_ordinary(word.bare) and not (strong and end == at))
        if not particle and (not word.capital or word.low in w.TITLES or ordinary):
            break
        if end > at and is_term(words, end) and not w.is_family(word.bare):
            break
        end += 1
        if word.text.endswith(POSSESSIVE):
            break
    while end > at and words[end - 1].low in w.PARTICLES and not words[end - 1].capital:
        end -= 1
    return end


def _short(word: Word) -> bool:
    """Whether it is an abbreviation: capitals, up to five, that are no common name."""
    listed = w.is_given(word.text) or w.is_family(word.text)
    return 1 < len(word.text) < 6 and word.text.isupper() and not listed


def _before_name(words: Sequence[Word], at: int) -> bool:
    """Whether a capitalised word, or another particle, comes next."""
    after = words[at + 1] if at + 1 < len(words) else None
    return after is not None and (after.capital or after.low in w.PARTICLES)


def _goes_on(gap: str, before: Word) -> bool:
    """Whether a name goes on over this gap: a space, an initial's stop, or "SMITH, Ann"."""
    if gap == " ":
        return True
    if len(before.text) == 1 and gap in {". ", "."}:
        return True
    return gap == ", " and before.text.isupper() and len(before.text) > 2


def _listed(run: Sequence[Word]) -> bool:
    return any(w.is_given(one.bare) or w.is_family(one.bare) for one in run)
