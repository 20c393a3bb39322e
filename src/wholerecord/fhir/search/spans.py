"""Prefixes, and how what is asked compares with what is held when either is a span.

Source: FHIR R4, Search, "Prefixes". A time is a span by its precision (2013-01 is a month), from
its first microsecond to before the next; an amount is held exactly or between bounds.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

#: The two-letter prefixes of R4.
PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")


class Times(NamedTuple):
    """From `low` to before `high`, in microseconds of 1970; infinite where not known."""

    low: float
    high: float


class Amounts(NamedTuple):
    """From `low` to `high`, both included; the same for an amount that is just known."""

    low: Decimal
    high: Decimal


def prefixed(text: str) -> tuple[str, str]:
    """The prefix, `eq` where none is written, and the rest.

    >>> prefixed("ge2013-01"), prefixed("5.4")
    (('ge', '2013-01'), ('eq', '5.4'))
    """
    if text[:2] in PREFIXES:
        return text[:2], text[2:]
    return "eq", text


_TIMES: dict[str, Callable[[Times, Times], bool]] = {
    "eq": lambda asked, held: asked.low <= held.low and held.high <= asked.high,
    "ne": lambda asked, held: not (asked.low <= held.low and held.high <= asked.high),
    "gt": lambda asked, held: held.high > asked.high,
    "lt": lambda asked, held: held.low < asked.low,
    "ge": lambda asked, held: held.high > asked.low,
    "le": lambda asked, held: held.low < asked.high,
    "sa": lambda asked, held: held.low >= asked.high,
    "eb": lambda asked, held: held.high <= asked.low,
    "ap": lambda asked, held: held.low < asked.high and asked.low < held.high,
}


def times_fit(prefix: str, asked: Times, held: Times) -> bool:
    """Whether a time held is what was asked for. For `ap`, `asked` is widened already.

    `ge` and `le` find whatever is partly so: a stay that ends at noon is found by `ge` that day.
    """
    return _TIMES[prefix](asked, held)


_AMOUNTS: dict[str, Callable[[Decimal, Decimal, Amounts], bool]] = {
    "eq": lambda value, half, held: (
        value - half <= held.low
        and (held.high < value + half or (held.low < held.high == value + half))
    ),
    "gt": lambda value, _, held: held.high > value,
    "lt": lambda value, _, held: held.low < value,
    "ge": lambda value, _, held: held.high >= value,
    "le": lambda value, _, held: held.low <= value,
    "sa": lambda value, _, held: held.low > value,
    "eb": lambda value, _, held: held.high < value,
    "ap": lambda value, half, held: held.low <= value + half and held.high >= value - half,
}


def amounts_fit(prefix: str, value: Decimal, half: Decimal, held: Amounts) -> bool:
    """Whether an amount held is what was asked for.

    `half` is how far `value` reaches to either side by the digits it is written with (100 is from
    99.5 to before 100.5); for `ap`, a tenth of it where that is more. Of the others `gt`, `lt`,
    `ge`, `le`, `sa` and `eb` compare with the value itself.
    """
    if prefix == "ne":
        return not _AMOUNTS["eq"](value, half, held)
    return _AMOUNTS[prefix](value, half, held)
