"""A FHIR R4 Patient read into demographics.

Source: FHIR R4 Patient; UK Core Patient (NHS number, its verification status, ODS codes) and its
STU3 predecessor CareConnect; PDS FHIR API, `meta.security` of a restricted person.
"""

import re
from collections.abc import Iterable, Sequence

import msgspec

from wholerecord.nhs import NhsNumber, PartialDate, postcode
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM
from wholerecord.people.demographics import Address, Demographics, Name
from wholerecord.people.patient_parts import (
    SaidAddress,
    SaidContact,
    SaidIdentifier,
    SaidName,
    SaidPatient,
    extensions_of,
    read_patient,
)
from wholerecord.record import Saying
from wholerecord.record.resources import identified

_STATUS_EXTENSIONS = frozenset(
    {
        "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
        "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1",
        "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1",
        "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1",
    }
)
#: NHS Data Dictionary, "NHS NUMBER STATUS INDICATOR CODE", and the words UK Core gives each.
_STATUS_WORDS = {
    "number-present-and-verified": "01",
    "number-present-but-not-traced": "02",
    "trace-required": "03",
    "trace-attempted-no-match-or-multiple-match-found": "04",
    "trace-needs-to-be-resolved": "05",
    "trace-in-progress": "06",
    "number-not-present-and-trace-not-required": "07",
    "trace-postponed-baby-under-six-weeks-old": "08",
}
_STATUS_CODES = frozenset(_STATUS_WORDS.values())
_ETHNIC_EXTENSIONS = frozenset(
    {
        "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
        "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-EthnicCategory-1",
        "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-EthnicCategory-1",
    }
)
#: NHS Data Dictionary, "ETHNIC CATEGORY CODE 2001"; Z is not stated, 99 not known.
_ETHNIC_CODES = frozenset({*"ABCDEFGHJKLMNPRSZ", "99"})
_ODS_SYSTEM = "https://fhir.nhs.uk/Id/ods-organization-code"
_PRACTICE_CODE = re.compile(r"[A-Y]\d{5}")  # how ODS writes a GP practice; a trust is RXX or RXXNN
_RESTRICTED = frozenset({"R", "V", "S"})
_PHONES = frozenset({"phone", "sms", "pager"})
_SEXES = frozenset({"male", "female", "other", "unknown"})


def demographics_of(sayings: Iterable[Saying]) -> Demographics | None:
    """What the last saying of kind `Patient` says of who the patient is, or None without one.

    One that takes the Patient back says nothing any more of who that is: nobody is compared with
    them, or found by what was said. It does not lift a restriction, which protects until another
    Patient is said.
    """
    patients = [saying for saying in sayings if saying.kind == "Patient"]
    if not patients:
        return None
    said = from_patient(patients[-1].body)
    gone = identified(patients[-1].body)[1]
    return Demographics(restricted=said.restricted) if gone else said


def from_patient(body: bytes) -> Demographics:
    """Read a FHIR R4 Patient. Parts that are not as FHIR says are left out, never guessed.

    Never raises. A name that has only `text` is kept undivided, as a family name.

    >>> read = from_patient(b'{"name": [{"family": "Example"}], "birthDate": 7}')
    >>> read.name.family, read.born
    ('Example', None)
    """
    said = read_patient(body)
    born = PartialDate.parse(said.birth_date)
    died = PartialDate.parse(said.deceased_date_time)
    number, status, bad = _nhs_number(said.identifier)
    return Demographics(
        names=_names(said.name),
        born=born if born and born.precision != "moment" else None,
        died=died,
        dead=said.deceased_boolean or died is not None,
        sex=said.gender if said.gender in _SEXES else "",
        nhs_number=number,
        nhs_status=status,
        bad_nhs_number=bad,
        identifiers=tuple((each.system, each.value) for each in said.identifier if each.value),
        addresses=_addresses(said.address),
        phones=_contacts(said.telecom, _PHONES),
        emails=_contacts(said.telecom, frozenset({"email"})),
        practice=_practice(said),
        restricted=any(label.code in _RESTRICTED for label in said.meta.security),
        ethnicity=_ethnicity(said.extension),
        relatives=_names([each.name for each in said.contact]),
        birth_order=max(said.multiple_birth_integer, 0),
    )


