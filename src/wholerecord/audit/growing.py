"""The tree of a log as it grows: read once from where it was left, not from the beginning.

Tiles that are full are remembered in the store. What is remembered proves nothing by itself: the
tree begins from it only when the newest signed seal comes of it, and from the log otherwise.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from wholerecord.audit.merkle import WIDE, Frontier, leaf_hash, tile_root
from wholerecord.audit.opening import BEFORE_ALL, Leaf, Log, Seal, Tile

_PAGE = 5000
#: Turns of the loop in which a question is on its way to the database.
_SENT = 3


class Growing:
    """The tree of one log, and the full tiles of it that are not remembered yet."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._forget()

    def _forget(self) -> None:
        self._tree = Frontier()
        self._last = BEFORE_ALL
        self._held: list[tuple[int, bytes]] = []  # of the tile that is not full
        self._new: list[Tile] = []

    @property
    def size(self) -> int:
        """How many openings it has."""
        return self._tree.size

    def root(self) -> bytes:
        """Its root."""
        return self._tree.root()

    async def begin(self, sealed: Seal | None) -> None:
        """Begin from what is remembered, where the newest seal comes of it."""
        if self.size or sealed is None:
            return
        tiles = [each for each in await self._log.tiles() if (each.place + 1) * WIDE <= sealed.size]
        if not tiles:
            return
        self._tree = Frontier.of_tiles(each.root for each in tiles)
        self._last = tiles[-1].last
        for leaf in await self._log.leaves(after=self._last, limit=sealed.size - self.size):
            self._add(leaf)
        if (self.size, self.root()) != (sealed.size, sealed.root):
            self._forget()
            await self._log.forget_tiles()

    async def grow(self) -> None:
        """Take in every opening there is."""
        async for page in pages(self._log, self._last):
            for leaf in page:
                self._add(leaf)

    async def remember(self) -> None:
        """Keep in the store the tiles that became full."""
        if self._new:
            await self._log.add_tiles(self._new)
            self._new = []

    def _add(self, leaf: Leaf) -> None:
        hashed = leaf_hash(leaf.said)
        self._tree.extend((hashed,))
        self._last = leaf.n
        self._held.append((leaf.n, hashed))
        if len(self._held) == WIDE:
            root = tile_root(one for _, one in self._held)
            place = self.size // WIDE - 1
            self._new.append(Tile(place=place, first=self._held[0][0], last=leaf.n, root=root))
            self._held = []


async def pages(log: Log, n: int) -> AsyncGenerator[Sequence[Leaf]]:
    """The log after `n`, a page at a time: the next is asked for while one is read.

    Whoever reads a page does nothing else meanwhile, so the question goes out before it is given.
    """
    asked = asyncio.create_task(_page(log, n))
    try:
        while page := await asked:
            asked = asyncio.create_task(_page(log, page[-1].n))
            for _ in range(_SENT):
                await asyncio.sleep(0)
            yield page
    finally:
        asked.cancel()


async def _page(log: Log, n: int) -> Sequence[Leaf]:
    return await log.leaves(after=n, limit=_PAGE)
