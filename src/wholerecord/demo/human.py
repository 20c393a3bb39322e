"""A made-up human being of the region, and how one source knows them."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where somebody lives. `district` decides the practice they are registered with."""

    line: str
    town: str
    postcode: str
    practice: str
    phone: str

    @property
    def lines(self) -> tuple[str, str]:
        """Street and town."""
        return (self.line, self.town)


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """A human being as they really are: what no single source need know.

    `key` is how `truth.json` calls them. `nhs_number` is ten digits, "" for a newborn without one.
    """

    key: str
    family: str
    given: tuple[str, ...]
    prefix: str
    sex: str
    born: date
    home: Home
    nhs_number: str
    mobile: str = ""
    email: str = ""
    ethnicity: str = ""
    died: date | None = None

    def age(self, on: date) -> int:
        """Completed years on the day `on`."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A human as one source knows them from some day on: its own number, and what it has wrong.

    What is None is as it truly is. `verified` is the NHS number's verification status, 01 to 08.
    """

    human: Human
    source: str
    number: str
    family: str | None = None
    given: tuple[str, ...] | None = None
    born: date | None = None
    nhs_number: str | None = None
    verified: str = "01"
    home: Home | None = None
    restricted: bool = False
    formerly: str = ""
    contact: tuple[str, str, str] | None = field(default=None)

    @property
    def said_family(self) -> str:
        """The family name this source has."""
        return self.human.family if self.family is None else self.family

    @property
    def said_given(self) -> tuple[str, ...]:
        """The given names this source has."""
        return self.human.given if self.given is None else self.given

    @property
    def said_nhs_number(self) -> str:
        """The NHS number this source has, right or wrong; "" when it has none."""
        return self.human.nhs_number if self.nhs_number is None else self.nhs_number

    @property
    def said_born(self) -> date:
        """The date of birth this source has."""
        return self.human.born if self.born is None else self.born

    @property
    def said_home(self) -> Home | None:
        """Where this source has them living; None when the address is restricted."""
        return None if self.restricted else (self.home or self.human.home)
