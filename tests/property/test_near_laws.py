"""Any boards and any cell: the index answers as a plain walk over every cell does."""

from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from wholerecord.research.study.beside import NEAR, SideBySide, write_boards
from wholerecord.research.study.factors import Bits, common
from wholerecord.research.study.near import ShownCells

PEOPLE = 80
WHOLE = (1 << PEOPLE) - 1


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


@st.composite
def edges(draw: st.DrawFn) -> Bits:
    """People next to one another: sets of them lie near and far from one another."""
    first, last = sorted(draw(st.tuples(*[st.integers(0, PEOPLE)] * 2)))
    few = draw(st.sets(st.integers(0, PEOPLE - 1), max_size=6))
    return ((1 << last) - (1 << first)) ^ sum(1 << n for n in few)


@st.composite
def sides(draw: st.DrawFn, conditions: Sequence[Bits]) -> SideBySide:
    """Cells of which nobody is in two: by areas that follow one another."""
    cuts = sorted(draw(st.sets(st.integers(1, PEOPLE - 1), max_size=5)))
    areas = [(1 << b) - (1 << a) for a, b in zip([0, *cuts], [*cuts, PEOPLE], strict=True)]
    shared = draw(st.sets(st.sampled_from(conditions), max_size=3))
    parts = [frozenset({area}) - shared for area in areas if draw(st.booleans())]
    return SideBySide(shared=frozenset(shared), parts=tuple(parts))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[SideBySide], frozenset[Bits], Bits]:
    """Boards, a cell that was asked for, and everybody who may be asked about."""
    conditions = [WHOLE, *draw(st.lists(edges(), min_size=1, max_size=4))]
    boards = draw(st.lists(sides(conditions), max_size=4))
    shown = [each.shared | part for each in boards for part in each.parts]
    factors = set(draw(st.sets(st.sampled_from(conditions), max_size=3)))
    if shown and draw(st.booleans()):
        factors = set(draw(st.sampled_from(shown)))
    if draw(st.booleans()):
        factors.add(draw(edges()))
    gone = sum(1 << n for n in draw(st.sets(st.integers(0, PEOPLE - 1), max_size=2)))
    return boards, frozenset(factors), WHOLE & ~gone


@given(worlds())
def test_the_index_answers_as_a_plain_walk_does(
    world: tuple[list[SideBySide], frozenset[Bits], Bits],
) -> None:
    boards, factors, whole = world
    made, read = ShownCells(boards), ShownCells()
    for board in boards:
        read.read(write_boards([board]))
    for cells in (made, read):
        cells.among(WHOLE)
        assert cells.near(factors) == near_any(boards, factors, WHOLE)
        cells.among(whole)
        assert cells.shows(factors) == is_shown(boards, factors, whole)
        assert cells.near(factors) == near_any(boards, factors, whole)
