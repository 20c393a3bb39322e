"""Where somebody stands in the immunisation schedule, from the doses folded and the day of birth.

Pure: the same record on the same day stands the same. A dose that nobody has said is not known to
be given, never "not given": only a source that says so says so. It is overdue only where what was
said shows that the sources here tell of that course or of later ones of its programme; otherwise it
is not known. A demonstration until a clinical safety officer signs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from wholerecord.fold.meant import most_specific
from wholerecord.fold.record import Entry, Immunisation, Kind, Record
from wholerecord.fold.schedule import SCHEDULE, Course, Dose, Schedule, Season, reached


class Standing(Enum):
    """How it stands with a dose, in the order in which it is looked at."""

    OVERDUE = "overdue"
    DUE = "due"
    NOT_KNOWN = "not known to be given"
    LATER = "not yet due"
    GIVEN = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One dose of the schedule. `due` is from when; `entry` is the dose given, None when none.

    `declined` is the newest word that the vaccine was not given, of a dose not known to be given.
    `closed`: it is no longer given at this age. `unsure`: the dose given has no exact day.
    """

    title: str
    plain: str
    dose: str
    due: date
    standing: Standing
    source: str
    entry: Entry | None = None
    declined: Entry | None = None
    closed: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccinated:
    """Every dose of the schedule that is for this person; or in `why_not` why none can be told."""

    schedule: Schedule
    steps: tuple[Step, ...] = ()
    why_not: str = ""

    def of(self, standing: Standing) -> tuple[Step, ...]:
        """The doses that stand so, those due longest first."""
        return tuple(step for step in self.steps if step.standing is standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Jab:
    """A dose as folded. `first` and `last` are the days it can have been; `meant` its concept."""

    entry: Entry
    meant: str
    first: date
    last: date

    @property
    def exact(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class _On:
    """Whose and which day it is, and to when doses of the programme are known."""

    born: date
    today: date
    reach: date


def vaccinated(record: Record, today: date, schedule: Schedule = SCHEDULE) -> Vaccinated:
    """How the person of the record stands in the schedule on a day."""
    born, why_not = _born(record, today)
    if born is None:
        return Vaccinated(schedule=schedule, why_not=why_not)
    told = [jab for jab in map(_jab, record.of(Kind.IMMUNISATION)) if jab and jab.first <= today]
    given = [jab for jab in told if _given(jab.entry)]
    declined = [jab for jab in told if not _given(jab.entry)]
    steps: list[Step] = []
    for programme in dict.fromkeys(course.programme for course in schedule.courses):
        courses = [course for course in schedule.courses if course.programme == programme]
        each = [_course(course, born, given, schedule.same_dose_days) for course in courses]
        reach = max((step.due for done in each for step in done if step.entry), default=date.min)
        on = _On(born=born, today=today, reach=reach)
        for course, done in zip(courses, each, strict=True):
            steps += _judged(course, done, _of(declined, course.vaccines), on)
    for season in schedule.seasons:
        steps += _season(season, born, today, given, declined)
    steps.sort(key=lambda step: (step.due, step.title, step.dose))
    return Vaccinated(schedule=schedule, steps=tuple(steps))


def _born(record: Record, today: date) -> tuple[date | None, str]:
    """The day of birth; or why no schedule can be counted from it."""
    who = record.who
    born = who.best.born if who else None
    if who is None or born is None:
        return None, "The date of birth is not known here."
    if who.best.dead or who.best.died:
        return None, "The person has died."
    said = {one.born.text[:10] for _, one in who.said_by if one.born} or {born.text[:10]}
    days = [day for day in said if not any(o != day and o.startswith(day) for o in said)]
    if len(days) > 1:
        return None, "The sources do not agree on the date of birth."
    if len(days[0]) < len("2026-01-01"):
        return None, "The date of birth is not known to the day."
    day = date.fromisoformat(days[0])
    return (day, "") if day <= today else (None, "The date of birth is after this day.")


def _jab(entry: Entry) -> _Jab | None:
    """A dose as folded; None of what is refuted, or said by software that nobody answers for."""
    if entry.status in {"refuted", "wrong"} or entry.unverified:
        return None
    found = (most_specific(one.codes, one.words, "vaccine")[0] for one in entry.said_by)
    meant = next((concept.id for concept in found if concept), "")
    when = entry.when
    if when is None:
        return _Jab(entry=entry, meant=meant, first=date.min, last=date.max)
    if not any(said.when for said in entry.said_by):  # only when it was written down is known
        return _Jab(entry=entry, meant=meant, first=date.min, last=when.day)
    spans = {"year": 364, "month": 27}
    last = when.day + timedelta(days=spans.get(when.precision, 0))
    return _Jab(entry=entry, meant=meant, first=when.day, last=last)


def _given(entry: Entry) -> bool:
    return isinstance(entry.detail, Immunisation) and entry.detail.given


def _of(jabs: Sequence[_Jab], vaccines: tuple[str, ...]) -> list[_Jab]:
    return [jab for jab in jabs if jab.meant in vaccines]


def _course(course: Course, born: date, given: Sequence[_Jab], same_days: int) -> list[Step]:
    """The doses of a course, each with the earliest that can be it; not yet judged.

    An exact day goes before one that is only about right, so that none is counted twice.
    """
    doses = _apart(_of(given, course.vaccines), same_days)
    steps: list[Step] = []
    for dose in course.of(born):
        from_ = reached(dose.from_, born)
        fits = (jab for jab in doses if jab.last >= from_)
        taken = min(fits, key=lambda jab: (not jab.exact, jab.first), default=None)
        if taken is not None:
            doses.remove(taken)
        steps.append(
            Step(
                title=course.title,
                plain=course.plain,
                dose=dose.title,
                due=max(reached(dose.due, born), dose.opened),
                standing=Standing.GIVEN if taken else Standing.NOT_KNOWN,
                source=course.source,
                entry=taken.entry if taken else None,
                unsure=taken is not None and not taken.exact,
            )
        )
    return steps


def _apart(jabs: Sequence[_Jab], same_days: int) -> list[_Jab]:
    """The doses, nearer ones counted once: two reports of one dose must not hide a missing one."""
    kept: list[_Jab] = []
    for jab in sorted(jabs, key=lambda jab: (not jab.exact, jab.first, jab.entry.key)):
        near = timedelta(days=same_days)
        if all(_clear(jab, other, near) for other in kept):
            kept.append(jab)
    return kept


def _clear(one: _Jab, other: _Jab, near: timedelta) -> bool:
    """Whether the two are surely two doses: no days that they can have been are so near."""
    first, second = sorted((one, other), key=lambda jab: jab.first)
    return first.last != date.max and second.first - first.last > near


def _judged(
    course: Course, steps: Sequence[Step], declined: Sequence[_Jab], on: _On
) -> Iterator[Step]:
    """The doses of a course as they stand."""
    told = bool(declined) or any(step.entry for step in steps)
    no = max(declined, key=lambda jab: (jab.first, jab.entry.key), default=None)
    for step, dose in zip(steps, course.of(on.born), strict=True):
        if step.entry:
            yield step
            continue
        closes = [reached(age, on.born) for age in (course.until, dose.until) if age]
        closed = any(day <= on.today for day in closes)
        standing = _stands(
            step.due, dose, on.today, closed=closed, told=told or step.due <= on.reach
        )
        entry = no.entry if no and standing is not Standing.LATER else None
        yield replace(step, standing=standing, closed=closed, declined=entry)


def _stands(due: date, dose: Dose, today: date, *, closed: bool, told: bool) -> Standing:
    if today < due:
        return Standing.LATER
    if closed:
        return Standing.NOT_KNOWN
    if today < reached(dose.late, due):
        return Standing.DUE
    return Standing.OVERDUE if told else Standing.NOT_KNOWN


def _season(
    season: Season, born: date, today: date, given: Sequence[_Jab], declined: Sequence[_Jab]
) -> Iterator[Step]:
    """This season's dose, for those of the age: given or due, never overdue."""
    opened = season.open_on(today)
    if opened is None:
        return
    starts, counts, ends = opened
    if not season.includes(born, starts, ends):
        return
    taken = [jab for jab in _of(given, season.vaccines) if jab.first >= counts]
    no = [jab for jab in _of(declined, season.vaccines) if jab.first >= counts]
    yield Step(
        title=season.title,
        plain=season.plain,
        dose="",
        due=starts,
        standing=Standing.GIVEN if taken else Standing.DUE,
        source=season.source,
        entry=taken[0].entry if taken else None,
        declined=no[0].entry if no and not taken else None,
        unsure=bool(taken) and not taken[0].exact,
    )
