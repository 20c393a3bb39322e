"""A Merkle tree that only grows.

Source: RFC 9162 section 2.1.1: the hash of a leaf is SHA-256(0x00 || leaf), of a node
SHA-256(0x01 || left || right); of a list of n, the left subtree has the largest power of two
smaller than n.
"""

from collections.abc import Iterable
from hashlib import sha256

#: Leaves in a tile.
WIDE = 256


class Frontier:
    """The roots of the full subtrees of a growing tree, largest first: all that growing needs.

    >>> Frontier().root().hex()[:16]  # of nothing
    'e3b0c44298fc1c14'
    """

    __slots__ = ("_peaks", "size")

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes] = []
        for leaf in leaves:
            self.append(leaf)

    @classmethod
    def of_tiles(cls, roots: Iterable[bytes]) -> "Frontier":
        """The tree of full tiles of 256 leaves each, by their roots.

        >>> leaves = [bytes([n]) for n in range(256)]
        >>> Frontier.of_tiles([tile_root(map(leaf_hash, leaves))]).root() == Frontier(leaves).root()
        True
        """
        tree = cls()
        for root in roots:
            tree._add(root, tree.size // WIDE)
            tree.size += WIDE
        return tree

    def append(self, leaf: bytes) -> None:
        """Add one leaf. Constant time on average."""
        self._add(leaf_hash(leaf), self.size)
        self.size += 1

    def extend(self, hashes: Iterable[bytes]) -> None:
        """Add leaves by their hashes."""
        for node in hashes:
            self._add(node, self.size)
            self.size += 1

    def _add(self, node: bytes, before: int) -> None:
        """Add a subtree to those of its size, of which there are `before`."""
        while before & 1:
            node = sha256(b"\x01" + self._peaks.pop() + node).digest()
            before >>= 1
        self._peaks.append(node)

    def root(self) -> bytes:
        """The tree's hash, 32 bytes."""
        if not self._peaks:
            return sha256(b"").digest()
        *rest, node = self._peaks
        for peak in reversed(rest):
            node = sha256(b"\x01" + peak + node).digest()
        return node


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf: 32 bytes."""
    return sha256(b"\x00" + leaf).digest()


def tile_root(hashes: Iterable[bytes]) -> bytes:
    """The root of the tree of 256 leaves' hashes, or of any power of two of them."""
    level = list(hashes)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return level[0]
