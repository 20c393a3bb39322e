"""Whether a cell comes near to cells that boards show, found without a walk over all of them.

A set of people is thousands of bytes, and boards share most of theirs: each is given a number once,
and from then on what two cells have in common is found by number. Of the sets themselves only those
are counted that can still decide: a cell that is not within what a board's cells share is far from
all of them, and cells of a table are left as soon as more people stand apart than `NEAR`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wholerecord.research.study.beside import NEAR, SideBySide, read_written
from wholerecord.research.study.factors import Bits

#: Sets of people, by their numbers.
Numbers = frozenset[int]
_NOTHING: Numbers = frozenset()


@dataclass(frozen=True, slots=True)
class _Side:
    """A `SideBySide` by numbers."""

    shared: Numbers
    parts: tuple[Numbers, ...]


@dataclass(slots=True)
class _Asked:
    """One cell that is compared.

    `people` are its people by which of its sets are left aside; `within` those of them in a part.
    """

    factors: Numbers
    people: dict[Numbers, Bits] = field(default_factory=dict[Numbers, Bits])
    within: dict[tuple[Numbers, Numbers], Bits] = field(
        default_factory=dict[tuple[Numbers, Numbers], Bits]
    )


class ShownCells:
    """The cells that boards show, to hold others against."""

    def __init__(self, boards: Iterable[SideBySide] = ()) -> None:
        self._numbers: dict[Bits, int] = {}
        self._sets: list[Bits] = []
        self._sides: dict[_Side, None] = {}
        self._whole = 0
        self._common: dict[Numbers, Bits] = {}
        self._told: list[int] = []
        self._shown: set[Numbers] | None = None
        for board in boards:
            shared, *parts = map(self._numbered, (board.shared, *board.parts))
            self._add(_Side(shared, tuple(parts)))

    def read(self, raw: bytes) -> None:
        """Add the cells of a board, as `beside.write_boards` wrote them.

        Raises:
            BrokenSets: it is something else.
        """
        sets, groups = read_written(raw)
        numbers = [self._number(int.from_bytes(each, "little")) for each in sets]
        for shared, parts in groups:
            each = [frozenset(numbers[n] for n in part) for part in (shared, *parts)]
            self._add(_Side(each[0], tuple(each[1:])))

    def among(self, whole: Bits) -> None:
        """From now on `whole` is everybody who may be asked about; the others are in no cell."""
        if whole != self._whole:
            self._whole, self._shown = whole, None
            self._common.clear()

    def near(self, factors: Iterable[Bits]) -> bool:
        """Whether a cell is near to cells of a table; one that is shown is near to none.

        As they are, or but for what all of them have in common: that is left aside so that the
        answer depends on what was changed, and not on the condition that somebody is after.
        """
        numbers = self._numbered(factors)
        return bool(self._sides) and not self._shows(numbers) and self._near_any(numbers)

    def shows(self, factors: Iterable[Bits]) -> bool:
        """Whether a cell is one that is shown: by the same conditions, not of the same people only.

        Two cells of the same people by other conditions may differ by one tomorrow: to let them
        through today would tell that they do not.
        """
        return self._shows(self._numbered(factors))

    def _add(self, side: _Side) -> None:
        self._sides[side] = None
        self._shown = None

    def _numbered(self, sets: Iterable[Bits]) -> Numbers:
        return frozenset(map(self._number, sets))

    def _number(self, people: Bits) -> int:
        number = self._numbers.setdefault(people, len(self._sets))
        if number == len(self._sets):
            self._sets.append(people)
        return number

    def _shows(self, numbers: Numbers) -> bool:
        if self._shown is None:
            self._told = []
            shown = {side.shared | part for side in self._sides for part in side.parts}
            self._shown = {self._telling(each) for each in shown}
        return self._telling(numbers) in self._shown

    def _telling(self, numbers: Numbers) -> Numbers:
        """The conditions that do not hold for everybody; alike are those that are, among all."""
        for place in range(len(self._told), len(self._sets)):
            self._told.append(self._number(self._sets[place] & self._whole))
        return frozenset(self._told[n] for n in numbers) - {self._number(self._whole)}

    def _near_any(self, numbers: Numbers) -> bool:
        asked = _Asked(numbers)
        return any(
            self._near_to(side, asked, aside)
            for side in self._sides
            for aside in {_NOTHING, numbers & side.shared}
        )

    def _people(self, numbers: Numbers) -> Bits:
        """Who is in all of the sets: everybody, when there are none."""
        found = self._common.get(numbers)
        if found is None:
            found = self._whole
            for n in numbers:
                found &= self._sets[n]
            self._common[numbers] = found
        return found

    def _near_to(self, side: _Side, asked: _Asked, aside: Numbers) -> bool:
        """Whether it differs, and by few, from one of the parts or from some of them together."""
        if aside not in asked.people:
            asked.people[aside] = self._people(asked.factors - aside)
        one, shared = asked.people[aside], self._people(side.shared - aside)
        size = one.bit_count()
        if size - (one & shared).bit_count() > NEAR:
            return False
        apart, some, covered = 0, False, 0
        for part in side.parts:
            key = (part, aside)
            if key not in asked.within:
                asked.within[key] = one & self._people(part - aside)
            inside = (asked.within[key] & shared).bit_count()
            if not inside:
                continue
            outside = (self._people(part - aside) & shared).bit_count() - inside
            if 0 < outside + size - inside <= NEAR:
                return True
            covered += inside
            apart += min(inside, outside)
            some |= inside > outside
            if apart > NEAR:  # then no part by itself is near either: the others stand apart
                return False
        return some and 0 < apart + size - covered <= NEAR
