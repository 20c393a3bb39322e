"""The log's tree in tiles of 256 openings: enough of it remembered to prove any place quickly.

Of each full tile only its hash and where it begins are remembered (40 bytes for 256 openings), here
and in the store; the openings of the tiles that a proof passes through are read again.
"""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wholerecord.audit.merkle import WIDE as _WIDE
from wholerecord.audit.merkle import leaf_hash, tile_root
from wholerecord.audit.opening import BEFORE_ALL, Leaf, Log, Opening, Seal, Tile
from wholerecord.audit.proof import consistency, inclusion, split_of
from wholerecord.audit.prove import node_hash

_PAGE = 2048
#: Tiles whose openings' hashes are remembered: 20 kB each.
_KEPT = 512


@dataclass(frozen=True, slots=True)
class _Leaves:
    """The numbers and hashes of a tile's openings."""

    numbers: tuple[int, ...]
    hashes: tuple[bytes, ...]


class Tiles:
    """The tree of one log. It grows as the log does; nothing of it is ever forgotten."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._growing = asyncio.Lock()
        self._forget()

    def _forget(self) -> None:
        self._remembered = False  # whether any of it came out of the store
        self._begins: list[int] = []  # the `n` of each tile's first opening
        self._full: list[bytes] = []
        self._last: list[bytes] = []  # the leaves of a tile that is not full
        self._n = BEFORE_ALL
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._read: dict[int, _Leaves] = {}

    @property
    def size(self) -> int:
        """How many openings are known."""
        return len(self._full) * _WIDE + len(self._last)

    async def grow(self, sealed: Seal) -> None:
        """Know at least the openings of a seal, where there are as many.

        Begins with the tiles that the store remembers; where the seal does not come of them, with
        the log itself.
        """
        async with self._growing:
            if not self.size:
                remembered = await self._log.tiles()
                self._begin([one for one in remembered if one.place < sealed.size // _WIDE])
                await self._read_on(sealed.size)
                if self._remembered and await self._root_of(sealed.size) != sealed.root:
                    self._forget()
            await self._read_on(sealed.size)

    def _begin(self, tiles: Sequence[Tile]) -> None:
        self._begins = [one.first for one in tiles]
        self._full = [one.root for one in tiles]
        self._n = tiles[-1].last if tiles else BEFORE_ALL
        self._remembered = bool(tiles)

    async def _read_on(self, size: int) -> None:
        while self.size < size:
            page = await self._log.leaves(after=self._n, limit=_PAGE)
            if not page:
                return
            for one in page:
                self._add(one)

    async def _root_of(self, size: int) -> bytes | None:
        """The root of the first `size` openings; None where there are fewer."""
        if self.size < size:
            return None
        held = await self._leaves({(size - 1) // _WIDE})
        return self._hash(0, size, held)

    async def index_of(self, opening: Opening) -> int | None:
        """The place of an opening in the log, from 0; None when it is not there."""
        tile = bisect_right(self._begins, opening.n) - 1
        if tile < 0:
            return None
        if not await self._is_whole(tile):
            await self._begin_again()
            return await self.index_of(opening)
        numbers = (await self._tile(tile)).numbers
        place = bisect_left(numbers, opening.n)
        there = place < len(numbers) and numbers[place] == opening.n
        return tile * _WIDE + place if there else None

    async def inclusion(self, index: int, size: int) -> list[bytes]:
        """That the opening at `index` is among the first `size`: see `proof.inclusion`."""
        held = await self._leaves({index // _WIDE, (size - 1) // _WIDE})
        return inclusion(index, size, lambda low, high: self._hash(low, high, held))

    async def consistency(self, older: int, size: int) -> list[bytes]:
        """That the first `size` openings begin with the first `older`: see `proof.consistency`."""
        held = await self._leaves({(older - 1) // _WIDE, (size - 1) // _WIDE})
        return consistency(older, size, lambda low, high: self._hash(low, high, held))

    def _add(self, one: Leaf) -> None:
        if not self._last:
            self._begins.append(one.n)
        self._last.append(leaf_hash(one.said))
        self._n = one.n
        if len(self._last) == _WIDE:
            self._full.append(tile_root(self._last))
            self._last = []

    async def _tile(self, tile: int) -> _Leaves:
        """The openings of a tile. Full ones are remembered, those used last."""
        known = self._read.pop(tile, None)
        if known is None:
            after = self._begins[tile] - 1
            leaves = await self._log.leaves(after=after, limit=_WIDE)
            numbers = tuple(one.n for one in leaves)
            known = _Leaves(numbers, tuple(leaf_hash(one.said) for one in leaves))
        if len(known.numbers) == _WIDE:
            self._read[tile] = known
            if len(self._read) > _KEPT:
                del self._read[next(iter(self._read))]
        return known

    async def _is_whole(self, tile: int) -> bool:
        """Whether a tile that came out of the store is where it says it is."""
        if not self._remembered or tile >= len(self._full):
            return True
        read = await self._tile(tile)
        begins = read.numbers[:1] == (self._begins[tile],) and len(read.numbers) == _WIDE
        return begins and tile_root(read.hashes) == self._full[tile]

    async def _begin_again(self) -> None:
        """Read the log itself, as far as it was known."""
        async with self._growing:
            size = self.size
            self._forget()
            await self._read_on(size)

    async def _leaves(self, tiles: Iterable[int]) -> dict[int, Sequence[bytes]]:
        return {tile: (await self._tile(tile)).hashes for tile in tiles}

    def _hash(self, low: int, high: int, held: dict[int, Sequence[bytes]]) -> bytes:
        """The hash of a range that a proof may ask for: such ranges begin where a subtree does."""
        tile, begins = divmod(low, _WIDE)
        if high - low <= _WIDE:
            if begins == 0 and high - low == _WIDE and tile < len(self._full):
                return self._full[tile]
            return _root(held[tile][begins : begins + high - low])
        if (known := self._nodes.get((low, high))) is not None:
            return known
        middle = low + split_of(high - low)
        made = node_hash(self._hash(low, middle, held), self._hash(middle, high, held))
        if (high - low) & (high - low - 1) == 0:  # a full subtree never changes
            self._nodes[low, high] = made
        return made


def _root(leaves: Sequence[bytes]) -> bytes:
    """The hash of a tree of these leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    middle = split_of(len(leaves))
    return node_hash(_root(leaves[:middle]), _root(leaves[middle:]))
