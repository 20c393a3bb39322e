"""A stream of HL7 v2 messages cut at each MSH.

Source: HL7 v2.5.1 section 2.10.3. A batch's headers (FHS, BHS) go with the message after them, its
trailers (BTS, FTS) with the message before, so that joined arrivals are the file. A trailer whose
count does not agree stands alone: it is then parked, and somebody asks for what is missing.
"""

import re
from collections.abc import Iterable, Iterator

#: A header after other lines: only with all its delimiters is it believed.
_FURTHER_ON = re.compile(rb"[\r\n]MSH([^A-Za-z0-9\s])[^A-Za-z0-9\s]{3,5}\1")
#: A mark and the byte before it, which ends a segment or a frame, or is a byte order mark's last.
_MARK = re.compile(rb"([\r\n\x0b\x1c]|\xef\xbb\xbf)(MSH|FHS|BHS|BTS|FTS)(?=[^A-Za-z0-9\s])")
_HL7 = re.compile(rb"(?:\xef\xbb\xbf)?[\s\x0b\x1c]{0,64}(?:MSH|FHS|BHS)[^A-Za-z0-9\s]")
#: As much as a mark needs to be seen: its name, and what stands before and after it.
_MARGIN = 8
_SNIFF = 8192


def looks_like_hl7(first: bytes) -> bool:
    """Whether an input that begins so is HL7 v2: with a header, or with a few lines before one."""
    if _HL7.match(first):
        return True
    return first.lstrip()[:1] not in {b"{", b"[", b"<"} and bool(_FURTHER_ON.search(first[:_SNIFF]))


def messages(chunks: Iterable[bytes], largest: int) -> Iterator[tuple[str, int, bytes]]:
    """(what it is, piece or 0, bytes) of each message, in order.

    A message of more than `largest` bytes comes in pieces, counted from 1.
    """
    unit = _Unit(largest)
    for kind, block in _blocks(chunks, largest // 2):
        yield from unit.add(kind, block)
    yield from unit.end()


def _blocks(chunks: Iterable[bytes], most: int) -> Iterator[tuple[str, bytes]]:
    """(segment name, bytes) from each mark to the next; "" goes on with the block before."""
    held = bytearray(b"\n")  # its first byte is always the one before the block
    kind, fresh, scanned = "", 1, 1
    for chunk in chunks:
        held += chunk
        found = _MARK.finditer(held, scanned - 1)
        marks = [(match.start(2), match[2].decode()) for match in found]
        start = 1
        for at, name in marks:
            if at > 1:
                yield kind, bytes(held[start:at])
            # A mark that the block begins with is not to be found again.
            kind, start, fresh = name, at, 2
        if len(held) - start > most:
            end = len(held) - _MARGIN
            yield kind, bytes(held[start:end])
            kind, start, fresh = "", end, 1
        del held[: start - 1]
        scanned = max(len(held) - _MARGIN, fresh)
    yield kind, bytes(held[1:])


class _Unit:
    """The message being put together, with the envelope that goes with it."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._held = bytearray()
        self._complete = False
        self._piece = 0
        self._messages = 0  # in the input
        self._batch = 0  # in the batch
        self._trailers = 0  # that do not agree
        self._envelopes = 0  # around no message
        self._what = ""

    def add(self, kind: str, block: bytes) -> Iterator[tuple[str, int, bytes]]:
        """Take a block; what is complete before it comes out."""
        match kind:
            case "MSH":
                if self._complete:
                    yield self._out()
                self._messages += 1
                self._batch += 1
                self._what, self._complete = f"message {self._messages}", True
            case "FHS" | "BHS":
                if self._complete:
                    yield self._out()
                self._batch = 0
            case "BTS":
                if self._disagrees(block):
                    if self._held:
                        yield self._out()
                    self._trailers += 1
                    self._what = f"trailer {self._trailers} after {self._batch} messages"
                self._batch, self._complete = 0, True
            case _:
                pass  # it goes with what it stands beside
        if len(self._held) + len(block) > self._largest and self._held:
            self._piece += 1
            yield self._what, self._piece, self._taken()
        self._held += block

    def end(self) -> Iterator[tuple[str, int, bytes]]:
        """What is left."""
        if self._held or not self._messages:
            yield self._out()

    def _out(self) -> tuple[str, int, bytes]:
        piece = self._piece + 1 if self._piece else 0
        what = self._what
        if not what:
            self._envelopes += 1
            what = f"envelope {self._envelopes}"
        self._what, self._piece, self._complete = "", 0, False
        return what, piece, self._taken()

    def _taken(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken

    def _disagrees(self, bts: bytes) -> bool:
        said = bts[4:].split(bts[3:4], 1)[0].split(b"\r")[0].split(b"\n")[0].strip()
        return said.isdigit() and len(said) < 10 and int(said) != self._batch
