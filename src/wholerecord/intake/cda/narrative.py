"""The narrative of a section as plain text: what a clinician attested, and what is always kept.

Source: CDA R2, "Section Narrative Block". Its markup says how it looked and is never taken as
HTML: tags become line ends and tabs, everything else is text.
"""

import re
from collections.abc import Generator, Iterator
from itertools import islice

from wholerecord.intake.cda.look import inner
from wholerecord.intake.markup import Element, local

_LINE = frozenset({"br", "paragraph", "list", "item", "table", "tr", "caption", "thead", "tbody"})
_CELL = frozenset({"td", "th"})
_SPACE = re.compile(r"[ \t\r\n\f\v\xa0]+")


#: Words an entry may take from the narrative, characters. The whole is in the document.
_LONGEST = 2000


def text_of(element: Element | None, most: int | None = None) -> str:
    """The text, a line for each paragraph, item and row, cells apart by ` | `. Linear.

    `most` bounds the parts looked at: many entries may point at one long text.
    """
    if element is None:
        return ""
    lines = "".join(islice(_parts(element), most)).split("\n")
    told = (" | ".join(cell.strip() for cell in line.strip().split("\t")) for line in lines)
    return "\n".join(line for line in told if line)


def _parts(element: Element) -> Iterator[str]:
    """Text and breaks in document order, by a walk that does not recurse."""
    at: Element | None = element
    while at is not None:
        name = local(at)
        if name in _LINE:
            yield "\n"
        yield _SPACE.sub(" ", at.text or "")
        if len(at):
            at = at[0]
            continue
        at = yield from _leave(at, element)


def _leave(at: Element, top: Element) -> Generator[str, None, Element | None]:
    """Out of `at` to what comes next, which is what the generator returns."""
    here: Element | None = at
    while here is not None and here is not top:
        name = local(here)
        yield "\n" if name in _LINE else "\t" if name in _CELL else ""
        yield _SPACE.sub(" ", here.tail or "")
        after = here.getnext()
        if after is not None:
            return after
        here = here.getparent()
    return None


class Words:
    """The parts of a document's narrative that entries point at, by their `ID`."""

    def __init__(self, root: Element) -> None:
        self._by_id: dict[str, Element] = {}
        self._texts: dict[str, str] = {}
        for section in root.iter("{*}section"):
            for text in section.iterchildren("{*}text"):
                for part in text.iter():
                    if name := part.get("ID"):
                        self._by_id.setdefault(name, part)

    def of(self, element: Element | None) -> str:
        """The words of an `originalText` or `text`: its own, else those it points at."""
        if element is None:
            return ""
        own = _SPACE.sub(" ", inner(element)).strip()
        if own:
            return own[:_LONGEST]
        pointer = next(element.iterchildren("{*}reference"), None)
        value = pointer.get("value") or "" if pointer is not None else ""
        return self._pointed(value[1:]) if value.startswith("#") else ""

    def _pointed(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = text_of(self._by_id.get(name), _LONGEST)[:_LONGEST]
        return self._texts[name]
