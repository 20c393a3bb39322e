"""A Merkle tree that only grows.

Source: RFC 9162 section 2.1.1: the hash of a leaf is SHA-256(0x00 || leaf), of a node
SHA-256(0x01 || left || right); of a list of n, the left subtree has the largest power of two
smaller than n.
"""

from collections.abc import Iterable
from hashlib import sha256


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

    def append(self, leaf: bytes) -> None:
        """Add one leaf. Constant time on average."""
        node = sha256(b"\x00" + leaf).digest()
        full = self.size
        while full & 1:
            node = sha256(b"\x01" + self._peaks.pop() + node).digest()
            full >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The tree's hash, 32 bytes."""
        if not self._peaks:
            return sha256(b"").digest()
        *rest, node = self._peaks
        for peak in reversed(rest):
            node = sha256(b"\x01" + peak + node).digest()
        return node
