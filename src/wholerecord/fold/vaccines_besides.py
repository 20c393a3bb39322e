"""Doses that are not for an age alone: in pregnancy, and for clinical risk groups.

Each says because of what, with the entries that show it. A demonstration until a clinical safety
officer signs; the rows are in `schedule.json`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wholerecord.fold.jabs import Jab, Standing, Step, counted_once, in_season, of_vaccines
from wholerecord.fold.maternity import Pregnancy, State
from wholerecord.fold.record import Entry, Record
from wholerecord.fold.schedule import AtRisk, Expecting, Schedule, reached
from wholerecord.fold.vaccine_risks import risks_shown

#: Days from the last period to the due date.
_TERM = timedelta(days=280)
#: A second dose is due so long after the first; a dose is late so long after it was due.
_BETWEEN, _LATE = "2m", "12m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of whom on which day. `seasonal` are vaccines that an age asks for already."""

    record: Record
    born: date
    today: date
    given: Sequence[Jab]
    declined: Sequence[Jab]
    seasonal: frozenset[tuple[str, ...]]


def in_pregnancy(schedule: Schedule, told: Known, pregnant: Sequence[Pregnancy]) -> Iterator[Step]:
    """The doses of the pregnancy that goes on, of two the newer."""
    now = next((one for one in pregnant if one.state is State.CURRENT), None)
    if now is None:
        return
    evidence = tuple({one.entry.key: one.entry for one in now.told}.values())
    for row in schedule.pregnancy:
        if row.season is None:
            yield _expecting(row, now, told, evidence)
        elif row.vaccines not in told.seasonal and (opened := row.season.open_on(told.today)):
            yield in_season(
                row, opened, told.given, told.declined, because="pregnant now", evidence=evidence
            )


def _expecting(row: Expecting, now: Pregnancy, told: Known, evidence: tuple[Entry, ...]) -> Step:
    """From so many weeks on; where nobody says when the baby is due, from when is not known."""
    conceived = now.due[0] - _TERM if now.due else None
    began = conceived or now.began or told.today
    due = reached(row.from_, conceived) if conceived else began
    taken = [jab for jab in of_vaccines(told.given, row.vaccines) if jab.first >= began]
    no = [jab for jab in of_vaccines(told.declined, row.vaccines) if jab.first >= began]
    if taken:
        standing = Standing.GIVEN
    elif conceived is None:
        standing = Standing.NOT_KNOWN
    else:
        standing = Standing.LATER if told.today < due else Standing.DUE
    says = "pregnant now" if conceived else "pregnant now; when the baby is due is not known"
    return Step(
        title=row.title,
        plain=row.plain,
        dose="",
        due=due,
        standing=standing,
        source=row.source,
        entry=taken[0].entry if taken else None,
        declined=no[0].entry if no and not taken and standing is not Standing.LATER else None,
        unsure=bool(taken) and not taken[0].exact,
        because=says,
        evidence=evidence,
    )


def for_risk(schedule: Schedule, told: Known, expected: Sequence[Step]) -> Iterator[Step]:
    """The doses for the groups that the record shows, but what an age or a pregnancy asks for."""
    shown = risks_shown(told.record, schedule, told.today)
    titles = {risk.id: risk.title for risk in schedule.risks}
    pregnant = frozenset(row.vaccines for row in schedule.pregnancy if row.season and expected)
    for row in schedule.at_risk if shown else ():
        groups = [risk for risk in row.risks if risk in shown]
        if not groups or not row.includes(told.born, told.today):
            continue
        because = ", ".join(titles[risk] for risk in groups)
        each = {entry.key: entry for risk in groups for entry in shown[risk]}
        evidence = tuple(each.values())
        if row.season is None:
            if not _asked_by_age(schedule, row, told):
                yield from _once(row, told, because, evidence, schedule.same_dose_days)
        elif row.vaccines not in told.seasonal | pregnant and (
            opened := row.season.open_on(told.today)
        ):
            yield in_season(
                row, opened, told.given, told.declined, because=because, evidence=evidence
            )


def _asked_by_age(schedule: Schedule, row: AtRisk, told: Known) -> bool:
    courses = (course for course in schedule.courses if course.id == row.unless)
    return any(
        max(reached(dose.due, told.born), dose.opened) <= told.today
        for course in courses
        for dose in course.of(told.born)
    )


def _once(
    row: AtRisk, told: Known, because: str, evidence: tuple[Entry, ...], same_days: int
) -> Iterator[Step]:
    """One dose or two: due from the age, or from the day that the first of the evidence has."""
    counts = reached(row.counts, told.born)
    each = [jab for jab in of_vaccines(told.given, row.vaccines) if jab.last >= counts]
    taken = sorted(counted_once(each, same_days), key=lambda jab: (jab.last, jab.entry.key))
    no = next(iter(of_vaccines(told.declined, row.vaccines)), None)
    days = [entry.when.day for entry in evidence if entry.when]
    due = max(reached(row.from_, told.born), min(days, default=told.today))
    for n in range(row.doses):
        jab = taken[n] if n < len(taken) else None
        standing = Standing.GIVEN
        if jab is None:
            standing = _stands(due, told.today, told=bool(taken) or no is not None)
        asked = jab is None and standing is not Standing.LATER
        yield Step(
            title=row.title,
            plain=row.plain,
            dose=f"{('1st', '2nd')[n]} dose" if row.doses > 1 else "",
            due=due,
            standing=standing,
            source=row.source,
            entry=jab.entry if jab else None,
            declined=no.entry if no and asked else None,
            unsure=jab is not None and not jab.exact,
            because=because,
            evidence=evidence,
        )
        due = reached(_BETWEEN, jab.first if jab and jab.exact else max(due, told.today))


def _stands(due: date, today: date, *, told: bool) -> Standing:
    if today < due:
        return Standing.LATER
    if today < reached(_LATE, due):
        return Standing.DUE
    return Standing.OVERDUE if told else Standing.NOT_KNOWN
