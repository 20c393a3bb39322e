"""Boards beside studies: whether a cell differs by a few people from some cells of a board.

The cells of a board's table share nobody, so which of them come nearest to another cell is found
one by one: each that has more of its people inside than outside. So every sum of a board's numbers
is held against a study's, and not only each number by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import zstandard

from wholerecord.research.study.factors import Bits, common
from wholerecord.research.study.sets import BrokenSets

#: People by which two cells must differ more than.
NEAR = 10
#: The most that the cells of a board unpack to.
_MOST = 1 << 30


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
    groups: tuple[tuple[tuple[int, ...], tuple[tuple[int, ...], ...]], ...]


def near_to(board: SideBySide, factors: frozenset[Bits], whole: Bits) -> bool:
    """Whether a cell is near to cells of a board: as they are, or but for what all have in common.

    What they have in common is left aside so that the answer depends on what was changed, and not
    on the condition that somebody is after.
    """
    return any(
        _close_to_some(
            common(factors - aside, whole),
            [common((board.shared | part) - aside, whole) for part in board.parts],
        )
        for aside in {frozenset[Bits](), factors & board.shared}
    )


def near_any(boards: Sequence[SideBySide], factors: frozenset[Bits], whole: Bits) -> bool:
    """Whether a cell is near to any of the boards' tables; one that a board shows is to none."""
    if is_shown(boards, factors, whole):
        return False
    return any(near_to(board, factors, whole) for board in boards)


def is_shown(boards: Iterable[SideBySide], factors: frozenset[Bits], whole: Bits) -> bool:
    """Whether a cell is one that is shown: by the same conditions, not only of the same people.

    Two cells of the same people by other conditions may differ by one tomorrow: to let them through
    today would tell that they do not.
    """
    asked = _telling(factors, whole)
    return any(
        asked == _telling(board.shared | part, whole) for board in boards for part in board.parts
    )


def write_boards(boards: Sequence[SideBySide]) -> bytes:
    """The cells of a board, compressed."""
    places: dict[Bits, int] = {}

    def place(sets: frozenset[Bits]) -> tuple[int, ...]:
        return tuple(sorted(places.setdefault(each, len(places)) for each in sets))

    groups = tuple((place(one.shared), tuple(map(place, one.parts))) for one in boards)
    sets = tuple(people.to_bytes((people.bit_length() + 7) // 8, "little") for people in places)
    return zstandard.compress(msgspec.msgpack.encode(_Written(sets=sets, groups=groups)))


def read_boards(raw: bytes) -> tuple[SideBySide, ...]:
    """What `write_boards` wrote.

    Raises:
        BrokenSets: it is something else.
    """
    try:
        plain = zstandard.ZstdDecompressor().decompress(raw, max_output_size=_MOST)
        whole = msgspec.msgpack.decode(plain, type=_Written)
        sets = [int.from_bytes(each, "little") for each in whole.sets]
        return tuple(
            SideBySide(
                shared=frozenset(sets[n] for n in shared),
                parts=tuple(frozenset(sets[n] for n in part) for part in parts),
            )
            for shared, parts in whole.groups
        )
    except (zstandard.ZstdError, msgspec.DecodeError, IndexError):
        raise BrokenSets from None


def _telling(factors: frozenset[Bits], whole: Bits) -> frozenset[Bits]:
    """The conditions that do not hold for everybody."""
    return frozenset(each & whole for each in factors) - {whole}


def _close_to_some(one: Bits, parts: Sequence[Bits]) -> bool:
    """Whether it differs, and by few, from one of the parts or from some of them together."""
    together = 0
    for part in parts:
        together |= part
    away = (one & ~together).bit_count()
    if away > NEAR:
        return False
    apart, some = away, False
    for part in parts:
        inside = (part & one).bit_count()
        if inside and 0 < (part ^ one).bit_count() <= NEAR:
            return True
        outside = part.bit_count() - inside
        apart += min(inside, outside)
        some |= inside > outside
    return some and 0 < apart <= NEAR
