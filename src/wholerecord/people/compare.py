"""How two patients compare, part by part: levels, not yet weights.

Every comparison is symmetric. A part that either does not say has the level "": no evidence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wholerecord.nhs import PartialDate
from wholerecord.people.compare_names import families_compared, givens_compared, one_slip
from wholerecord.people.demographics import Demographics

_VERIFIED = "01"  # UK Core NHS number verification status


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


def compare(one: Demographics, other: Demographics) -> Likeness:
    """The level of every comparison of two patients. Symmetric."""
    given = givens_compared(one, other)
    return Likeness(
        nhs_number=_number(one, other),
        born=_born(one.born, other.born),
        family=families_compared(one, other),
        given=given,
        sex=_sex(one.sex, other.sex),
        postcode=_postcode(one, other),
        phone=_shared(map(_dialled, one.phones), map(_dialled, other.phones)),
        email=_shared(map(_email, one.emails), map(_email, other.emails)),
        practice=_equal(one.practice, other.practice),
        years=_years(one.born, other.born),
    )


def _number(one: Demographics, other: Demographics) -> str:
    if one.nhs_number is not None and other.nhs_number is not None:
        verified = (one.nhs_status == _VERIFIED) + (other.nhs_status == _VERIFIED)
        if one.nhs_number == other.nhs_number:
            return "same_verified" if verified else "same"
        return "different_verified" if verified == 2 else "different"
    mine, theirs = _digits(one), _digits(other)
    if not mine or not theirs:
        return ""
    if mine == theirs:  # a valid number never equals one that fails its check
        return "same_bad"
    return "mistyped" if one_slip(mine, theirs) else ""


def _digits(said: Demographics) -> str:
    """The number as said, right or not; "" when it cannot have been meant as one."""
    if said.nhs_number is not None:
        return said.nhs_number.digits
    digits = re.sub(r"[\s-]", "", said.bad_nhs_number)
    meant = digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 11
    return digits if meant and len(set(digits)) > 2 else ""


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


def _sex(one: str, other: str) -> str:
    known = {"male", "female"}  # `other` and `unknown` speak neither for nor against
    return _equal(one, other) if one in known and other in known else ""


def _postcode(one: Demographics, other: Demographics) -> str:
    now, then = _postcodes(one)
    their_now, their_then = _postcodes(other)
    if now & their_now:
        return "same"
    mine, theirs = now | then, their_now | their_then
    if mine & theirs:
        return "past"
    if {each[:-2] for each in mine} & {each[:-2] for each in theirs}:
        return "near"
    return "different" if mine and theirs else ""


def _postcodes(said: Demographics) -> tuple[set[str], set[str]]:
    """The postcodes of today and those of addresses said to be old."""
    known = [(each.postcode, each.use == "old") for each in said.addresses[:64]]
    return (
        {code for code, past in known if code and not past},
        {code for code, past in known if code and past},
    )


def _dialled(said: str) -> str:
    """A telephone number as dialled in the UK; "" when it is nobody's own.

    >>> _dialled("+44 (0)7700 900123") == _dialled("07700 900123")
    True
    """
    digits = re.sub(r"\D", "", said.replace("(0)", ""))
    digits = re.sub(r"^(0044|44)0?", "0", digits)
    return digits if len(digits) >= 10 and len(set(digits[3:])) > 1 else ""


def _email(said: str) -> str:
    return said.strip().casefold() if "@" in said else ""


def _shared(one: Iterable[str], other: Iterable[str]) -> str:
    """People have several: one in common speaks for them, none in common says nothing."""
    return "same" if (set(one) & set(other)) - {""} else ""


def _equal(one: str, other: str) -> str:
    if not one or not other:
        return ""
    return "same" if one == other else "different"
