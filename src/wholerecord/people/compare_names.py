"""How two patients' names compare: the best of all the names each is said to have. Symmetric."""

from itertools import product

from wholerecord.people.heard import Likes
from wholerecord.people.traits import Traits


def families_compared(one: Traits, other: Traits) -> str:
    """A level of `family` in the model, or "" when either is not known."""
    a, b = one.family, other.family
    if not a.whole or not b.whole:
        return ""
    if a.whole & b.whole:
        return "exact"
    if a.parts & b.parts:
        return "part"
    if a.rows & b.rows or _alike(a.likes, b.likes):
        return "alike"
    if _crossed(one, other) and _crossed(other, one):
        return "swapped"
    # Men change theirs too, but seldom enough for a difference to count.
    return "different" if "male" in (one.sex, other.sex) else "changed"


def givens_compared(one: Traits, other: Traits) -> str:
    """A level of `given` in the model, or "" when either is not known."""
    a, b = one.given, other.given
    if not a.called or not b.called:
        return ""
    if a.called & b.called:
        return "next_differs" if _next_differs(one, other) else "exact"
    if a.rows & b.rows:
        return "nickname"
    if a.firsts & b.next or b.firsts & a.next:
        return "middle"
    if _alike(a.likes, b.likes):
        return "alike"
    if _crossed(one, other) and _crossed(other, one):
        return "swapped"
    initial = a.initials & b.letters or b.initials & a.letters
    return "initial" if initial else "different"


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


def _crossed(one: Traits, other: Traits) -> bool:
    """Whether the family name of one can be the given name of the other."""
    family, given = one.family, other.given
    return bool(family.whole & given.called) or _alike(family.likes, given.likes)


def _next_differs(one: Traits, other: Traits) -> bool:
    """Whether both have further names and no two of them can be one.

    Brothers may all be MOHAMMED and be called by the next name.
    """
    a, b = one.given, other.given
    return bool(a.next and b.next) and not (
        a.next & b.next
        or _alike(a.next_likes, b.next_likes)
        or a.next_initials & b.next_letters
        or b.next_initials & a.next_letters
    )


def _alike(one: Likes, other: Likes) -> bool:
    """Whether two words can be one word misheard or mistyped: HAYDEN is not JAYDEN."""
    if one.sounds & other.sounds:
        return True
    return any(
        (a[0] == b[0] or a[:2] == b[1::-1]) and one_slip(a, b)
        for a, b in product(one.words, other.words)
    )
