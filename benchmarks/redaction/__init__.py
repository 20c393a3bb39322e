"""Sentences of our own, about nobody, with what should be taken out of them and what should stay.

`{d:…}` a direct identifier, `{t:…}` the name of somebody else, `{c:…}` a clinical term. What stands
before a bar only says what it is: `{d:NHS number|999 000 0018}` reads "NHS number 999 000 0018".
"""

import re
from dataclasses import dataclass
from pathlib import Path

_MARKED = re.compile(r"\{([dtc]):(?:([^|{}]*)\|)?([^{}]*)\}")
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """`text[start:end]` is a direct identifier (d), somebody else's name (t) or a term (c)."""

    what: str
    start: int
    end: int


def sentences(name: str) -> list[tuple[str, tuple[Marked, ...]]]:
    """The sentences of a file of `benchmarks.redact.HALVES`, and their marks."""
    lines = (_HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_sentence(line) for line in lines if line]


def _sentence(line: str) -> tuple[str, tuple[Marked, ...]]:
    text, last, marks = "", 0, list[Marked]()
    for match in _MARKED.finditer(line):
        text += line[last : match.start()] + (f"{match[2]} " if match[2] else "")
        marks.append(Marked(what=match[1], start=len(text), end=len(text) + len(match[3])))
        text += match[3]
        last = match.end()
    return text + line[last:], tuple(marks)
