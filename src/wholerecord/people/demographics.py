"""Who a patient is said to be. `people.patient` reads it from a FHIR R4 Patient.

Source: UK Core NHS number verification status (CodeSystem UKCore-NHSNumberVerificationStatus,
codes 01 to 08).
"""

from dataclasses import dataclass

from wholerecord.nhs import NhsNumber, PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as said. `use` is a FHIR name use (official, usual, nickname, maiden, old, …)."""

    family: str
    given: tuple[str, ...] = ()
    prefix: str = ""
    use: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.prefix, *self.given, self.family) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as said; `postcode` is None when it is missing, a pseudo-postcode or invalid."""

    lines: tuple[str, ...]
    postcode: str | None
    use: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demographics:
    """Who one source says a patient is. Empty means not said.

    `nhs_number` is only a number whose check digit is right; `bad_nhs_number` keeps one that
    failed. `nhs_status` is the two-digit verification status, "" when not said; 01 is verified.
    `restricted` is the S flag (address and contacts are shown to nobody). `ethnicity` is a
    code of the NHS Data Dictionary's ethnic category 2001. `relatives` are whoever is named as a
    relative, next of kin or contact; `birth_order` is the place among children born together, from
    1, and 0 when it is not said.
    """

    names: tuple[Name, ...] = ()
    born: PartialDate | None = None
    died: PartialDate | None = None
    dead: bool = False
    sex: str = ""
    nhs_number: NhsNumber | None = None
    nhs_status: str = ""
    bad_nhs_number: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    addresses: tuple[Address, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    practice: str = ""
    restricted: bool = False
    ethnicity: str = ""
    relatives: tuple[Name, ...] = ()
    birth_order: int = 0

    @property
    def name(self) -> Name | None:
        """The name to call them by: official, else usual, else the first said."""
        order = {"official": 0, "usual": 1, "": 2, "nickname": 4, "maiden": 5, "old": 6}
        return min(self.names, key=lambda name: order.get(name.use, 3), default=None)

    def __repr__(self) -> str:
        return "Demographics(…)"  # a repr can reach a log
