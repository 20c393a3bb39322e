"""What a summary has of each entry: made once, and remembered while the fold keeps the entry.

As of `Rendered`, it is the same whoever asks: the door has left out what one may not see before.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from wholerecord.access import Opened
from wholerecord.care.sheet import line_of
from wholerecord.care.sheet.line import Line
from wholerecord.care.titles import Titles, titles_of
from wholerecord.fhir.record.provenance import provenance
from wholerecord.fhir.record.said_by import Json
from wholerecord.fhir.record.summary.resources import address, resource
from wholerecord.fold import Entry
from wholerecord.record import PersonId

#: Pieces remembered, in all: each some ten kilobytes.
_MOST = 10_000
_Whose = tuple[PersonId, frozenset[str], frozenset[str]]


class Piece(NamedTuple):
    """An entry in its section: its resource, where it came from, and what people read of it."""

    entry: Entry
    url: str
    resource: Json
    whence_url: str
    whence: Json
    line: Line


_Made = Mapping[tuple[int, str], Piece]


class Pieces:
    """The pieces of one summary; of `known` those whose entry is the very same."""

    def __init__(self, person: PersonId, titles: Titles, known: "Pieces | None" = None) -> None:
        self._person = person
        self._titles = titles
        same = known is not None and known._titles == titles  # noqa: SLF001 - one of its own
        self._known: _Made = known.made if known is not None and same else {}
        self.made: dict[tuple[int, str], Piece] = {}

    def of(self, entry: Entry, section: str) -> Piece:
        """The entry, as it stands in the section."""
        key = (id(entry), section)
        piece = self._known.get(key) or self._make(entry, section)
        self.made[key] = piece
        return piece

    def forget(self) -> None:
        """Let go of what this summary had no use for."""
        self._known = {}

    def _make(self, entry: Entry, section: str) -> Piece:
        one = resource(self._person, entry, section)
        url = address(one["resourceType"], entry.key)
        return Piece(
            entry=entry,
            url=url,
            resource=one,
            whence_url=address("Provenance", entry.key),
            whence=provenance(entry, url, self._titles),
            line=line_of(entry, self._titles),
        )


class Summaries:
    """The pieces of the summaries made last, by whoever sees alike. Dropping any is safe."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._pieces: OrderedDict[_Whose, Pieces] = OrderedDict()

    def begin(self, opened: Opened) -> Pieces:
        """The pieces for a summary of what was opened; say when it is made."""
        whose = (opened.person, opened.verdict.withheld, opened.verdict.kinds)
        return Pieces(opened.person, titles_of(opened.feeds), self._pieces.get(whose))

    def made(self, opened: Opened, pieces: Pieces) -> None:
        """Remember them, letting go of those used longest ago."""
        whose = (opened.person, opened.verdict.withheld, opened.verdict.kinds)
        pieces.forget()
        self._pieces.pop(whose, None)
        self._pieces[whose] = pieces
        while sum(len(one.made) for one in self._pieces.values()) > self._most:
            if len(self._pieces) == 1:
                break
            self._pieces.popitem(last=False)
