"""Two records so long that nobody reads them: intensive care and a ventilator at home; dialysis."""

from datetime import date, datetime, timedelta

from wholerecord.demo import acute, gp, home
from wholerecord.demo.diary import Diary, moment_on
from wholerecord.demo.happening import Contact, DeviceReadings, Diagnosis, Letter, Report, Result
from wholerecord.demo.lives.hospital import bleed
from wholerecord.demo.lives.long_term import live_with
from wholerecord.demo.lives.prevention import ail, vaccinate
from wholerecord.demo.stories.stage import Stage
from wholerecord.demo.stories.story import Story

MONITORED = Story(
    id="ten-thousand",
    title="Ten thousand entries",
    who="Vikram Desai",
    see=(
        "Three weeks in intensive care with observations every hour, then two years of readings "
        "at home. The record opens as fast as any other, and what matters is at the top."
    ),
)
DIALYSIS = Story(
    id="dialysis",
    title="Two thousand entries",
    who="Doreen Lumb",
    see="Dialysis three times a week: what was measured each time, as trends.",
)
_HOURLY = (
    "heart-rate",
    "respiratory-rate",
    "oxygen-saturation",
    "temperature",
    "systolic",
    "diastolic",
    "glucose",
    "lactate",
    "potassium",
    "gcs",
)

_DAILY = (
    ("glucose", 7),
    ("glucose", 12),
    ("glucose", 18),
    ("glucose", 22),
    ("oxygen-saturation", 8),
    ("oxygen-saturation", 20),
    ("heart-rate", 8),
)


def tell(stage: Stage) -> None:
    """Write both diaries."""
    conditions = frozenset({"type-2-diabetes", "hypertension", "copd"})
    monitored = stage.cast(
        "Desai", "Vikram", sex="male", age=57, heritage="indian", conditions=conditions
    )
    live_with(monitored, conditions)
    vaccinate(monitored)
    ail(monitored)
    _intensive_care(monitored, days=24)
    _at_home(monitored, days=644)
    conditions = frozenset({"hypertension", "ckd-3a"})
    dialysed = stage.cast("Lumb", "Doreen", sex="female", age=72, conditions=conditions)
    live_with(dialysed, frozenset({"hypertension"}))
    _dialysis(dialysed, weeks=84)


def _intensive_care(diary: Diary, days: int) -> None:
    at = moment_on(diary.days_ago(680), 4, 5)
    until = at + timedelta(days=days)
    diagnoses = tuple(
        Diagnosis(id=diary.id("condition"), at=at, concept=concept)
        for concept in ("sepsis", "pneumonia", "aki")
    )
    diary.tell(
        acute.SOURCE.name,
        Contact(
            id=diary.id("AWV"),
            at=at,
            until=until,
            setting="inpatient",
            reason="Septic shock, ventilated",
            where="Intensive Care Unit",
            by="Dr Yonas Tesfaye",
            diagnoses=diagnoses,
        ),
        Letter(
            id=diary.id("document"),
            at=until,
            title="Discharge summary: intensive care",
            text="Discharge summary\n\nThree weeks in intensive care with pneumonia and septic "
            "shock; ventilated eleven days, haemofiltered for five. Home with overnight "
            "ventilation and home monitoring.\n\nDr Yonas Tesfaye",
            by="Dr Yonas Tesfaye",
        ),
    )
    for day in range(days):
        bleed(diary, at + timedelta(days=day, hours=2), worse=2.5 * (1 - day / days))
    for shift in range(days * 4):
        _six_hours(diary, at + timedelta(hours=6 * shift), 2.5 * (1 - shift / (days * 4)))


def _six_hours(diary: Diary, since: datetime, worse: float) -> None:
    """One message from the monitors: six hours of hourly values, each with its own time."""
    years = diary.years_ago(since.date())
    for hour in range(6):
        at = since + timedelta(hours=hour)
        results = tuple(diary.measuring.result(one, years, worse=worse) for one in _HOURLY)
        diary.tell(
            acute.SOURCE.name,
            Report(id=diary.id("AWM"), at=at, title="monitoring", results=results),
        )


def _at_home(diary: Diary, days: int) -> None:
    """Each day: glucose four times, saturation and pulse twice, a weight; sent once a week."""
    for week in range(days // 7):
        readings: list[Result] = []
        for day in range(7):
            on = diary.days_ago(days - week * 7 - day)
            readings += (_read(diary, measure, on, hour) for measure, hour in _DAILY)
        readings.append(_read(diary, "weight", diary.days_ago(days - week * 7 - 6), 9))
        last = max(reading.at for reading in readings if reading.at)
        diary.tell(
            home.SOURCE.name,
            DeviceReadings(
                id=diary.id("readings"), at=last, device="home hub", results=tuple(readings)
            ),
        )


def _read(diary: Diary, measure: str, on: date, hour: int) -> Result:
    result = diary.measuring.result(measure, diary.years_ago(on))
    return Result(measure=measure, value=result.value, at=diary.at(on, hour))


def _dialysis(diary: Diary, weeks: int) -> None:
    began = diary.days_ago(weeks * 7 + 20)
    diary.tell(
        gp.SOURCE.name,
        Diagnosis(id=diary.id("condition"), at=diary.at(began), concept="ckd-5", onset=began),
    )
    for week in range(weeks):
        for day in (0, 2, 4):
            at = moment_on(diary.days_ago((weeks - week) * 7 - 2 - day), 8, 10)
            years = diary.years_ago(at.date())
            diary.tell(
                acute.SOURCE.name,
                Report(
                    id=diary.id("AWD"),
                    at=at,
                    title="dialysis",
                    results=tuple(
                        diary.measuring.result(one, years)
                        for one in ("weight", "systolic", "diastolic", "heart-rate", "temperature")
                    ),
                ),
            )
        bleed(diary, moment_on(diary.days_ago((weeks - week) * 7 - 2), 8, 0), worse=0.6)
