"""Sets of people as bytes, for the book: what a release gave away, and who was counted.

The bit of a person is their number in the tables. Numbers are given once, so sets of two snapshots
can be compared with one another.
"""

from collections.abc import Sequence

import msgspec
import zstandard

from wholerecord.errors import WholerecordError
from wholerecord.research.study.factors import Bits, CellOf

#: The most that a set or the cells of a release unpack to.
_MOST = 1 << 30


class BrokenSets(WholerecordError):
    """The cells of an earlier release cannot be read: nothing is released until they can be."""


class _Cells(msgspec.Struct, frozen=True, array_like=True):
    """Each set once; a cell is which of them are its factors, and which is who is in it."""

    tables: int
    sets: tuple[bytes, ...]
    cells: tuple[tuple[tuple[int, ...], int], ...]


def write_people(people: Bits) -> bytes:
    """A set of people, compressed."""
    return zstandard.compress(people.to_bytes((people.bit_length() + 7) // 8, "little"))


def read_people(raw: bytes) -> Bits:
    """What `write_people` wrote; nobody for b"".

    Raises:
        BrokenSets: it is something else.
    """
    if not raw:
        return 0
    try:
        plain = zstandard.ZstdDecompressor().decompress(raw, max_output_size=_MOST)
    except zstandard.ZstdError:
        raise BrokenSets from None
    return int.from_bytes(plain, "little")


def write_cells(cells: Sequence[CellOf], *, tables: int) -> bytes:
    """The cells of a release that has so many tables."""
    places: dict[Bits, int] = {}
    written = [
        (
            tuple(sorted(places.setdefault(each, len(places)) for each in cell.factors)),
            places.setdefault(cell.people, len(places)),
        )
        for cell in cells
    ]
    sets = tuple(people.to_bytes((people.bit_length() + 7) // 8, "little") for people in places)
    whole = _Cells(tables=tables, sets=sets, cells=tuple(written))
    return zstandard.compress(msgspec.msgpack.encode(whole))


def read_cells(raw: bytes) -> tuple[int, dict[frozenset[Bits], Bits]]:
    """How many tables a release had, and its cells: factors and who is in each.

    Raises:
        BrokenSets: it is something else.
    """
    try:
        plain = zstandard.ZstdDecompressor().decompress(raw, max_output_size=_MOST)
        whole = msgspec.msgpack.decode(plain, type=_Cells)
        sets = [int.from_bytes(each, "little") for each in whole.sets]
        found = {frozenset(sets[n] for n in factors): sets[who] for factors, who in whole.cells}
    except (zstandard.ZstdError, msgspec.DecodeError, IndexError):
        raise BrokenSets from None
    return whole.tables, found