def _nhs_number(said: Sequence[SaidIdentifier]) -> tuple[NhsNumber | None, str, str]:
    """The number in use (a verified one first), its status, and one that failed its check."""
    bad = ""
    best: tuple[NhsNumber | None, str] = (None, "")
    for identifier in said:
        if identifier.system != NHS_NUMBER_SYSTEM or identifier.use == "old":
            continue
        number, status = NhsNumber.parse(identifier.value), _status(identifier.extension)
        if number is None:
            bad = bad or identifier.value
        if _rank(number, status) > _rank(*best):
            best = (number, status)
    return best[0], best[1], bad


def _rank(number: NhsNumber | None, status: str) -> tuple[bool, bool, bool]:
    return (number is not None, number is not None and status == "01", status != "")


def _status(raw: msgspec.Raw) -> str:
    """The verification status as its two-digit code, or "" when it is not said."""
    for extension in extensions_of(raw):
        if extension.url in _STATUS_EXTENSIONS:
            for coding in extension.value_codeable_concept.coding:
                code = _STATUS_WORDS.get(coding.code.lower(), coding.code)
                if code in _STATUS_CODES:
                    return code
    return ""


def _names(said: Sequence[SaidName]) -> tuple[Name, ...]:
    """The names, those that have ended last."""
    return tuple(
        name
        for each in sorted(said, key=lambda each: each.period.end != "")
        if (name := _name(each)).family or name.given
    )


def _name(said: SaidName) -> Name:
    given = _words(said.given)
    family = said.family.strip()
    return Name(
        family=family or ("" if given else said.text.strip()),
        given=given,
        prefix=" ".join(_words(said.prefix)) if family or given else "",
        use=said.use,
    )


def _addresses(said: Sequence[SaidAddress]) -> tuple[Address, ...]:
    """The addresses, those that have ended last."""
    return tuple(
        address
        for each in sorted(said, key=lambda each: each.period.end != "")
        if (address := _address(each)).lines or address.postcode
    )


def _address(said: SaidAddress) -> Address:
    lines = _words((*said.line, said.city, said.district, said.state))
    return Address(
        lines=lines or _words((said.text,)), postcode=postcode(said.postal_code), use=said.use
    )


def _ethnicity(raw: msgspec.Raw) -> str:
    """The code of the ethnic category, "" when it is not said."""
    for extension in extensions_of(raw):
        if extension.url in _ETHNIC_EXTENSIONS:
            for coding in extension.value_codeable_concept.coding:
                if coding.code in _ETHNIC_CODES:
                    return coding.code
    return ""


def _words(said: Sequence[str | None]) -> tuple[str, ...]:
    """What is left when blanks and repetitions are taken away, in order."""
    return tuple(dict.fromkeys(word for each in said if each and (word := each.strip())))


def _contacts(said: Sequence[SaidContact], systems: frozenset[str]) -> tuple[str, ...]:
    return _words([each.value for each in said if each.system in systems and each.use != "old"])


def _practice(said: SaidPatient) -> str:
    """The ODS code of the GP practice, or "".

    A managing organisation counts only when its code is a practice's: a hospital manages the
    patients of its own system, and is nobody's practice.
    """
    for reference in said.general_practitioner:
        if reference.identifier.system == _ODS_SYSTEM and reference.identifier.value:
            return reference.identifier.value.strip().upper()
    managing = said.managing_organization.identifier
    code = managing.value.strip().upper()
    return code if managing.system == _ODS_SYSTEM and _PRACTICE_CODE.fullmatch(code) else ""
