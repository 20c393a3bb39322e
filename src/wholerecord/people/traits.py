"""What of a patient is compared, made comparable once: a newcomer meets many candidates."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from wholerecord.nhs import PartialDate
from wholerecord.people.demographics import Demographics
from wholerecord.people.names import families, givens

#: More addresses, telephones or emails than this, one patient does not have.
_MOST = 64
_VERIFIED = "01"  # UK Core NHS number verification status
_SPACES = re.compile(r"[\s-]")
_NOT_DIGITS = re.compile(r"\D")
_ABROAD = re.compile(r"^(?:0044|44)0?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """A patient in comparable form; empty means not said, or said and nobody's.

    `number` is the NHS number as said, right or not; `valid` whether its check digit is right.
    `turned` are family and first given name with their places exchanged.
    """

    families: tuple[tuple[str, ...], ...]
    givens: tuple[tuple[str, ...], ...]
    names: frozenset[tuple[str, str]]
    turned: frozenset[tuple[str, str]]
    born: PartialDate | None
    sex: str
    number: str
    valid: bool
    verified: bool
    postcodes: frozenset[str]
    past_postcodes: frozenset[str]
    phones: frozenset[str]
    emails: frozenset[str]
    practice: str


def traits(said: Demographics) -> Traits:
    """What of a patient is compared."""
    family, given = families(said), givens(said)
    names = frozenset(("".join(one), other[0]) for one in family for other in given)
    places = [(each.postcode, each.use == "old") for each in said.addresses[:_MOST]]
    return Traits(
        families=family,
        givens=given,
        names=names,
        turned=frozenset((given, family) for family, given in names),
        born=said.born,
        sex=said.sex if said.sex in {"male", "female"} else "",  # the others say nothing
        number=said.nhs_number.digits if said.nhs_number else _meant(said.bad_nhs_number),
        valid=said.nhs_number is not None,
        verified=said.nhs_number is not None and said.nhs_status == _VERIFIED,
        postcodes=frozenset(code for code, past in places if code and not past),
        past_postcodes=frozenset(code for code, past in places if code and past),
        phones=_known(map(_dialled, said.phones[:_MOST])),
        emails=_known(each.strip().casefold() for each in said.emails[:_MOST] if "@" in each),
        practice=said.practice,
    )


def _known(said: Iterable[str]) -> frozenset[str]:
    return frozenset(each for each in said if each)


def _meant(bad: str) -> str:
    """A number that failed its check, as digits; "" when it cannot have been meant as one."""
    digits = _SPACES.sub("", bad)
    meant = digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 11
    return digits if meant and len(set(digits)) > 2 else ""


@lru_cache(maxsize=65536)
def _dialled(said: str) -> str:
    """A telephone number as dialled in the UK; "" when it is nobody's own.

    >>> _dialled("+44 (0)7700 900123") == _dialled("07700 900123")
    True
    """
    digits = _ABROAD.sub("0", _NOT_DIGITS.sub("", said.replace("(0)", "")))
    return digits if len(digits) >= 10 and len(set(digits[3:])) > 1 else ""
