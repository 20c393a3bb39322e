"""An input cut into arrivals: HL7 by message, NDJSON by lines, Apple Health by days, else whole.

Every byte of the input is in exactly one arrival, in order: joined, they are the input again. Only
what is being cut is held in memory, never the input, whatever its size.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain

from wholerecord.errors import Incorrect
from wholerecord.intake import cut_health
from wholerecord.intake.cut_hl7 import looks_like_hl7, messages
from wholerecord.intake.reading import Arrival
from wholerecord.intake.unpack import Stream

__all__ = ["InputTooLarge", "cut", "is_piece"]

_CHUNK, _SNIFF = 1024 * 1024, 8192
#: A block of NDJSON lines: small enough that a fault in one delays few, bytes.
_BLOCK = 256 * 1024
#: The largest input that is kept whole, bytes: a JSON document, and anything else (a table).
_WHOLE_JSON, _WHOLE = 256 * 1024 * 1024, 64 * 1024 * 1024
#: A line or message larger than this is kept in pieces that nobody reads, bytes.
_PIECE = 32 * 1024 * 1024
_IN_PIECES = " of what is too large"
_BOM = b"\xef\xbb\xbf"


class InputTooLarge(Incorrect):
    """One document is larger than can be read as one: send it as NDJSON or in several files."""


def cut(source: str, name: str, body: bytes | Stream) -> Iterator[Arrival]:
    """The arrivals that `body`, of that name, is made of; an empty input is one empty arrival.

    Raises:
        InputTooLarge: before the first arrival: it cannot be cut, and is too large to keep whole.
        BrokenInput: the stream cannot be read to its end; the arrivals before are whole.
    """
    stream = BytesIO(body) if isinstance(body, bytes) else body
    first = _first(stream)
    chunks = chain([first], iter(lambda: stream.read(_CHUNK), b""))
    if looks_like_hl7(first):
        parts = _named(name, messages(chunks, _PIECE))
    elif cut_health.looks_like_apple_health(first):
        parts = _named(name, cut_health.elements(chunks, _PIECE))
    elif _looks_like_lines(name, first):
        parts = _named(name, _blocks(chunks))
    else:
        parts = iter([(name, _whole(first, chunks))])
    for part, raw in parts:
        yield Arrival(source=source, body=raw, name=part)


def _first(stream: Stream) -> bytes:
    """Enough of the stream to tell what it is: a pipe gives what it has, however little."""
    first = stream.read(_CHUNK)
    while len(first) < _SNIFF and (more := stream.read(_CHUNK)):
        first += more
    return first


def is_piece(name: str) -> bool:
    """Whether an arrival of that name is a piece of something too large to be read."""
    return name.endswith(_IN_PIECES)


def _named(name: str, parts: Iterable[tuple[str, int, bytes]]) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each part; an input that is one part keeps its own name."""
    held: tuple[str, bytes] | None = None
    several = False
    for n, (what, piece, raw) in enumerate(parts):
        if held is not None:
            yield held
        label = f"{name} {what}"
        held = (f"{label} piece {piece}{_IN_PIECES}" if piece else label, raw)
        several = n > 0 or piece > 0
    if held is not None:
        yield held if several else (name, held[1])


def _looks_like_lines(name: str, first: bytes) -> bool:
    """NDJSON by its name, or because its first line is an object and its second begins one."""
    if name.lower().endswith((".ndjson", ".jsonl")):
        return True
    line, newline, rest = first.removeprefix(_BOM).lstrip().partition(b"\n")
    return bool(newline) and line[:1] == b"{" and line.rstrip()[-1:] == b"}" and rest[:1] == b"{"


def _blocks(chunks: Iterable[bytes]) -> Iterator[tuple[str, int, bytes]]:
    """(which lines, piece of too large a line or 0, bytes)."""
    held = bytearray()
    line, piece = 1, 0
    for chunk in chunks:
        held += chunk
        while (end := held.find(b"\n") + 1 if piece else _end_of_block(held)) > 0:
            block = bytes(held[:end])
            del held[:end]
            last = line + block.count(b"\n") - 1
            yield f"lines {line}-{last}", piece + 1 if piece else 0, block
            line, piece = last + 1, 0
        if len(held) > _PIECE:
            piece += 1
            yield f"line {line}", piece, bytes(held)
            held.clear()
    if held or line == 1:
        last = line + held.count(b"\n") - held.endswith(b"\n")
        yield f"lines {line}-{last}", piece + 1 if piece else 0, bytes(held)


def _end_of_block(held: bytearray) -> int:
    """Where a full block ends; 0 when more must come first."""
    if len(held) < _BLOCK:
        return 0
    end = held.rfind(b"\n", 0, _BLOCK)
    if end < 0:
        end = held.find(b"\n", _BLOCK)
    return end + 1


def _whole(first: bytes, chunks: Iterable[bytes]) -> bytes:
    limit = _WHOLE_JSON if first.removeprefix(_BOM).lstrip()[:1] in {b"{", b"["} else _WHOLE
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > limit:
            raise InputTooLarge(f"The limit is {limit // (1024 * 1024)} MiB.")
    return bytes(held)
