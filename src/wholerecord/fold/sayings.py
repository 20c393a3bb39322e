"""What a part of a resource means, worked out once for each distinct saying, and shared.

A person's thousands of statements say some dozens of things in the same bytes. What these mean is
the same for everybody, so it is remembered by the bytes and by nothing of whose they are.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from wholerecord.terms import forgets

T = TypeVar("T")

#: The greatest saying that is kept, in bytes: a source's odd one does not fill the memory.
_KEPT = 4096
#: How many are kept, at most.
_MOST = 8192

Said = tuple[bytes, ...]


class Sayings(Generic[T]):
    """What sayings mean by `work`, which takes their parts as they stand in a body.

    A dictionary and not `lru_cache`, so that its size is looked at only when a saying is new.
    Nothing is let go of until it is full, or other terminologies are taken up: then all is.
    """

    __slots__ = ("_known", "_work")

    def __init__(self, work: Callable[..., T]) -> None:
        self._work = work
        self._known: dict[Said, T] = {}
        forgets(self._known.clear)

    def mean(self, said: Said) -> T:
        """What it means; of the same bytes the very same.

        Raises:
            msgspec.DecodeError: a part is not as FHIR R4 has it; its place is in the message.
        """
        return self._known.get(said) or self._learn(said)

    def _learn(self, said: Said) -> T:
        """What a saying not seen before means, kept unless it is an odd long one."""
        found = self._work(*said)
        if sum(len(part) for part in said) <= _KEPT:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[said] = found
        return found


def part(decoder: msgspec.json.Decoder[T], raw: bytes, field: str, nothing: T) -> T:
    """One field as read, `nothing` where it is not said; a fault's place begins with its name."""
    if not raw:
        return nothing
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        said, at, place = str(error).rpartition(" - at `$")
        raise msgspec.ValidationError(
            f"{said if at else place} - at `$.{field}{place if at else '`'}"
        ) from None
