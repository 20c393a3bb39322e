"""A stream of an Apple Health `export.xml` cut between its records.

The export is one XML document of gigabytes: an internal document type, then `HealthData` with one
element for each reading, sorted by type and day. It is cut where the type or the day changes, so
that a day's readings of one type stay together; joined, the pieces are the file. The document type
is passed over as bytes: nothing here parses or expands it.
"""

import re
from collections.abc import Iterable, Iterator

_EXPORT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,64}(?:<\?xml[^>]{0,200}>\s{0,64})?"
    rb"(?:<!DOCTYPE\s{1,64}HealthData\b|<HealthData\b)"
)
#: A tag. A `<` cannot stand in a well-formed attribute, so each attempt ends at the next one.
_TAG = re.compile(rb"""<(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""")
_KEY = re.compile(rb"""\s(?:type|workoutActivityType|startDate|dateComponents)=["']([^"']{0,80})""")
_BANG, _QUERY, _SLASH = b"!?/"
#: A piece is at least this long, and ends at the next day or type unless that is too far, bytes.
_BLOCK, _FULL = 512 * 1024, 8 * 1024 * 1024
_DAY = 10


def looks_like_apple_health(first: bytes) -> bool:
    """Whether an input that begins so is an Apple Health export."""
    return _EXPORT.match(first) is not None


def elements(chunks: Iterable[bytes], largest: int) -> Iterator[tuple[str, int, bytes]]:
    """(which elements, piece or 0, bytes) of each part of the export, in order.

    A part of more than `largest` bytes, which no export has, comes in pieces counted from 1.
    """
    cutter = _Cutter(largest)
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield cutter.end()


class _Cutter:
    """What is held of the part being put together. Linear: each byte is looked at once or twice."""

    __slots__ = ("_begun", "_depth", "_held", "_largest", "_last", "_piece", "_seen", "_start", "n")

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._held = b""
        self._start = 0  # of the part, in what is held
        self._seen = 0  # up to where tags were looked for
        self._depth = 0
        self._last = b""  # the tag of the element before
        self._begun = 1  # the part's first element
        self._piece = 0
        self.n = 0

    def feed(self, chunk: bytes) -> Iterator[tuple[str, int, bytes]]:
        """The parts that end in `chunk`."""
        self._held = held = self._held[self._start :] + chunk
        self._seen, self._start = self._seen - self._start, 0
        for match in _TAG.finditer(held, self._seen):
            tag = match[0]
            self._seen = match.end()
            second = tag[1]
            if second == _SLASH:
                self._depth -= 1
            elif second not in (_BANG, _QUERY):
                if self._depth == 1:
                    if self._ends_before(tag, match.start() - self._start):
                        yield self._out(match.start())
                    self.n, self._last = self.n + 1, tag
                self._depth += tag[-2] != _SLASH
        if len(held) - self._start > self._largest:
            self._piece += 1
            yield self._what(), self._piece, held[self._start :]
            self._start = self._seen = len(held)

    def end(self) -> tuple[str, int, bytes]:
        """What is left."""
        return self._what(), self._piece + 1 if self._piece else 0, self._held[self._start :]

    def _ends_before(self, tag: bytes, size: int) -> bool:
        if self._piece:  # what was too large ends where it can
            return True
        if self.n < self._begun:  # the head goes with the first element
            return False
        return size >= _FULL or (size >= _BLOCK and _key(tag) != _key(self._last))

    def _out(self, end: int) -> tuple[str, int, bytes]:
        part = self._held[self._start : end]
        out = self._what(), self._piece + 1 if self._piece else 0, part
        self._start, self._begun, self._piece = end, self.n + 1, 0
        return out

    def _what(self) -> str:
        return f"elements {self._begun}-{max(self.n, self._begun)}"


def _key(tag: bytes) -> tuple[bytes, ...]:
    """The type and the day an element is of."""
    return tuple(found[:_DAY] if found[:1].isdigit() else found for found in _KEY.findall(tag))
