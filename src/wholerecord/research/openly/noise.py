"""Numbers of people with noise, so that nobody can tell whether somebody was counted.

The noise is the discrete Laplace distribution, drawn exactly by OpenDP: with epsilon e, whatever is
published is at most exp(e) times as likely with any one person as without them. Source: Dwork and
Roth, The Algorithmic Foundations of Differential Privacy (2014), 3.3; Ghosh, Roughgarden and
Sundararajan, Universally utility-maximizing privacy mechanisms (2009).
"""

import importlib
from collections.abc import Sequence
from functools import cache
from math import ceil, log
from typing import Any

#: How sure a number's bounds are.
_SURE = 0.95
#: Epsilon is counted in millionths, so that sums are exact.
MILLIONTHS = 1_000_000


def noised(exact: Sequence[int], *, epsilon: int) -> tuple[int, ...]:
    """The numbers with noise, none below 0. Each person may be in one of them at most.

    `epsilon` is in millionths, for all of the numbers together.
    """
    drawn: list[int] = _mechanism(epsilon)(list(exact))
    return tuple(max(0, each) for each in drawn)


def off(epsilon: int) -> int:
    """By how much a number is off at most, 95 times in 100.

    >>> off(1_000_000), off(100_000)
    (3, 30)
    """
    return ceil(-log(1 - _SURE) * MILLIONTHS / epsilon)


@cache
def _mechanism(epsilon: int) -> Any:
    """The mechanism; OpenDP itself says that it spends no more than `epsilon` on one person."""
    dp: Any = importlib.import_module("opendp.prelude")
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    made = dp.m.make_laplace(*space, scale=MILLIONTHS / epsilon)
    assert made.map(1) <= epsilon / MILLIONTHS * (1 + 1e-9)  # noqa: S101 - the law of it
    return made
