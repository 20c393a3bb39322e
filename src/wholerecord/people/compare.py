"""How two patients compare, part by part: levels, not yet weights.

Every comparison is symmetric. A part that either does not say has the level "": no evidence.
"""

from dataclasses import dataclass

from wholerecord.nhs import PartialDate
from wholerecord.people.compare_names import families_compared, givens_compared, one_slip
from wholerecord.people.traits import Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The level of each comparison: a key of its table in `weights.toml`, or "".

    `years` is how many whole years lie between the dates of birth, 0 when either is not known.
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
    years: int


def compare(one: Traits, other: Traits) -> Likeness:
    """The level of every comparison of two patients. Symmetric."""
    return Likeness(
        nhs_number=_number(one, other),
        born=_born(one.born, other.born),
        family=families_compared(one, other),
        given=givens_compared(one, other),
        sex=_equal(one.sex, other.sex),
        postcode=_postcode(one, other),
        # People have several: one in common speaks for them, none in common says nothing.
        phone="" if one.phones.isdisjoint(other.phones) else "same",
        email="" if one.emails.isdisjoint(other.emails) else "same",
        practice=_equal(one.practice, other.practice),
        years=_years(one.born, other.born),
    )


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


def _born(one: PartialDate | None, other: PartialDate | None) -> str:
    if one is None or other is None:
        return ""
    a, b = sorted((one.text[:10], other.text[:10]))
    shared = min(len(a), len(b))
    if shared < 10:
        if a[:shared] != b[:shared]:
            return "different"
        return "same_month" if shared == 7 else "same_year"
    if a == b:
        return "exact_january" if a.endswith("-01-01") else "exact"
    if a[:4] == b[:4] and (a[5:7], a[8:]) == (b[8:], b[5:7]):
        return "turned"
    if a[:4] == b[:4] and a.endswith("-01-01"):  # sorted: 1 January is the earlier
        return "same_year"
    return "slip" if one_slip(a.replace("-", ""), b.replace("-", "")) else "different"


def _years(one: PartialDate | None, other: PartialDate | None) -> int:
    if one is None or other is None:
        return 0
    return int(one.days_from(other) // 365.25)


def _postcode(one: Traits, other: Traits) -> str:
    if one.postcodes & other.postcodes:
        return "same"
    mine, theirs = one.postcodes | one.past_postcodes, other.postcodes | other.past_postcodes
    if mine & theirs:
        return "past"
    if {each[:-2] for each in mine} & {each[:-2] for each in theirs}:
        return "near"
    return "different" if mine and theirs else ""


def _equal(one: str, other: str) -> str:
    if not one or not other:
        return ""
    return "same" if one == other else "different"
