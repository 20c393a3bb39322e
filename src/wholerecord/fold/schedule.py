"""The UK immunisation schedule, as a value: which doses, at what age, in what season, for whom.

Facts of the UK Health Security Agency's complete routine immunisation schedule, in our own words,
each with what it leans on: `schedule.json`. A demonstration until a clinical safety officer signs.
"""

from calendar import monthrange
from datetime import date, timedelta
from importlib.resources import files
from typing import Annotated

import msgspec

#: An age as the schedule says it: so many weeks (`w`), months (`m`) or years (`y`).
Age = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,3}[wmy]$")]


def reached(age: str, born: date) -> date:
    """The day an age is reached; of a day that its month has not, the month's last.

    >>> reached("18m", date(2024, 8, 31))
    datetime.date(2026, 2, 28)
    """
    count, unit = int(age[:-1]), age[-1]
    if unit == "w":
        return born + timedelta(weeks=count)
    months = born.month - 1 + count * (12 if unit == "y" else 1)
    year, month = born.year + months // 12, months % 12 + 1
    return date(year, month, min(born.day, monthrange(year, month)[1]))


class Dose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One dose. Due at an age, late so long after; one given before `from_` does not count.

    From the age `until` it is no longer given. It is for those born from and until those days, and
    due to nobody before it `opened`.
    """

    title: str
    due: Age
    late: Age
    from_: Age = msgspec.field(default="0w", name="from")
    until: Age | None = None
    born_from: date = date.min
    born_until: date = date.max
    opened: date = date.min


class Course(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Doses of one vaccine, any of `vaccines` (concepts), in their order.

    `plain` is its title for the person. Courses of one `programme` are given and written down by
    the same people. `checked` says when what of it was held against which publication.
    """

    id: str
    programme: str
    title: str
    plain: str
    vaccines: tuple[str, ...]
    source: str
    checked: str
    doses: tuple[Dose, ...]
    until: Age | None = None
    born_from: date = date.min
    born_until: date = date.max

    def of(self, born: date) -> tuple[Dose, ...]:
        """The doses for somebody born that day: none where the course is not for them."""
        if not self.born_from <= born <= self.born_until:
            return ()
        return tuple(dose for dose in self.doses if dose.born_from <= born <= dose.born_until)


class Span(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A season of each year, between two days (`MM-DD`).

    A dose from `counts_from` on is of it.
    """

    starts: str
    counts_from: str
    ends: str

    def open_on(self, today: date) -> tuple[date, date, date] | None:
        """When the season of `today` starts, counts from and ends; None outside of it."""
        for year in (today.year, today.year - 1):
            starts = _day(year, self.starts)
            ends = _day(year + (self.ends < self.starts), self.ends)
            if starts <= today <= ends:
                return starts, _day(year, self.counts_from), ends
        return None


class Season(Span, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dose each year in a season for those of an age on a day of it."""

    id: str
    title: str
    plain: str
    vaccines: tuple[str, ...]
    age_on: str
    source: str
    checked: str
    from_: Age = msgspec.field(default="0w", name="from")
    under: Age | None = None

    def includes(self, born: date, starts: date, ends: date) -> bool:
        """Whether somebody born that day has the age, in the season of these days."""
        at = _day(ends.year, self.age_on)
        if at > ends:
            at = _day(starts.year, self.age_on)
        return reached(self.from_, born) <= at and (
            self.under is None or at < reached(self.under, born)
        )


class Expecting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dose in each pregnancy from so many weeks of it, or in the season it falls into."""

    id: str
    title: str
    plain: str
    vaccines: tuple[str, ...]
    source: str
    checked: str
    from_: Age = msgspec.field(default="0w", name="from")
    season: Span | None = None


class Risk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clinical risk group, by what a record can tell: any of these, by concept.

    `conditions` count with one of `with_medicines` where those are said, and when they are over
    where they are `past`. `measured` is a test whose newest value is `at_least` so much.
    """

    id: str
    title: str
    source: str
    conditions: tuple[str, ...] = ()
    past: bool = False
    with_medicines: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    measured: str = ""
    at_least: float = 0.0


class AtRisk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Doses for those of an age in any of the `risks`: in a season, else `doses` of them once.

    Of those once, one given before the age `counts` is not of them; they are for nobody of whom the
    course `unless` asks for the same by age.
    """

    id: str
    title: str
    plain: str
    vaccines: tuple[str, ...]
    risks: tuple[str, ...]
    source: str
    checked: str
    from_: Age = msgspec.field(default="0w", name="from")
    under: Age | None = None
    season: Span | None = None
    doses: int = 1
    counts: Age = "0w"
    unless: str = ""

    def includes(self, born: date, today: date) -> bool:
        """Whether somebody born that day has the age."""
        under = self.under is None or today < reached(self.under, born)
        return reached(self.from_, born) <= today and under


class Schedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A schedule as it is written. Doses of a course `same_dose_days` apart or less are one."""

    version: str
    says: str
    note: str
    source: str
    owner: str
    same_dose_days: int
    same_dose_source: str
    courses: tuple[Course, ...]
    seasons: tuple[Season, ...]
    pregnancy: tuple[Expecting, ...] = ()
    risks: tuple[Risk, ...] = ()
    at_risk: tuple[AtRisk, ...] = ()


def _day(year: int, text: str) -> date:
    return date.fromisoformat(f"{year:04}-{text}")


#: The schedule that this version of the program ships.
SCHEDULE = msgspec.json.decode(
    files("wholerecord.fold").joinpath("schedule.json").read_bytes(),
    type=Schedule,
)
