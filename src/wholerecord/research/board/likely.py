"""Between what bounds a share lies, when a few people more or fewer might have been counted.

Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 1927;
as the Office for Health Improvement and Disparities uses it for public health (Technical guide:
confidence intervals, 2018).
"""

from math import sqrt

from wholerecord.research.disclose import STEP

#: Standard deviations on either side that hold 95 %.
_Z = 1.959964


def wilson(n: float, of: float) -> tuple[float, float]:
    """The 95 % interval of the share n / of, by Wilson's score; 0 to 1 of nobody.

    >>> low, high = wilson(20, 100)
    >>> round(low, 3), round(high, 3)
    (0.133, 0.289)
    """
    if of <= 0:
        return 0.0, 1.0
    share, square = n / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def likely(with_it: int, without: int) -> tuple[float, float]:
    """The bounds of the share of those with it, from two rounded numbers.

    Made of what is shown alone, so it tells nothing more: and as wide as rounding may have moved
    the two as well.
    """
    off, of = STEP // 2, with_it + without
    return wilson(with_it - off, of)[0], wilson(with_it + off, of)[1]
