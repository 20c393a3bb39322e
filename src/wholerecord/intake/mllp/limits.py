"""How much one listener lets its senders have at once, and who is over it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

#: The largest frame taken, bytes. A larger one is refused and passed over, never held.
LARGEST_FRAME = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a listener allows. Seconds, connections, messages and bytes.

    A connection may be silent for `idle`, and may take `frame` over one frame. Of what it sent,
    `waiting` messages and `waiting_bytes` may be unanswered before nothing more is read from it.
    `large` frames, each beyond `small` bytes, may be on their way in at once over all connections;
    further ones wait. So memory is bounded whatever is sent: by connections times `small` and
    `waiting_bytes`, and `large` times the largest frame.
    """

    connections: int = 256
    per_source: int = 64
    idle: float = 3600.0
    frame: float = 60.0
    waiting: int = 256
    waiting_bytes: int = 4 * 1024 * 1024
    small: int = 1024 * 1024
    large: int = 8


@dataclass(slots=True)
class Places:
    """The places of one listener, taken and given back."""

    limits: Limits
    by_source: Counter[str] = field(default_factory=Counter[str])
    large: set[object] = field(default_factory=set[object])
    queue: dict[object, Callable[[], None]] = field(
        default_factory=dict[object, Callable[[], None]]
    )

    def take(self, source: str) -> bool:
        """A place for a connection of `source`, or False when there is none."""
        full = self.by_source.total() >= self.limits.connections
        if full or self.by_source[source] >= self.limits.per_source:
            return False
        self.by_source[source] += 1
        return True

    def give_back(self, source: str) -> None:
        """The connection ended."""
        self.by_source[source] -= 1

    def take_large(self, who: object, call: Callable[[], None]) -> bool:
        """A place for a large frame; False when it must wait, and `call` says when it may go on."""
        if who in self.large:
            return True
        if len(self.large) < self.limits.large:
            self.large.add(who)
            return True
        self.queue.setdefault(who, call)
        return False

    def give_back_large(self, who: object) -> None:
        """The large frame is through, or its connection ended."""
        self.queue.pop(who, None)
        if who not in self.large:
            return
        self.large.discard(who)
        if self.queue:
            other, call = next(iter(self.queue.items()))
            del self.queue[other]
            self.large.add(other)
            asyncio.get_running_loop().call_soon(call)
