"""How two patients compare, part by part: levels, not yet weights.

Every comparison is symmetric. A part that either does not say has the level "": no evidence.
`people.bulk` says the same in SQL; a test holds the two together.
"""

import msgspec

from wholerecord.nhs import PartialDate
from wholerecord.people.compare_names import families_compared, givens_compared, one_slip
from wholerecord.people.traits import Traits


class Likeness(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The level of each comparison: one of its levels in the model, or "".

    `years` is how many whole years lie between the dates of birth, 0 when either is not known.
    `families` and `givens` are the present names of both, whose frequency counts.
    """

    nhs_number: str
    born: str
    family: str
    given: str
    sex: str
    postcode: str
    phone: str
    email: str
    practice: str
    local: str
    relative: str
    birth_order: str
    years: int
    families: tuple[str, str] = ("", "")
    givens: tuple[str, str] = ("", "")


def compare(one: Traits, other: Traits) -> Likeness:
    """The level of every comparison of two patients. Symmetric."""
    born, years = _born(one.born, other.born)
    return Likeness(
        nhs_number=_number(one, other),
        born=born,
        family=families_compared(one, other),
        given=givens_compared(one, other),
        sex=_equal(one.sex, other.sex),
        postcode=_postcode(one, other),
        phone=_shared(one.phones, other.phones),
        email=_shared(one.emails, other.emails),
        practice=_equal(one.practice, other.practice),
        local=_local(one, other),
        relative=_relative(one, other),
        birth_order=_birth_order(one, other),
        years=years,
        families=_both(one.family.term, other.family.term),
        givens=_both(one.given.term, other.given.term),
    )


def _both(one: str, other: str) -> tuple[str, str]:
    """The two, in an order of their own."""
    return (one, other) if one <= other else (other, one)


def _number(one: Traits, other: Traits) -> str:
    if not one.number or not other.number:
        return ""
    if one.valid and other.valid:
        if one.number == other.number:
            return "same_verified" if one.verified or other.verified else "same"
        return "different_verified" if one.verified and other.verified else "different"
    if one.number == other.number:  # a valid number never equals one that fails its check
        return "same_bad"
    return "mistyped" if one_slip(one.number, other.number) else ""


def _born(one: PartialDate | None, other: PartialDate | None) -> tuple[str, int]:
    """The level of the dates of birth, and the whole years between them."""
    if one is None or other is None:
        return "", 0
    a, b = one.text[:10], other.text[:10]
    if a == b and len(a) == 10:  # as nearly all who meet: a birthday is most of what blocks
        return ("exact_january" if a.endswith("-01-01") else "exact"), 0
    return _days(a, b), int(one.days_from(other) // 365.25)


def _days(one: str, other: str) -> str:
    """The level of two dates of which one is not a day, or is another."""
    a, b = sorted((one, other))
    shared = min(len(a), len(b))
    if shared < 10:
        if a[:shared] != b[:shared]:
            return "different"
        return "same_month" if shared == 7 else "same_year"
    if a[:4] == b[:4] and (a[5:7], a[8:]) == (b[8:], b[5:7]):
        return "turned"
    if a[:4] == b[:4] and a.endswith("-01-01"):  # sorted: 1 January is the earlier
        return "same_year"
    if one_slip(a.replace("-", ""), b.replace("-", "")):
        return "slip"
    parts = (a[:4] == b[:4]) + (a[5:7] == b[5:7]) + (a[8:] == b[8:])
    return "two_parts" if parts == 2 else "different"


def _postcode(one: Traits, other: Traits) -> str:
    if one.postcodes & other.postcodes:
        return "same"
    if (one.postcodes | one.past_postcodes) & (other.postcodes | other.past_postcodes):
        return "past"
    if one.sectors & other.sectors:
        return "near"
    return "different" if one.sectors and other.sectors else ""


def _local(one: Traits, other: Traits) -> str:
    """One source gives one person two numbers more often than anybody likes."""
    if one.local & other.local:
        return "same"
    return "different" if one.systems & other.systems else ""


def _relative(one: Traits, other: Traits) -> str:
    """A patient may have many relatives, and a source names whom it was told of."""
    if not one.relatives or not other.relatives:
        return ""
    if one.relatives & other.relatives:
        return "same"
    if one.relative_sounds & other.relative_sounds:
        return "alike"
    return "given" if one.relative_givens & other.relative_givens else "different"


def _birth_order(one: Traits, other: Traits) -> str:
    if not one.birth_order or not other.birth_order:
        return ""
    return "same" if one.birth_order == other.birth_order else "different"


def _shared(one: frozenset[str], other: frozenset[str]) -> str:
    if not one or not other:
        return ""
    return "same" if one & other else "different"


def _equal(one: str, other: str) -> str:
    if not one or not other:
        return ""
    return "same" if one == other else "different"
