"""A text with nobody in it: every name and identifier replaced by what it is, and back again.

Rules and lists, no statistical model: each word taken out has a rule that did it. What it reaches
is measured by `benchmarks/redact.py`. A demonstration until a clinical safety officer signs: it
does not make a text anonymous, for what happened to somebody can tell who they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wholerecord.research.redact.called import names
from wholerecord.research.redact.identifiers import identifiers
from wholerecord.research.redact.known import Known, told
from wholerecord.research.redact.span import Span, joined
from wholerecord.research.redact.word import words_of

_MARK = re.compile(r"\[[A-Z ]{3,14} (\d{1,6})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """`text` with marks ("[NAME 1]") for what was taken out; `unsure` how many to look at.

    `spans` are places in the text as it was. `originals` is what each mark stands for: it is as
    secret as the text was.
    """

    text: str
    spans: tuple[Span, ...]
    originals: Mapping[str, str]

    @property
    def unsure(self) -> int:
        """How many spans were taken out to be safe, on little evidence."""
        return sum(not span.sure for span in self.spans)

    def restore(self, text: str) -> str:
        """`text`, made from the redacted one, with every mark as it was. Other marks stay."""
        return _MARK.sub(lambda found: self.originals.get(found[0], found[0]), text)

    def __repr__(self) -> str:
        return "Redacted(…)"  # a repr can reach a log


NOBODY = Known()


def find(text: str, known: Known = NOBODY) -> tuple[Span, ...]:
    """What in `text` says who somebody is, in order, none over another. Linear in the text."""
    words = words_of(text)
    return tuple(joined((*told(text, words, known), *identifiers(text), *names(words))))


def left_in(redacted: Redacted, known: Known = NOBODY) -> tuple[Span, ...]:
    """What a second look finds in the redacted text, its own marks aside: a reason to stop."""
    own = [
        (found.start(), found.end())
        for found in _MARK.finditer(redacted.text)
        if found[0] in redacted.originals
    ]
    return tuple(
        span
        for span in find(redacted.text, known)
        if not any(start <= span.start and span.end <= end for start, end in own)
    )


def redact(text: str, known: Known = NOBODY) -> Redacted:
    """`text` without what says who anybody is.

    Laws: restoring gives the text back; what is the same, written alike, has the same mark; and
    a mark that the text had already is never used again.
    """
    spans = find(text, known)
    number = max((int(found[1]) for found in _MARK.finditer(text)), default=0)
    marks: dict[tuple[str, str], str] = {}
    parts: list[str] = []
    last = 0
    for span in spans:
        original = text[span.start : span.end]
        key = (span.what.value, original)
        if key not in marks:
            number += 1
            marks[key] = f"[{span.what.value} {number}]"
        parts += (text[last : span.start], marks[key])
        last = span.end
    originals = {mark: original for (_, original), mark in marks.items()}
    return Redacted(text="".join((*parts, text[last:])), spans=spans, originals=originals)
