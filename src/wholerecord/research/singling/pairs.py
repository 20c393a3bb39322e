"""Whom two known things single out: who alone has both of two of their own.

Things are numbers: a drug with its day, a value of a column. Somebody who knows two of a person's
finds them in what left where nobody else has both. Source: de Montjoye and others, Unique in the
crowd (2013): unicity at so many known points, of points drawn at random.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

#: The most that two known things may single out of the people who have two.
MOST = 0.05
#: People who are looked at, and pairs of each: all of them where there are no more.
_PEOPLE, _PAIRS = 10_000, 2
#: The draw is the same every time: what checkers read is what leaves.
_SEED = 20_261_122
#: How many of those who have the rarer thing are looked at first; then ever more.
_FIRST, _MORE = 16, 8
#: Most places looked at in one step.
_AT_ONCE = 4_000_000

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The share (0 to 1) of people `with_two` things whom a pair of theirs singles out.

    `asked` of them were looked at, drawn at random.
    """

    share: float
    asked: int
    with_two: int

    @property
    def most(self) -> float:
        """What the share is no more than, as far as the draw tells (two standard errors)."""
        if not self.asked:
            return 0.0
        return min(1.0, self.share + 2 * sqrt(self.share * (1 - self.share) / self.asked))


def singled_out(people: Numbers, things: Numbers) -> Pairs:
    """How far pairs single people out. Row by row, `people` have `things`; any order, any repeats.

    Nobody's order matters: the same rows in another order give the same share.
    """
    keys, width = _keys(people, things)
    who, what = keys // width, keys % width
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    sizes = np.diff(starts, append=len(who))
    two = sizes >= 2
    starts, sizes = starts[two], sizes[two]
    if not len(starts):
        return Pairs(share=0.0, asked=0, with_two=0)
    draw = np.random.default_rng(_SEED)
    chosen = np.arange(len(starts))
    if len(chosen) > _PEOPLE:
        chosen = np.sort(draw.choice(chosen, _PEOPLE, replace=False))
    starts, sizes = np.repeat(starts[chosen], _PAIRS), np.repeat(sizes[chosen], _PAIRS)
    one = (draw.random(len(starts)) * sizes).astype(np.int64)
    other = (draw.random(len(starts)) * (sizes - 1)).astype(np.int64)
    other += other >= one
    alone = _alone(keys, width, who[starts], np.stack((what[starts + one], what[starts + other])))
    return Pairs(share=float(alone.mean()), asked=len(chosen), with_two=int(two.sum()))


def _keys(people: Numbers, things: Numbers) -> tuple[Numbers, int]:
    """Each (person, thing) once as one number, rising; and how many numbers a person takes."""
    _, things = np.unique(things, return_inverse=True)
    _, people = np.unique(people, return_inverse=True)
    width = int(things.max(initial=0)) + 1
    return np.unique(people.astype(np.int64) * width + things), width


def _alone(keys: Numbers, width: int, owner: Numbers, pair: Numbers) -> NDArray[np.bool_]:
    """Of each pair, whether nobody but its owner has both."""
    what = keys % width
    by_thing = np.argsort(what, kind="stable")
    holders = (keys // width)[by_thing]
    sizes = np.bincount(what, minlength=width)
    begins = np.cumsum(sizes) - sizes
    rarer, fuller = pair[0].copy(), pair[1].copy()
    turned = sizes[rarer] > sizes[fuller]
    rarer[turned], fuller[turned] = pair[1][turned], pair[0][turned]
    alone = np.ones(len(owner), dtype=np.bool_)
    open_, seen, step = np.arange(len(owner)), 0, _FIRST
    while len(open_):
        left = np.minimum(sizes[rarer[open_]] - seen, step)
        open_, left = open_[left > 0], left[left > 0]
        for few in np.array_split(np.arange(len(open_)), 1 + int(left.sum()) // _AT_ONCE):
            asked, count = open_[few], left[few]
            places = np.repeat(begins[rarer[asked]] + seen, count) + _counted(count)
            others = holders[places]
            wanted = others * width + np.repeat(fuller[asked], count)
            found = keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] == wanted
            found &= others != np.repeat(owner[asked], count)
            alone[np.repeat(asked, count)[found]] = False
        open_, seen, step = open_[alone[open_]], seen + step, step * _MORE
    return alone


def _counted(sizes: Numbers) -> Numbers:
    """0, 1, 2, … for each size, one after the other."""
    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes)
