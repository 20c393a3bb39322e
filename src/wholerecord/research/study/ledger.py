"""The ledger of what was released from a snapshot, and whether more may be beside it.

Two numbers whose people differ by a few tell of those few. So a cell releases itself only when it
is far from every earlier one: equal, or different by more than `NEAR` people. What two cells have
in common is left aside before they are compared, so that the answer "too near" depends on what was
changed and not on the condition that somebody is after. And what all releases together can be
solved for is looked at as well: no sum and difference of them may be a few people.

Refusing tells too. After `PATIENCE` refusals a project's releases wait for two checkers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from wholerecord.research.disclose import SMALL
from wholerecord.research.study.beside import NEAR
from wholerecord.research.study.factors import Bits, CellOf, common
from wholerecord.research.study.near import ShownCells

#: Times that a project may come too near to an earlier release before somebody looks.
PATIENCE = 3
#: Tables that one project may release by itself from one snapshot. Any platform that answers
#: enough questions about few people tells all of them (Dinur and Nissim 2003): so there is an end.
BUDGET = 20
#: Kinds of people that are told apart when releases are solved together.
_MOST_KINDS = 3_000


class Stop(Enum):
    """Why a cell does not release itself."""

    NEAR = "its people differ by a few from those of an earlier release"
    SOLVED = "together with earlier releases it can be solved for a few people"
    LOCKED = "the project came too near to earlier releases too often"
    SPENT = "the project has released all that it may by itself from this snapshot"
    LARGE = "there is too much to compare it with by machine"


@dataclass(slots=True)
class Ledger:
    """What was released from one snapshot, by everybody. `whole` is everybody in it.

    `boards` are the cells that planners' boards show.
    """

    whole: Bits
    released: dict[frozenset[Bits], Bits] = field(default_factory=dict[frozenset[Bits], Bits])
    refusals: dict[str, int] = field(default_factory=dict[str, int])
    spent: dict[str, int] = field(default_factory=dict[str, int])
    boards: ShownCells = field(default_factory=ShownCells)

    def take(self, project: str, cells: Sequence[CellOf], *, tables: int = 1) -> Stop | None:
        """Write the cells of some tables down as released, all of them; or why none is.

        What was released before is given again without a charge.
        """
        if self.refusals.get(project, 0) >= PATIENCE:
            return Stop.LOCKED
        new = {cell.factors: cell.people for cell in cells if cell.factors not in self.released}
        if not new:
            return None
        if self.spent.get(project, 0) + tables > BUDGET:
            return Stop.SPENT
        stop = self._near(new) or self._solved(new) or self._beside_boards(new)
        if stop is not None:
            self.refusals[project] = self.refusals.get(project, 0) + 1
            return stop
        self.released |= new
        self.spent[project] = self.spent.get(project, 0) + tables
        return None

    def clear(self, project: str) -> None:
        """Two checkers have looked: the project may go on."""
        self.refusals.pop(project, None)

    def _near(self, new: dict[frozenset[Bits], Bits]) -> Stop | None:
        for factors, people in new.items():
            for earlier, theirs in self.released.items():
                mine = common(factors - earlier, self.whole)
                other = common(earlier - factors, self.whole)
                if _close(mine, other) or _close(people, theirs):
                    return Stop.NEAR
        return None

    def _beside_boards(self, new: dict[frozenset[Bits], Bits]) -> Stop | None:
        self.boards.among(self.whole)
        return Stop.NEAR if any(map(self.boards.near, new)) else None

    def _solved(self, new: dict[frozenset[Bits], Bits]) -> Stop | None:
        cells = [*dict.fromkeys((*self.released.values(), *new.values()))]
        shown = [cell for cell in cells if cell.bit_count() > SMALL]
        kinds = _kinds(shown, self.whole)
        if kinds is None:
            return Stop.LARGE
        # What one run hides is bounded by `audit`, which knows how much rounding leaves open.
        hidden = {*new.values()} - {*shown}
        small = [
            n
            for n, people in enumerate(kinds)
            if people.bit_count() <= SMALL and people not in hidden
        ]
        if not small:
            return None
        matrix = np.array([[float(bool(cell & kind)) for kind in kinds] for cell in shown])
        _, sizes, directions = np.linalg.svd(matrix, full_matrices=False)
        space = directions[sizes > 1e-9]
        alone = (space[:, small] ** 2).sum(axis=0)
        return Stop.SOLVED if bool((alone > 1 - 1e-6).any()) else None


def _close(one: Bits, other: Bits) -> bool:
    """Whether two sets that overlap differ, and by few."""
    return bool(one & other) and 0 < (one ^ other).bit_count() <= NEAR


def _kinds(cells: Iterable[Bits], whole: Bits) -> list[Bits] | None:
    """People by which cells they are in, without who is in none; None: too many kinds."""
    kinds = [whole]
    for cell in cells:
        split: list[Bits] = []
        for kind in kinds:
            inside = kind & cell
            split += [part for part in (inside, kind ^ inside) if part]
        kinds = split
        if len(kinds) > _MOST_KINDS:
            return None
    return kinds
