"""How two patients' names compare: the best of all the names each is said to have. Symmetric."""

from collections.abc import Iterable
from itertools import pairwise, product

from wholerecord.people.names import nicknames, parts, sound
from wholerecord.people.traits import Traits

_FAMILY = ("exact", "swapped", "part", "alike", "changed", "different")
_GIVEN = (
    "exact",
    "swapped",
    "nickname",
    "middle",
    "alike",
    "initial",
    "next_differs",
    "different",
)
Words = tuple[str, ...]


def families_compared(one: Traits, other: Traits) -> str:
    """A level of `family` in `weights.toml`, or "" when either is not known."""
    best = _best(_FAMILY, (_family(a, b) for a in one.families for b in other.families))
    if best != "different":
        return best
    if one.names & other.turned:
        return "swapped"
    # Men change theirs too, but seldom enough for a difference to count.
    return "different" if "male" in (one.sex, other.sex) else "changed"


def givens_compared(one: Traits, other: Traits) -> str:
    """A level of `given` in `weights.toml`, or "" when either is not known."""
    best = _best(_GIVEN, (_given(a, b) for a in one.givens for b in other.givens))
    return "swapped" if best == "different" and one.names & other.turned else best


def one_slip(one: str, other: str) -> bool:
    """Whether one character is wrong, missing or too many, or two neighbours are exchanged.

    >>> one_slip("1956", "1965"), one_slip("1956", "1966"), one_slip("1956", "1967")
    (True, True, False)
    """
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    turned = one[at + 1 : at + 2] + one[at : at + 1]
    return one[at + 1 :] == other[at + 1 :] or turned + one[at + 2 :] == other[at:]


def _best(order: tuple[str, ...], levels: Iterable[str]) -> str:
    """The level that comes first in `order`; "" when there is none."""
    return min(levels, key=order.index, default="")


def _family(one: Words, other: Words) -> str:
    mine, theirs = parts(one), parts(other)
    if mine[0] == theirs[0]:
        return "exact"
    if any(len(part) > 2 for part in set(mine) & set(theirs)):
        return "part"
    return "alike" if any(_alike(a, b) for a, b in product(mine, theirs)) else "different"


def _given(one: Words, other: Words) -> str:
    a, b = one[0], other[0]
    if a == b:
        return "next_differs" if _next_differs(one, other) else "exact"
    if "".join(one) == "".join(other) or a in _joined(other) or b in _joined(one):
        return "exact"  # ANNE MARIE and ANNEMARIE
    if nicknames(a) & nicknames(b):
        return "nickname"
    if len(a) > 1 and len(b) > 1:
        if a in other[1:] or b in one[1:]:
            return "middle"
        return "alike" if _alike(a, b) else "different"
    return "initial" if a[0] == b[0] else "different"


def _next_differs(one: Words, other: Words) -> bool:
    """Whether both have further names and no two of them can be one.

    Brothers may all be MOHAMMED and be called by the next name.
    """
    return (
        len(one) > 1
        and len(other) > 1
        and not any(
            a == b or _alike(a, b) or (1 in (len(a), len(b)) and a[0] == b[0])
            for a, b in product(one[1:], other[1:])
        )
    )


def _joined(words: Words) -> set[str]:
    return {a + b for a, b in pairwise(words)}


def _alike(one: str, other: str) -> bool:
    """Whether two words can be one word misheard or mistyped: HAYDEN is not JAYDEN."""
    if min(len(one), len(other)) < 4:
        return False
    same_start = one[0] == other[0]
    return (same_start and one_slip(one, other)) or (
        sound(one) == sound(other) and abs(len(one) - len(other)) <= 2
    )
