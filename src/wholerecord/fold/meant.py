"""What codings and words mean: a concept, the coding that says so, a side."""

import re

import msgspec

from wholerecord.fold.record import Coding
from wholerecord.fold.sayings import Sayings, part
from wholerecord.fold.shape import NOT_SAID, Coded
from wholerecord.remembered import recalls
from wholerecord.terms import Concept, concept, concept_in_text, forgets, plain
from wholerecord.terms.relate import depth

_SIDES = (
    ("bilateral", re.compile(r"\b(bilateral|both)\b")),
    ("left", re.compile(r"\bleft\b|\(l\)")),
    ("right", re.compile(r"\bright\b|\(r\)")),
)


def side_in(*texts: str) -> str:
    """`left`, `right`, `bilateral`, or "" when no text names one side."""
    text = " ".join(texts).lower()
    if "t" not in text and "(" not in text:
        return ""
    found = [side for side, word in _SIDES if word.search(text)]
    if "bilateral" in found or len(found) == 2:
        return "bilateral"
    return found[0] if found else ""


@recalls(most=8192)
def most_specific(
    codes: tuple[Coding, ...], words: str, family: str
) -> tuple[Concept | None, Coding | None]:
    """The most specific concept the codings or else the words mean, and the coding that says so."""
    best: tuple[Concept | None, Coding | None] = (None, None)
    for coding in codes:
        found = concept(coding.system, coding.code)
        if found is not None and (best[0] is None or depth(found) > depth(best[0])):
            best = (found, coding)
    if best[0] is None and words:
        best = (concept_in_text(words, family), None)
    return best


forgets(most_specific.cache_clear)


class Meant(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was done or given. `name` is what two statements of one thing share."""

    coded: Coded
    concept: Concept | None
    name: str
    side: str


_CODED = msgspec.json.Decoder(Coded)
_SEVERAL = msgspec.json.Decoder(tuple[Coded, ...])


def _vaccine(code: bytes) -> Meant:
    return _meant(part(_CODED, code, "vaccineCode", NOT_SAID), "vaccine")


def _procedure(code: bytes, site: bytes) -> Meant:
    coded = part(_CODED, code, "code", NOT_SAID)
    sites = part(_SEVERAL, site, "bodySite", ())
    side = side_in(coded.words, *(one.words for one in sites))
    return _meant(coded, "procedure", side)


def _meant(coded: Coded, family: str, side: str = "") -> Meant:
    codes, words = coded.coding, coded.words
    found, _ = most_specific(codes, words, family)
    other = f"{codes[0].system}|{codes[0].code}" if codes else plain(words)
    return Meant(coded=coded, concept=found, name=found.id if found else other, side=side)


#: What an immunisation's code means, and a procedure's code and body site: each as it stands in the
#: body, b"" where it is not said.
vaccine = Sayings(_vaccine).mean
procedure = Sayings(_procedure).mean
