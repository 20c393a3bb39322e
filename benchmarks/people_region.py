"""A made-up region of British-looking people with known truth, and the traps of matching in it.

`python -m benchmarks.people_region FILE [records] [seed]`

Twins, siblings, mother and baby, father and son of one name, BABY OF, unknown males, stolen,
borrowed and mistyped numbers, changed, exchanged, shortened and transliterated names, double
surnames, moved house, day and month exchanged, 1 January, new numbers after adoption or transition
(two persons: never to be joined). Seed 1 is for tuning, seed 2 for reporting.

Numbers are of the 999 range. Each record has `person`, who it truly is, and for fairness `origin`,
`deprivation` (1, least, to 5) and `year`, of birth.
"""
# ruff: noqa: E501 - rows of a table stay rows

import csv
import random
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from benchmarks.people_names import Names, short, variants
from wholerecord.nhs import NhsNumber

TUNING, REPORTING = 1, 2
COLUMNS = (
    "id", "source", "local_number", "nhs_number", "nhs_status", "family", "previous_family", "given",
    "born", "sex", "postcode", "past_postcode", "phone", "email", "practice",
)  # fmt: skip
TRUTH = ("person", "origin", "deprivation", "year")
_ORIGINS = ("british", "south_asian", "eastern", "african", "chinese")
_SHARES = (80, 10, 4, 4, 2)
#: source: share of records, share with an NHS number, share of those verified, how sloppy it is.
_SOURCES = {
    "gp": (0.30, 0.97, 0.995, 0.4),
    "hospital-north": (0.22, 0.84, 0.90, 1.0),
    "hospital-south": (0.18, 0.80, 0.88, 1.1),
    "community": (0.16, 0.75, 0.60, 1.2),
    "urgent": (0.14, 0.55, 0.30, 2.2),
}
_TODAY = date(2026, 1, 1)


@dataclass(slots=True)
class Human:
    """Somebody, as they truly are."""

    person: str
    number: str
    origin: str
    deprivation: int
    sex: str
    born: date
    families: list[str]  #: from the present one back
    given: list[str]
    postcodes: list[str]  #: from the present one back
    phones: list[str]
    email: str
    practice: str
    baby_of: str = ""
    local: dict[str, str] = field(default_factory=dict[str, str])


