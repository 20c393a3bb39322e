"""Where somebody stands in the immunisation schedule, from the doses folded and the day of birth.

Pure: the same record on the same day stands the same. A dose that nobody has said is not known to
be given, never "not given": only a source that says so says so. It is overdue only where what was
said shows that the sources here tell of that course or of later ones of its programme; otherwise it
is not known. A demonstration until a clinical safety officer signs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wholerecord.fold.jabs import (
    Jab,
    Standing,
    Step,
    counted_once,
    in_season,
    is_given,
    jab_of,
    of_vaccines,
)
from wholerecord.fold.maternity import Pregnancy
from wholerecord.fold.record import Entry, Kind, Record
from wholerecord.fold.schedule import SCHEDULE, Course, Dose, Schedule, reached
from wholerecord.fold.vaccines_besides import Known, for_risk, in_pregnancy


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccinated:
    """Every dose of the schedule that is for this person; or in `why_not` why none can be told."""

    schedule: Schedule
    steps: tuple[Step, ...] = ()
    why_not: str = ""

    @property
    def evidence(self) -> tuple[Entry, ...]:
        """The entries for which it asks for more than an age does, each once."""
        each = {entry.key: entry for step in self.steps for entry in step.evidence}
        return tuple(each.values())

    def of(self, standing: Standing) -> tuple[Step, ...]:
        """The doses that stand so, those due longest first."""
        return tuple(step for step in self.steps if step.standing is standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class _On:
    """Whose and which day it is, and to when doses of the programme are known."""

    born: date
    today: date
    reach: date


def vaccinated(
    record: Record,
    today: date,
    schedule: Schedule = SCHEDULE,
    *,
    pregnant: Sequence[Pregnancy] = (),
    besides: bool = True,
) -> Vaccinated:
    """How the person of the record stands in the schedule on a day.

    `pregnant` are the pregnancies of the record. Without `besides`, by age alone: neither what
    pregnancy nor what a higher risk asks for.
    """
    born, why_not = _born(record, today)
    if born is None:
        return Vaccinated(schedule=schedule, why_not=why_not)
    told = [jab for jab in map(jab_of, record.of(Kind.IMMUNISATION)) if jab and jab.first <= today]
    given = [jab for jab in told if is_given(jab.entry)]
    declined = [jab for jab in told if not is_given(jab.entry)]
    steps: list[Step] = []
    for programme in dict.fromkeys(course.programme for course in schedule.courses):
        courses = [course for course in schedule.courses if course.programme == programme]
        each = [_course(course, born, given, schedule.same_dose_days) for course in courses]
        reach = max((step.due for done in each for step in done if step.entry), default=date.min)
        on = _On(born=born, today=today, reach=reach)
        for course, done in zip(courses, each, strict=True):
            steps += _judged(course, done, of_vaccines(declined, course.vaccines), on)
    by_age = dict(_seasons(schedule, born, today, given, declined))
    steps += by_age.values()
    if besides:
        told_of = Known(
            record=record,
            born=born,
            today=today,
            given=given,
            declined=declined,
            seasonal=frozenset(by_age),
        )
        expected = list(in_pregnancy(schedule, told_of, pregnant))
        steps += expected
        steps += for_risk(schedule, told_of, expected)
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


def _course(course: Course, born: date, given: Sequence[Jab], same_days: int) -> list[Step]:
    """The doses of a course, each with the earliest that can be it; not yet judged.

    An exact day goes before one that is only about right, so that none is counted twice.
    """
    doses = counted_once(of_vaccines(given, course.vaccines), same_days)
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


def _judged(
    course: Course, steps: Sequence[Step], declined: Sequence[Jab], on: _On
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


def _seasons(
    schedule: Schedule, born: date, today: date, given: Sequence[Jab], declined: Sequence[Jab]
) -> Iterator[tuple[tuple[str, ...], Step]]:
    """This season's doses for those of the age, by their vaccines."""
    for season in schedule.seasons:
        opened = season.open_on(today)
        if opened is not None and season.includes(born, opened[0], opened[2]):
            yield season.vaccines, in_season(season, opened, given, declined)
