"""Long-term conditions: who has which, what they take for it, and how it is looked after.

The risks by age (`tables/conditions.json`) are rough and made up; they make the region's pyramid
plausible and are no epidemiology.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from wholerecord.demo import gp, pharmacy
from wholerecord.demo.diary import Diary
from wholerecord.demo.happening import Contact, Diagnosis, Dispensing, Prescription, Report
from wholerecord.demo.places import GPS, PRACTICES
from wholerecord.demo.r4.medicines import quantity
from wholerecord.demo.tables import value
from wholerecord.terms import CONCEPTS

_YEARS_KEPT = 3  #: how far back reviews and results go
_MONTHS_DISPENSED = 5  #: how far back the pharmacies' system goes


def conditions_of(age: int, rng: Random) -> frozenset[str]:
    """Which long-term conditions somebody of that age has, as keys of the concepts."""
    had = {row["concept"] for row in value("conditions") if rng.random() < _risk(row, age)}
    return frozenset(had - {"ckd-3a"} if "type-1-diabetes" in had and age < 40 else had)


def live_with(diary: Diary, conditions: frozenset[str]) -> None:
    """Write each condition's beginning, medicines, reviews and results in the diary."""
    taken: set[str] = set()
    for row in value("conditions"):
        if row["concept"] in conditions:
            onset = _onset(diary, row)
            _begin(diary, row["concept"], onset)
            for medicine in row["medicines"]:
                if medicine not in taken and diary.rng.random() < 0.75:
                    taken.add(medicine)
                    take(diary, medicine, onset + timedelta(days=diary.rng.randint(3, 200)))
            _reviews(diary, row, onset)


def take(diary: Diary, medicine: str, since: date) -> None:
    """A repeat prescription by the practice, and what the pharmacy hands over each month."""
    since = min(since, diary.days_ago(10))
    dose = value("medicines")[medicine]["dose"]
    order = diary.id("prescription")
    by = diary.rng.choice(GPS[diary.human.home.practice])
    diary.tell(
        gp.SOURCE.name,
        Prescription(id=order, at=diary.at(since), medicine=medicine, dose=dose, by=by),
    )
    day = max(since + timedelta(days=2), diary.days_ago(30.4 * _MONTHS_DISPENSED))
    while day < diary.today:
        diary.tell(
            pharmacy.SOURCE.name,
            Dispensing(
                id=diary.id("dispense"),
                at=diary.at(day),
                medicine=medicine,
                dose=dose,
                quantity=quantity(medicine, 28),
                days=28,
                order=order,
            ),
        )
        day += timedelta(days=28 + diary.rng.randint(-2, 3))


def measure(diary: Diary, on: date, *panels: str, worse: float = 0.0) -> None:
    """The practice measures or takes blood: one report for each panel."""
    at = diary.at(on, 10)
    for title in panels:
        specimen = value("panels")[title]["specimen"]
        diary.tell(
            gp.SOURCE.name,
            Report(
                id=diary.id("report"),
                at=at,
                issued=at + timedelta(hours=diary.rng.randint(20, 40)) if specimen else None,
                title=title.capitalize(),
                results=diary.measuring.panel(title, diary.years_ago(on), worse=worse),
                specimen=specimen,
            ),
        )


def consult(diary: Diary, on: date, reason: str, minutes: int = 10) -> None:
    """A consultation at the practice."""
    practice = diary.human.home.practice
    at = diary.at(on)
    diary.tell(
        gp.SOURCE.name,
        Contact(
            id=diary.id("encounter"),
            at=at,
            until=at + timedelta(minutes=minutes),
            setting="GP",
            reason=reason,
            where=PRACTICES[practice],
            by=diary.rng.choice(GPS[practice]),
        ),
    )


def _risk(row: dict[str, Any], age: int) -> float:
    return max((risk for since, risk in row["risk"] if age >= since), default=0.0)


def _onset(diary: Diary, row: dict[str, Any]) -> date:
    age = diary.human.age(diary.today)
    earliest = row["risk"][0][0]
    years = min(age - earliest, 25) * diary.rng.random() ** 1.4
    return diary.days_ago(40 + years * 365.25)


def _begin(diary: Diary, concept: str, onset: date) -> None:
    diary.tell(
        gp.SOURCE.name,
        Diagnosis(
            id=diary.id("condition"),
            at=diary.at(onset + timedelta(days=diary.rng.randint(0, 12))),
            concept=concept,
            onset=onset,
            by=diary.rng.choice(GPS[diary.human.home.practice]),
        ),
    )


def _reviews(diary: Diary, row: dict[str, Any], onset: date) -> None:
    yearly = row["yearly"]
    if not yearly:
        return
    day = max(onset + timedelta(days=60), diary.days_ago(365.25 * _YEARS_KEPT))
    while day < diary.today - timedelta(days=2):
        if diary.rng.random() < 0.85:  # reviews are missed now and then
            consult(diary, day, f"{_words(row['concept'])} review")
            measure(diary, day, *row["panels"])
        day += timedelta(days=round(365 / yearly) + diary.rng.randint(-25, 25))


def _words(concept: str) -> str:
    """What a practice calls it in its diary: its title, without what stands in brackets."""
    return CONCEPTS[concept].title.partition(" (")[0]
