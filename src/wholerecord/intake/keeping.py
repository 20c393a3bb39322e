"""Everything that one input is cut into, kept: several at once, few in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from wholerecord.errors import Category
from wholerecord.intake.named import named
from wholerecord.intake.reading import Arrival, Receipt

Keep = Callable[[Arrival], Awaitable[Receipt]]

#: Categories of errors that pass, or that we must put right (a source that nobody declared): the
#: same input can be kept later.
LATER = frozenset(
    {
        Category.BUSY,
        Category.UNAVAILABLE,
        Category.FAULT,
        Category.CONFLICT,
        Category.NOT_FOUND,
    }
)
#: Arrivals of one input that are kept at once, and their bytes.
_AT_ONCE, _BYTES_AT_ONCE = 64, 16 * 1024 * 1024


async def keep_all(arrivals: Iterator[Arrival], keep: Keep) -> list[Receipt]:
    """The receipt of each arrival, in order, once all are durable.

    Raises:
        WholerecordError: as `keep` does. What was kept before stays kept: send all of it again.
    """
    receipts: list[Receipt] = []
    while batch := await asyncio.to_thread(_some, arrivals):
        receipts += await asyncio.gather(*(keep(named(arrival)) for arrival in batch))
    return receipts


def _some(arrivals: Iterator[Arrival]) -> list[Arrival]:
    batch: list[Arrival] = []
    size = 0
    for arrival in arrivals:
        batch.append(arrival)
        size += len(arrival.body)
        if len(batch) >= _AT_ONCE or size >= _BYTES_AT_ONCE:
            break
    return batch
