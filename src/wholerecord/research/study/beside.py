"""Boards beside studies: whether a cell differs by a few people from some cells of a board.

The cells of a board's table share nobody, so which of them come nearest to another cell is found
one by one: each that has more of its people inside than outside. So every sum of a board's numbers
is held against a study's, and not only each number by itself. Here is what is kept of a board;
`near` holds others against it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import zstandard

from wholerecord.research.study.factors import Bits
from wholerecord.research.study.sets import BrokenSets

#: People by which two cells must differ more than.
NEAR = 10
#: The most that the cells of a board unpack to.
_MOST = 1 << 30


#: Sets as their places among all of a board.
Places = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Cells shown side by side of which nobody is in two: those with something, say, by area.

    A cell is what is in `shared` and in one of `parts`.
    """

    shared: frozenset[Bits]
    parts: tuple[frozenset[Bits], ...]


class _Written(msgspec.Struct, frozen=True, array_like=True):
    """Each set once; each group of cells as the places of what is shared, and of each part's."""

    sets: tuple[bytes, ...]
    groups: tuple[tuple[Places, tuple[Places, ...]], ...]


def write_boards(boards: Sequence[SideBySide]) -> bytes:
    """The cells of a board, compressed."""
    places: dict[Bits, int] = {}

    def place(sets: frozenset[Bits]) -> tuple[int, ...]:
        return tuple(sorted(places.setdefault(each, len(places)) for each in sets))

    groups = tuple((place(one.shared), tuple(map(place, one.parts))) for one in boards)
    sets = tuple(people.to_bytes((people.bit_length() + 7) // 8, "little") for people in places)
    return zstandard.compress(msgspec.msgpack.encode(_Written(sets=sets, groups=groups)))


def read_written(raw: bytes) -> tuple[Sequence[bytes], Sequence[tuple[Places, Sequence[Places]]]]:
    """What `write_boards` wrote: each set once, and what is shared and each part by their places.

    Raises:
        BrokenSets: it is something else.
    """
    try:
        plain = zstandard.ZstdDecompressor().decompress(raw, max_output_size=_MOST)
        whole = msgspec.msgpack.decode(plain, type=_Written)
    except (zstandard.ZstdError, msgspec.DecodeError):
        raise BrokenSets from None
    named = {n for shared, parts in whole.groups for each in (shared, *parts) for n in each}
    if named and not 0 <= min(named) <= max(named) < len(whole.sets):
        raise BrokenSets
    return whole.sets, whole.groups
