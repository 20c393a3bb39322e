"""Proofs of a Merkle tree: that a leaf is in it, and that it begins with an older one.

Source: RFC 9162 sections 2.1.3.1 (PATH) and 2.1.4.1 (SUBPROOF). `prove` checks them.
"""

from collections.abc import Callable

#: The hash of the leaves from the first number to before the second: MTH(D[a:b]).
Hashes = Callable[[int, int], bytes]


def split_of(size: int) -> int:
    """The largest power of two smaller than `size`, which is two or more.

    >>> split_of(8), split_of(9)
    (4, 8)
    """
    return 1 << (size - 1).bit_length() - 1


def inclusion(index: int, size: int, hashes: Hashes) -> list[bytes]:
    """The hashes beside the way from the leaf at `index` (from 0) up to the root."""
    low, high, path = 0, size, list[bytes]()
    while high - low > 1:
        middle = low + split_of(high - low)
        if index < middle:
            path.append(hashes(middle, high))
            high = middle
        else:
            path.append(hashes(low, middle))
            low = middle
    return path[::-1]


def consistency(older: int, size: int, hashes: Hashes) -> list[bytes]:
    """The hashes that show that the tree of `size` leaves begins with that of `older`."""
    low, high, path = 0, size, list[bytes]()
    while older != high:
        middle = low + split_of(high - low)
        if older <= middle:
            path.append(hashes(middle, high))
            high = middle
        else:
            path.append(hashes(low, middle))
            low = middle
    if low:
        path.append(hashes(low, high))
    return path[::-1]
