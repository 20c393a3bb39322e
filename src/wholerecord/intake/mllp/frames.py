"""MLLP frames out of a stream of bytes.

Source: HL7 v2.5.1 appendix C: VT, message, FS, CR. Bytes between frames belong to no message and
are passed over. A frame ends at FS CR, or at FS VT where a sender leaves out the CR; an FS before
anything else is part of the message.
"""

import msgspec

_VT, _FS, _CR = b"\x0b", b"\x1c", b"\r"
_AFTER_FS = frozenset(_CR + _VT)
#: What is held of a frame that is too large: enough to acknowledge it by, bytes.
_HEAD = 8192


class Frame(msgspec.Struct, frozen=True, gc=False):
    """A message as it stood in its frame. Of one that is `too_large` only the head is here."""

    body: bytes
    too_large: bool


def framed(message: bytes) -> bytes:
    """`message` in a frame."""
    return _VT + message + _FS + _CR


class Frames:
    """Reads frames of up to `largest` bytes. Holds no more than one of them; linear."""

    __slots__ = ("_head", "_held", "_inside", "_largest", "_scanned")

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._held = bytearray()
        self._inside = False
        self._scanned = 0
        self._head: bytes | None = None  # set while a frame that is too large goes by

    @property
    def held(self) -> int:
        """Bytes held of the open frame, 1 at least while one is open."""
        return len(self._held) or int(self._inside)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that end in `data`."""
        self._held += data
        frames: list[Frame] = []
        at = 0
        while self._inside or (at := self._begin(at)) <= len(self._held):
            end = self._end()
            if end < 0:
                break
            frames.append(self._frame(at, end))
            at, self._inside = end + 1, False
        self._pass(at)
        return frames

    def half(self) -> bytes:
        """What came of a frame that never ended, with its VT; empty when no frame is open."""
        if not self._inside or (not self._held and self._head is None):
            return b""
        return _VT + (bytes(self._held) if self._head is None else self._head)

    def _begin(self, at: int) -> int:
        """Where the next frame's message begins; beyond the end when none does."""
        start = self._held.find(_VT, at)
        if start < 0:
            return len(self._held) + 1
        self._inside = True
        self._scanned = start + 1
        return start + 1

    def _end(self) -> int:
        """Where the open frame's FS is, or -1 when it has not come."""
        held = self._held
        end = held.find(_FS, self._scanned)
        while 0 <= end < len(held) - 1 and held[end + 1] not in _AFTER_FS:
            end = held.find(_FS, end + 1)
        if 0 <= end < len(held) - 1:
            return end
        self._scanned = len(held) if end < 0 else end
        return -1

    def _frame(self, at: int, end: int) -> Frame:
        head, self._head = self._head, None
        if head is None:
            return Frame(bytes(self._held[at:end]), too_large=end - at > self._largest)
        return Frame(head, too_large=True)

    def _pass(self, at: int) -> None:
        """Let go of what is done with."""
        held = self._held
        if not self._inside:
            held.clear()
            return
        del held[:at]
        self._scanned -= at
        if self._head is None and len(held) > self._largest:
            self._head = bytes(held[:_HEAD])
        if self._head is not None:
            del held[: self._scanned]
            self._scanned = 0
