"""What of a patient is compared, made comparable once: a newcomer meets many candidates."""

import re
from collections.abc import Iterable

import msgspec

from wholerecord.nhs import PartialDate
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM
from wholerecord.people.demographics import Demographics, Name
from wholerecord.people.heard import Called, Family, called, family_of
from wholerecord.people.names import MOST, families, givens, whole_sound
from wholerecord.remembered import Remembered

#: More addresses, telephones or emails than this, one patient does not have.
_MOST = 64
#: Nobody has more brothers and sisters born with them: such a number is another.
_LAST_BORN = 9
_VERIFIED = "01"  # UK Core NHS number verification status
#: What is compared as the NHS number; and what names no patient of one source.
_NOT_LOCAL = frozenset({NHS_NUMBER_SYSTEM, ""})
#: Of most patients little is said: no set is made for what is not.
_NONE: frozenset[str] = frozenset()
_SPACES = re.compile(r"[\s-]")
_NOT_DIGITS = re.compile(r"\D")
_ABROAD = re.compile(r"^(?:0044|44)0?")


class Traits(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A patient in comparable form; empty means not said, or said and nobody's.

    A struct and not a dataclass because one is made of every candidate of every newcomer.

    `number` is the NHS number as said, right or not; `valid` whether its check digit is right.
    `local` are the numbers sources have given, each with what it is a number of.
    """

    family: Family
    given: Called
    born: PartialDate | None
    sex: str
    number: str
    valid: bool
    verified: bool
    postcodes: frozenset[str]
    past_postcodes: frozenset[str]
    sectors: frozenset[str]
    phones: frozenset[str]
    emails: frozenset[str]
    practice: str
    local: frozenset[str]
    systems: frozenset[str]
    relatives: frozenset[str]
    relative_sounds: frozenset[str]
    relative_givens: frozenset[str]
    birth_order: int


def traits(said: Demographics) -> Traits:
    """What of a patient is compared."""
    family, given = families(said), givens(said)
    places = [
        (each.postcode, each.use == "old") for each in said.addresses[:_MOST] if each.postcode
    ]
    named = [relative(each) for each in said.relatives[:MOST]] if said.relatives else ()
    local = [each for each in said.identifiers[:_MOST] if each[0] not in _NOT_LOCAL]
    return Traits(
        family=family_of(family),
        given=called(given),
        born=said.born,
        sex=said.sex if said.sex in {"male", "female"} else "",  # the others say nothing
        number=said.nhs_number.digits if said.nhs_number else meant(said.bad_nhs_number),
        valid=said.nhs_number is not None,
        verified=said.nhs_number is not None and said.nhs_status == _VERIFIED,
        postcodes=frozenset([code for code, past in places if not past]),
        past_postcodes=frozenset([code for code, past in places if past]),
        sectors=frozenset([code[:-2] for code, _ in places]),
        phones=_known(map(dialled, said.phones[:_MOST])) if said.phones else _NONE,
        emails=_known(map(mailed, said.emails[:_MOST])) if said.emails else _NONE,
        practice=said.practice,
        local=frozenset([f"{system}|{value}" for system, value in local]) if local else _NONE,
        systems=frozenset([system for system, _ in local]) if local else _NONE,
        relatives=_known(whole for whole, _, _ in named) if named else _NONE,
        relative_sounds=_known(sound for _, sound, _ in named) if named else _NONE,
        relative_givens=_known(given for _, _, given in named) if named else _NONE,
        birth_order=said.birth_order if said.birth_order <= _LAST_BORN else 0,
    )


def relative(said: Name) -> tuple[str, str, str]:
    """A relative's first given and family name as one word, how it sounds, and the given name.

    Empty where the name says too little to be somebody's: one word, or a placeholder.

    >>> relative(Name(family="Smyth-Jones", given=("Ann", "Bea")))
    ('ANNSMYTHJONES', 'A5253252', 'ANN')
    """
    alone = Demographics(names=(said,))
    family = [word for each in families(alone) for word in each]
    given = [each[0] for each in givens(alone)]
    if len(family) + len(given) < 2:
        return "", "", ""
    whole = "".join((*given, *family))
    return whole, whole_sound(whole), given[0] if given else ""


def _known(said: Iterable[str]) -> frozenset[str]:
    return frozenset([each for each in said if each])


def meant(bad: str) -> str:
    """A number that failed its check, as digits; "" when it cannot have been meant as one."""
    digits = _SPACES.sub("", bad)
    meant = digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 11
    return digits if meant and len(set(digits)) > 2 else ""


def dialled(said: str) -> str:
    """A telephone number as dialled in the UK; "" when it is nobody's own.

    >>> dialled("+44 (0)7700 900123") == dialled("07700 900123")
    True
    """
    return _DIALLED[said]


def _dialled(said: str) -> str:
    digits = _ABROAD.sub("0", _NOT_DIGITS.sub("", said.replace("(0)", "")))
    return digits if len(digits) >= 10 and len(set(digits[3:])) > 1 else ""


_DIALLED = Remembered(_dialled)


def mailed(said: str) -> str:
    """An email address as it is compared; "" when it is none."""
    return said.strip().casefold() if "@" in said else ""
