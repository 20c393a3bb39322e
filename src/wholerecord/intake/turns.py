"""Fair turns: a source that floods waits behind itself, not before the others."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable

from wholerecord.intake.reading import Arrival, Receipt

#: Arrivals, and their bytes, that are being kept at one moment: enough to fill two commits, and few
#: enough that a source which just came waits for two short ones.
_MOST, _MOST_BYTES = 192, 64 * 1024 * 1024
#: Bytes of an arrival that never waits for its turn when its source has nothing else under way.
_SMALL = 64 * 1024

_Turn = tuple[asyncio.Future[None], int]


class Turns:
    """Keeps arrivals through `keep`, so many at once, and takes from each source in its turn.

    While there is room everybody is kept at once. When there is none, each source queues by itself,
    and whoever is done makes room for the next source in the round, whatever another has waiting.
    One small arrival of each source is always let in.
    """

    def __init__(
        self,
        keep: Callable[[Arrival], Awaitable[Receipt]],
        *,
        most: int = _MOST,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        self._keep = keep
        self._most = most
        self._most_bytes = most_bytes
        self._under_way = 0
        self._bytes = 0
        self._mine: Counter[str] = Counter()  # under way, by source
        self._queues: dict[str, deque[_Turn]] = {}  # in the order of their turns

    async def keep(self, arrival: Arrival) -> Receipt:
        """See `Inbox.keep`."""
        source, size = arrival.source, len(arrival.body)
        alone = size <= _SMALL and not self._mine[source]
        if not alone and (self._queues or not self._room(size)):
            await self._turn(source, size)
        else:
            self._begin(source, size)
        try:
            return await self._keep(arrival)
        finally:
            self._end(source, size)
            self._call()

    def _room(self, size: int) -> bool:
        if not self._under_way:
            return True
        return self._under_way < self._most and self._bytes + size <= self._most_bytes

    def _begin(self, source: str, size: int) -> None:
        self._mine[source] += 1
        self._under_way += 1
        self._bytes += size

    def _end(self, source: str, size: int) -> None:
        self._mine[source] -= 1
        self._under_way -= 1
        self._bytes -= size

    async def _turn(self, source: str, size: int) -> None:
        """Wait for the source's turn; when this returns the room is taken."""
        turn: _Turn = (asyncio.get_running_loop().create_future(), size)
        queue = self._queues.setdefault(source, deque())
        queue.append(turn)
        try:
            await turn[0]
        except asyncio.CancelledError:
            if turn[0].done() and not turn[0].cancelled():  # called, and gone before it went in
                self._end(source, size)
            self._call()
            raise

    def _call(self) -> None:
        """Call in as many as there is room for, one source after another."""
        while self._queues:
            source = next(iter(self._queues))
            queue = self._queues[source]
            while queue and queue[0][0].cancelled():
                queue.popleft()
            if queue:
                waiting, size = queue[0]
                if not self._room(size):
                    return
                queue.popleft()
                self._begin(source, size)
                waiting.set_result(None)
            del self._queues[source]
            if queue:
                self._queues[source] = queue  # to the end of the round
