"""Drawing humans: names by sex, age and heritage, homes, telephone and NHS numbers.

NHS numbers are of the 999 range, which is never issued. Telephone numbers are of the ranges Ofcom
keeps for drama (0113 496 0000 to 0999, 07700 900000 to 900999). Postcodes have districts that do
not exist. E-mail addresses are of example.org (RFC 2606).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random

from wholerecord.demo.human import Home, Human
from wholerecord.demo.tables import rows
from wholerecord.nhs import NhsNumber

_HERITAGE = {
    "british": 78,
    "pakistani": 8,
    "irish": 2,
    "indian": 3,
    "bangladeshi": 1,
    "african": 2,
    "caribbean": 1,
    "polish": 2,
    "chinese": 1,
    "romanian": 1,
    "arab": 0.5,
    "ukrainian": 0.5,
}

#: Heritage to ethnic category. Source: NHS Data Dictionary, "ETHNIC CATEGORY CODE 2001".
ETHNICITY = {
    "british": ("A", "British, Mixed British"),
    "irish": ("B", "Irish"),
    "polish": ("C", "Any other White background"),
    "romanian": ("C", "Any other White background"),
    "ukrainian": ("C", "Any other White background"),
    "indian": ("H", "Indian or British Indian"),
    "pakistani": ("J", "Pakistani or British Pakistani"),
    "bangladeshi": ("K", "Bangladeshi or British Bangladeshi"),
    "caribbean": ("M", "Caribbean"),
    "african": ("N", "African"),
    "chinese": ("R", "Chinese"),
    "arab": ("S", "Any other ethnic group"),
}


class Casting:
    """Draws humans from one seed; no two get the same NHS number, key or first home."""

    def __init__(self, seed: int, today: date) -> None:
        self.rng = Random(seed)
        self.today = today
        self._nhs_numbers = _nhs_numbers(self.rng)
        self._humans = 0
        self._ids = 0
        self._numbers: dict[str, int] = {}

    def heritage(self) -> str:
        """One heritage, as often as in the region."""
        return self.rng.choices(list(_HERITAGE), weights=list(_HERITAGE.values()))[0]

    def surname(self, heritage: str) -> str:
        """A surname of that heritage."""
        return self.rng.choice(_surnames(heritage))

    def home(self) -> Home:
        """A home in one of the region's towns."""
        place = self.rng.choice(rows("places"))
        street = self.rng.choice(rows("streets"))["name"]
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        unit = self.rng.choice(letters) + self.rng.choice(letters)
        return Home(
            line=f"{self.rng.randint(1, 140)} {street}",
            town=place["town"],
            postcode=f"{place['district']} {self.rng.randint(1, 9)}{unit}",
            practice=place["practice"],
            phone=f"0113 496 0{self.rng.randint(0, 999):03d}",
        )

    def born(self, youngest: int, oldest: int) -> date:
        """A date of birth that makes somebody `youngest` to `oldest` years old today."""
        days = self.rng.randint(round(youngest * 365.25), round((oldest + 1) * 365.25) - 1)
        return self.today - timedelta(days=days)

    def nhs_number(self) -> str:
        """An NHS number nobody of the region has yet."""
        return next(self._nhs_numbers)

    def number(self, source: str, prefix: str, digits: int = 6) -> str:
        """The next number `source` gives a patient, e.g. `A104217`; steps are uneven."""
        last: int = self._numbers.get(source) or int("1" + "0" * (digits - 1))
        last += self.rng.randint(1, 97)
        self._numbers[source] = last
        return f"{prefix}{last}"

    def next_id(self, kind: str) -> str:
        """An id no other happening of the region has, e.g. `condition-1042`."""
        self._ids += 1
        return f"{kind}-{self._ids}"

    def human(
        self,
        *,
        sex: str,
        born: date,
        heritage: str = "british",
        family: str = "",
        given: tuple[str, ...] = (),
        home: Home | None = None,
        nhs_number: str | None = None,
    ) -> Human:
        """A human; what is not given is drawn."""
        self._humans += 1
        family = family or self.surname(heritage)
        given = given or self._given(sex, born, heritage)
        age = (self.today - born).days / 365.25
        reachable = 12 < age < 88
        mobile = f"07700 900{self.rng.randint(0, 999):03d}" if reachable else ""
        has_email = reachable and self.rng.random() < 0.7
        address = f"{given[0]}.{family}{self._humans}".lower().replace("'", "").replace(" ", "")
        return Human(
            key=f"human-{self._humans:03d}",
            family=family,
            given=given,
            prefix=self._prefix(sex, age),
            sex=sex,
            born=born,
            home=home or self.home(),
            nhs_number=self.nhs_number() if nhs_number is None else nhs_number,
            mobile=mobile,
            email=f"{address}@example.org" if has_email else "",
            ethnicity=heritage,
        )

    def _given(self, sex: str, born: date, heritage: str) -> tuple[str, ...]:
        names = _given_names(sex, born.year, heritage)
        first = self.rng.choice(names)
        second = self.rng.choice(names)
        return (first,) if second == first or self.rng.random() < 0.5 else (first, second)

    def _prefix(self, sex: str, age: float) -> str:
        if age < 16:
            return "Master" if sex == "male" else "Miss"
        if sex == "male":
            return "Mr"
        return self.rng.choice(("Mrs", "Mrs", "Ms") if age > 35 else ("Miss", "Ms", "Mrs"))


@cache
def _surnames(heritage: str) -> tuple[str, ...]:
    return tuple(row["name"] for row in rows("surnames") if row["heritage"] == heritage)


@cache
def _given_names(sex: str, year: int, heritage: str) -> tuple[str, ...]:
    return tuple(
        row["name"]
        for row in rows("given_names")
        if row["sex"] == sex
        and row["heritage"] == heritage
        and int(row["born_from"]) <= year <= int(row["born_to"])
    )


def _nhs_numbers(rng: Random) -> Iterator[str]:
    """Valid numbers of the 999 range, none twice, in no order."""
    seen: set[int] = set()
    while True:
        middle = rng.randrange(1_000, 1_000_000)
        nine = f"999{middle:06d}"
        check = NhsNumber.check_digit(nine)
        if middle not in seen and check < 10:
            seen.add(middle)
            yield f"{nine}{check}"
