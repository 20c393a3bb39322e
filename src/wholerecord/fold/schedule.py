"""The UK routine immunisation schedule, as a value: which doses, at what age, born when.

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


class Season(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dose each year between two days (`MM-DD`) for those of an age on a day of the season.

    One given from `counts_from` on is this season's.
    """

    id: str
    title: str
    plain: str
    vaccines: tuple[str, ...]
    starts: str
    counts_from: str
    ends: str
    age_on: str
    source: str
    checked: str
    from_: Age = msgspec.field(default="0w", name="from")
    under: Age | None = None

    def open_on(self, today: date) -> tuple[date, date, date] | None:
        """When the season of `today` starts, counts from and ends; None outside of it."""
        for year in (today.year, today.year - 1):
            starts = _day(year, self.starts)
            ends = _day(year + (self.ends < self.starts), self.ends)
            if starts <= today <= ends:
                return starts, _day(year, self.counts_from), ends
        return None

    def includes(self, born: date, starts: date, ends: date) -> bool:
        """Whether somebody born that day has the age, in the season of these days."""
        at = _day(ends.year, self.age_on)
        if at > ends:
            at = _day(starts.year, self.age_on)
        return reached(self.from_, born) <= at and (
            self.under is None or at < reached(self.under, born)
        )


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


def _day(year: int, text: str) -> date:
    return date.fromisoformat(f"{year:04}-{text}")


#: The schedule that this version of the program ships.
SCHEDULE = msgspec.json.decode(
    files("wholerecord.fold").joinpath("schedule.json").read_bytes(),
    type=Schedule,
)