class Region:
    """Draws households, then what five kinds of source wrote down about everybody in them."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._names = Names(random.Random(99))  # the same names are rare in every region
        self._names._draw = self._draw  # noqa: SLF001 - drawn from this region's seed
        self._persons = 0
        self._numbers = self._draw.sample(range(1_000_000), 1_000_000)

    def records(self, count: int) -> Iterator[tuple[str, ...]]:
        """So many records, in no order a matcher could learn from."""
        made: list[list[str]] = []
        while len(made) < count:
            home = self._household()
            for human in home:
                made.extend(self._said(human, home))
            if self._chance(0.001):
                made.append(self._unknown())
        self._draw.shuffle(made)
        for n, row in enumerate(made[:count]):
            yield (str(n), *row)

    def _chance(self, share: float) -> bool:
        return self._draw.random() < share

    def _household(self) -> list[Human]:  # noqa: C901 - chance after chance, in order
        draw = self._draw
        origin = draw.choices(_ORIGINS, _SHARES)[0]
        deprivation = draw.choices((1, 2, 3, 4, 5), (22, 21, 20, 19, 18) if origin == "british" else (8, 12, 18, 26, 36))[0]  # fmt: skip
        family = self._names.family(origin)
        if origin == "british" and self._chance(0.02):
            family = f"{family}-{self._names.family(origin)}"
        codes = [self._postcode(deprivation)]
        while self._chance(0.16 + 0.03 * deprivation) and len(codes) < 4:
            codes.append(self._postcode(deprivation))
        practice = f"A8{draw.randrange(100) * 10 + draw.randrange(3):04}"
        line = self._phone()
        born = date(1930, 1, 1) + timedelta(days=int(25000 * draw.random() ** 0.9))
        grown = [self._human("m" if self._chance(0.5) else "f", born, origin, deprivation, family)]
        if self._chance(0.55):
            other = "f" if grown[0].sex == "m" else "m"
            shift = timedelta(days=int(draw.gauss(0, 1300)))
            theirs = min(born + shift, date(2004, 1, 1))
            grown.append(self._human(other, theirs, origin, deprivation, family))
        young = self._children(grown, origin, deprivation, family) if self._chance(0.55) else []
        for human in (*grown, *young):
            human.postcodes = list(codes)
            human.practice = practice if self._chance(0.92) else f"A8{draw.randrange(1000):04}"
            own = self._phone()
            human.phones = [line] if human in young or self._chance(0.2) else [own, line]
            if human in grown and self._chance(0.35):
                human.phones.append(self._phone())
        for human in grown:
            if human.sex == "f" and self._chance(0.55):
                before = self._names.family(origin)
                human.families = [family, before]
                if self._chance(0.12):
                    human.families = [f"{before}-{family}", before]
                elif self._chance(0.1):
                    human.families = [before, family]
        home = [*grown, *young]
        if self._chance(0.002):
            home.append(self._again(draw.choice(home)))
        return home

    def _children(
        self, grown: list[Human], origin: str, deprivation: int, family: str
    ) -> list[Human]:
        draw = self._draw
        mother = next((each for each in grown if each.sex == "f"), None)
        first = (mother or grown[0]).born + timedelta(days=int(draw.uniform(19, 36) * 365))
        children: list[Human] = []
        while first < _TODAY - timedelta(days=30) and len(children) < 5:
            sex = draw.choice("mf")
            child = self._human(sex, first, origin, deprivation, family)
            father = next((each for each in grown if each.sex == "m"), None)
            if sex == "m" and father and self._chance(0.05):
                child.given = [father.given[0], *child.given[1:]]
            child.baby_of = mother.given[0] if mother else ""
            while any(child.given[0] == each.given[0] for each in children):
                child.given[0] = self._names.given(origin, sex, first.year)
            children.append(child)
            if self._chance(0.016):
                second = self._human(sex if self._chance(0.6) else draw.choice("mf"), first, origin, deprivation, family)  # fmt: skip
                if self._chance(0.25):  # twins are often called alike
                    second.given[0] = second.given[0] if self._chance(0.5) else child.given[0][0] + second.given[0][1:]  # fmt: skip
                second.baby_of = child.baby_of
                children.append(second)
            if self._chance(0.45):
                break
            first += timedelta(days=int(draw.uniform(1.0, 5.0) * 365))
        return children

    def _human(self, sex: str, born: date, origin: str, deprivation: int, family: str) -> Human:
        given = [self._names.given(origin, sex, born.year)]
        if self._chance(0.75):
            given.append(self._names.given(origin, sex, born.year))
        if origin == "south_asian" and sex == "m" and self._chance(0.3):
            given = ["Mohammed", *given][:2]
        if origin != "british" and self._chance(0.06):
            born = born.replace(month=1, day=1)
        self._persons += 1
        mail = f"{given[0]}.{family}{self._draw.randrange(1000)}@example.org".lower()
        return Human(
            person=str(self._persons), number=self._number(), origin=origin, deprivation=deprivation,
            sex=sex, born=born, families=[family], given=given, postcodes=[], phones=[],
            email=mail if self._chance(0.7) else "", practice="",
        )  # fmt: skip

    def _again(self, human: Human) -> Human:
        """Somebody with a new number, after adoption or transition: never to be joined to before."""
        sex = "f" if human.sex == "m" else "m"
        new = self._human(sex, human.born, human.origin, human.deprivation, human.families[0])
        new.born, new.postcodes, new.phones = human.born, human.postcodes, human.phones
        new.practice = human.practice
        return new

    def _number(self) -> str:
        while self._numbers:
            nine = f"999{self._numbers.pop():06}"
            if (check := NhsNumber.check_digit(nine)) < 10 and len(set(nine)) > 1:
                return f"{nine}{check}"
        return ""  # the 999 range is used up: whoever comes now has none

    def _postcode(self, deprivation: int) -> str:
        draw = self._draw
        area = draw.choice(("LS", "BD", "HX", "WF", "HD", "YO", "S", "DN"))
        district = draw.randrange(4) * 5 + deprivation
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        return (
            f"{area}{district} {draw.randrange(1, 10)}{draw.choice(letters)}{draw.choice(letters)}"
        )

    def _phone(self) -> str:
        return f"0700{self._draw.randrange(10**7):07}"  # personal numbering, to nobody

    def _unknown(self) -> list[str]:
        """A patient brought in whom nobody could name."""
        self._persons += 1
        sex = self._draw.choice(("male", "female"))
        row = ["urgent", f"{self._draw.randrange(10**7)}", "", "", "Unknown", "", sex.capitalize(), f"{self._draw.randrange(1950, 2000)}-01-01", sex, "ZZ99 3VZ", "", "", "", ""]  # fmt: skip
        return [*row, str(self._persons), "unknown", "0", "0"]

    def _said(self, human: Human, home: list[Human]) -> list[list[str]]:
        """The records of somebody: older people and those often ill have more."""
        draw = self._draw
        count = 1 + int(draw.expovariate(1 / 1.6 if human.born.year > 1960 else 1 / 2.2))
        shares = [share for share, *_ in _SOURCES.values()]
        sources = draw.choices(list(_SOURCES), shares, k=min(count, 12))
        if self._chance(0.9):
            sources[0] = "gp"
        rows = [self._row(human, home, source) for source in sources]
        if human.baby_of and human.born.year >= 2015 and self._chance(0.3):
            rows.append(self._newborn(human, home))
        return rows

    def _row(self, human: Human, home: list[Human], source: str) -> list[str]:
        draw, sloppy = self._draw, _SOURCES[source][3]
        sloppy *= 0.8 + 0.1 * human.deprivation
        number, status = self._written_number(human, home, source, sloppy)
        at = 0 if self._chance(0.65) else draw.randrange(len(human.postcodes))
        code = human.postcodes[at]
        if self._chance(0.004 * sloppy):
            code = code[:-1] + draw.choice("ABDEFGH")
        past = (
            human.postcodes[at + 1] if at + 1 < len(human.postcodes) and self._chance(0.25) else ""
        )
        if self._chance(0.015 * sloppy):
            code = draw.choice(("", "ZZ99 3VZ"))
        family, before = self._written_family(human, at, sloppy)
        given = self._written_given(human, sloppy)
        if self._chance(0.002 * sloppy):
            family, given = given.split()[0], family
        sex = {"m": "male", "f": "female"}[human.sex]
        if self._chance(0.012 * sloppy):
            sex = draw.choice(("", "", "", "male", "female"))
        phone = draw.choice(human.phones) if self._chance(0.62) else ""
        local = human.local.setdefault(source, str(draw.randrange(10**8)))
        if self._chance(0.03 * sloppy):  # registered again
            local = str(draw.randrange(10**8))
        # Who moves far changes practice; people change their email less often than their telephone.
        practice = (
            human.practice if not at or self._chance(0.5) else f"{human.practice[:-1]}{at + 3}"
        )
        email = human.email.replace("@", ".home@") if self._chance(0.15) else human.email
        return [
            source, local, number, status, family, before, given, self._written_born(human.born, sloppy),
            sex, code, past, phone, email if self._chance(0.3) else "",
            practice if self._chance(0.75 if source != "gp" else 1) else "",
            human.person, human.origin, str(human.deprivation), str(human.born.year),
        ]  # fmt: skip

    def _newborn(self, human: Human, home: list[Human]) -> list[str]:
        """As the maternity ward wrote them down before they had a name."""
        row = self._row(human, home, "hospital-north")
        row[6] = self._draw.choice((f"Baby of {human.baby_of}", "Baby", f"Baby {human.baby_of}"))
        row[7] = human.born.isoformat()
        row[9] = human.postcodes[0]
        row[2:4] = [human.number, "01"] if self._chance(0.6) else ["", "08"]
        return row

    def _written_number(
        self, human: Human, home: list[Human], source: str, sloppy: float
    ) -> tuple[str, str]:
        _, known, verified, _ = _SOURCES[source]
        draw = self._draw
        if not human.number or not self._chance(known - 0.01 * human.deprivation - 0.035):
            return "", draw.choice(("", "03", "07"))
        if self._chance(verified):
            return human.number, "01"
        fate = draw.random()
        if fate < 0.02 * sloppy:
            return _slip(draw, human.number, string.digits), "02"
        if fate < 0.025 * sloppy:
            return draw.choice(home).number, draw.choice(("01", "02", ""))  # a borrowed number
        return human.number, draw.choice(("02", "03", ""))

    def _written_family(self, human: Human, at: int, sloppy: float) -> tuple[str, str]:
        draw = self._draw
        old = len(human.families) > 1 and (self._chance(0.2) or (at > 0 and self._chance(0.5)))
        family = human.families[1] if old else human.families[0]
        before = (
            human.families[1] if not old and len(human.families) > 1 and self._chance(0.2) else ""
        )
        if "-" in family and self._chance(0.3):
            family = draw.choice((family.replace("-", " "), *family.split("-")))
        if (others := variants(family)) and self._chance(0.12):
            family = draw.choice(others)
        if (
            human.origin == "eastern"
            and human.sex == "f"
            and family.endswith("ski")
            and self._chance(0.7)
        ):
            family = f"{family[:-1]}a"
        if self._chance(0.012 * sloppy):
            family = _slip(draw, family, string.ascii_lowercase)
        return (family.upper() if self._chance(0.3) else family), before

    def _written_given(self, human: Human, sloppy: float) -> str:
        draw = self._draw
        given = list(human.given)
        if ((others := variants(given[0])) and self._chance(0.15)) or (
            (others := short(given[0])) and self._chance(0.08)
        ):
            given[0] = draw.choice(others)
        if self._chance(0.012 * sloppy):
            given[0] = _slip(draw, given[0], string.ascii_lowercase)
        if len(given) > 1:
            fate = draw.random()
            if fate < 0.4:
                given = given[:1]
            elif fate < 0.55:
                given[1] = given[1][0]
            elif fate < 0.56:
                given = given[1:]
        if self._chance(0.004 * sloppy):
            given = [given[0][0]]
        return " ".join(given)

    def _written_born(self, born: date, sloppy: float) -> str:
        draw, said = self._draw, born.isoformat()
        fate = draw.random() / sloppy
        if fate < 0.003 and born.day <= 12:
            return f"{born.year}-{born.day:02}-{born.month:02}"
        if fate < 0.010:
            wrong = _slip(draw, said, string.digits)
            return wrong if _is_date(wrong) else said
        if fate < 0.012:
            return f"{born.year}-01-01"
        if fate < 0.013:
            return draw.choice(("", str(born.year), said[:7]))
        if fate < 0.0145:
            return f"{born.year}-{born.month:02}-{draw.randrange(1, 29):02}"
        return said


def _slip(draw: random.Random, text: str, letters: str) -> str:
    """One character wrong, left out, doubled or exchanged with the next."""
    at = draw.randrange(1, len(text)) if len(text) > 1 else 0
    match draw.randrange(4):
        case 0:
            return text[:at] + draw.choice(letters) + text[at + 1 :]
        case 1 if len(text) > 2:
            return text[:at] + text[at + 1 :]
        case 2:
            return text[:at] + text[at] + text[at:]
        case _:
            return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :] if at else text


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def write(path: Path, records: int, seed: int) -> None:
    """The region as one CSV file, its truth in the last columns."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow((*COLUMNS, *TRUTH))
        rows.writerows(Region(seed).records(records))


if __name__ == "__main__":
    _, target, *numbers = sys.argv
    count, chosen = (*map(int, numbers), *(100_000, TUNING)[len(numbers) :])
    write(Path(target), count, chosen)
