"""Days told as months, quarters or years: the finest at which two known things single out few.

Steps are tried from the finest. At each, a thing (a drug in such a period) that fewer than so many
people have is left out, and no more than `LOST` of the rows: a step that needs more is too fine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from wholerecord.research.singling.pairs import MOST, Numbers, Pairs, singled_out
from wholerecord.research.singling.rare import RARE

#: The most of the rows that may be left out for the sake of pairs.
LOST = 0.25
_GROWS = 3


class Grain(Enum):
    """How exactly days are told; the finest first. The value is what the queries know it by."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    FIVE_YEARS = "five years"
    EVER = "ever"

    def periods(self, days: NDArray[np.datetime64]) -> Numbers:
        """The number of the period that each day is in."""
        if self is Grain.EVER:
            return np.zeros(len(days), dtype=np.int64)
        if self is Grain.DAY:
            return days.astype("datetime64[D]").astype(np.int64)
        if self in {Grain.MONTH, Grain.QUARTER}:
            months = days.astype("datetime64[M]").astype(np.int64)
            return months if self is Grain.MONTH else months // 3
        years = days.astype("datetime64[Y]").astype(np.int64) + 1970
        return years if self is Grain.YEAR else years // 5


_WORDS = {
    Grain.DAY: "days are told as they were asked for",
    Grain.MONTH: "days are told as months",
    Grain.QUARTER: "days are told as quarters",
    Grain.YEAR: "days are told as years",
    Grain.FIVE_YEARS: "days are told as spans of five years",
    Grain.EVER: "no day is told: only that something was",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How days are told, and the people whom a thing of a period needs to be told.

    `asked` is how far pairs would single people out otherwise, `left` how far they do now, and
    `lost` the share of rows that are left out.
    """

    grain: Grain
    least: int
    asked: Pairs
    left: Pairs
    lost: float

    def says(self) -> str:
        """What was done, and why, in a sentence."""
        if self.grain is Grain.DAY and not self.lost:
            return f"Nothing was made wider for pairs: two single out {self.left.share:.1%}."
        return (
            f"Because two known drugs with their days would single out {self.asked.share:.1%},"
            f" {_WORDS[self.grain]}, and {self.lost:.1%} of the drugs' rows are left out: those of"
            f" a drug that fewer than {self.least} people have in one period. Two single out"
            f" {self.left.share:.1%} so ({MOST:.0%} at most)."
        )


def finest(
    people: Numbers,
    codes: Numbers,
    days: NDArray[np.datetime64],
    *,
    before: int = 0,
    most: float = MOST,
) -> Told | None:
    """How days are told so that pairs single out `most`; None: not even without any days.

    Row by row, `people` have `codes` on `days`. `before` rows were left out already, and count.
    """
    whole = len(people) + before
    asked = singled_out(people, _things(codes, Grain.DAY.periods(days)))
    for grain in Grain:
        things = _things(codes, grain.periods(days))
        having = _having(people, things)
        for least in _leasts(len(np.unique(people))):
            there = having >= least
            lost = 1 - float(there.sum()) / whole if whole else 0.0
            if lost > LOST:
                break
            left = singled_out(people[there], things[there])
            if left.most <= most:
                return Told(grain=grain, least=least, asked=asked, left=left, lost=lost)
    return None


def _leasts(people: int) -> Iterator[int]:
    """People whom a thing needs, ever more."""
    least = 1
    while least <= max(people, 1):
        yield least
        least = RARE if least == 1 else least * _GROWS


def _things(codes: Numbers, periods: Numbers) -> Numbers:
    """One number for each code of a period."""
    _, codes = np.unique(codes, return_inverse=True)
    _, periods = np.unique(periods, return_inverse=True)
    return codes.astype(np.int64) * (int(periods.max(initial=0)) + 1) + periods


def _having(people: Numbers, things: Numbers) -> Numbers:
    """Row by row, how many people have its thing."""
    _, things = np.unique(things, return_inverse=True)
    _, people = np.unique(people, return_inverse=True)
    width = int(people.max(initial=0)) + 1
    each = np.unique(things.astype(np.int64) * width + people) // width
    return np.bincount(each, minlength=1)[things]
