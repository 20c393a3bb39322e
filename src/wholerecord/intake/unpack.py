"""Streams out of archives that cannot grow without limit.

A few kilobytes can unpack to terabytes. What an archive gives is bounded by what it is: text of
records packs twenty to fifty times, a trap a thousand times and more.
"""

import tarfile
import zipfile
import zlib
from lzma import LZMAError
from typing import Protocol

from wholerecord.errors import Incorrect

#: What any archive may give, bytes, and how many times its own size beyond that.
_FREE, _TIMES = 64 * 1024 * 1024, 200

#: What reading a damaged file or archive raises.
DAMAGED = (
    OSError,
    EOFError,
    zlib.error,
    LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    UnicodeDecodeError,  # a member's name
    NotImplementedError,  # a version or a packing from later than this Python
)


class BrokenInput(Incorrect):
    """The input cannot be read to its end; what came before is kept. Ask for it again."""


class Stream(Protocol):
    """Bytes that are read once, in order."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""
        ...


class Budget:
    """How much one archive may still give, over all that is in it."""

    __slots__ = ("left",)

    def __init__(self, packed: int) -> None:
        self.left = _FREE + _TIMES * packed

    @property
    def spent(self) -> bool:
        """Whether the archive gave more than it may."""
        return self.left < 0


class Unpacked:
    """A stream out of an archive, charged to the archive's budget."""

    __slots__ = ("_budget", "_packed")

    def __init__(self, packed: Stream, budget: Budget) -> None:
        self._packed = packed
        self._budget = budget

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end.

        Raises:
            BrokenInput: the archive is damaged, or gives more than it may.
        """
        try:
            said = self._packed.read(size)
        except DAMAGED as error:
            raise BrokenInput(why(error)) from None
        self._budget.left -= len(said)
        if self._budget.spent:
            raise BrokenInput("It unpacks to more than two hundred times its size.")
        return said


def why(error: BaseException) -> str:
    """What went wrong with a file, without its path on this machine."""
    said = error.strerror if isinstance(error, OSError) else None
    return said or "the archive is damaged"
