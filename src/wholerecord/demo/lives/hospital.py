"""Stays at the hospital, as its systems tell them and as the practice hears of them."""

from datetime import date, datetime, timedelta

from wholerecord.demo import acute, gp
from wholerecord.demo.coding import display
from wholerecord.demo.diary import Diary
from wholerecord.demo.happening import Contact, Diagnosis, Letter, Report, Sensitivity
from wholerecord.demo.places import CONSULTANTS, GPS, WARDS

#: What brings people in: concept, from which age, days in hospital.
_ADMISSIONS = (
    ("pneumonia", 40, 4),
    ("uti", 65, 3),
    ("hip-fracture", 72, 7),
    ("nstemi", 50, 4),
    ("appendicitis", 8, 2),
    ("gi-bleed", 45, 3),
    ("cellulitis", 30, 2),
    ("aki", 60, 4),
    ("pulmonary-embolism", 35, 3),
    ("fall", 70, 2),
)


def be_ill(diary: Diary) -> None:
    """Visits to the emergency department and stays over four years, by age."""
    age = diary.human.age(diary.today)
    rng = diary.rng
    for _ in range(rng.choices((0, 1, 2), weights=(5, 3, 1))[0]):
        emergency(diary, diary.days_ago(rng.randint(5, min(1400, 100 + age * 365))))
    stays = 0.1 if age < 50 else 0.35 if age < 70 else 0.8
    if rng.random() < stays:
        possible = [row for row in _ADMISSIONS if age >= row[1]]
        if possible:
            concept, _, days = rng.choice(possible)
            admit(diary, concept, diary.days_ago(rng.randint(30, 1300)), days)
    for _ in range(rng.choices((0, 1, 3), weights=(5, 3, 1 + age // 30))[0]):
        clinic(diary, diary.days_ago(rng.randint(20, min(1200, 60 + age * 365))))


def emergency(diary: Diary, on: date) -> None:
    """A few hours in the emergency department, home the same day."""
    at = diary.at(on)
    diary.tell(
        acute.SOURCE.name,
        Contact(
            id=diary.id("AWV"),
            at=at,
            until=at + timedelta(hours=3, minutes=diary.rng.randint(0, 50)),
            setting="emergency",
            reason=diary.rng.choice(("Ankle injury", "Chest pain", "Abdominal pain", "Laceration")),
            where="Emergency Department",
            by=diary.rng.choice(CONSULTANTS),
        ),
    )
    observe(diary, at, hours=1, every=1)


def clinic(diary: Diary, on: date) -> None:
    """An outpatient appointment."""
    at = diary.at(on)
    diary.tell(
        acute.SOURCE.name,
        Contact(
            id=diary.id("AWV"),
            at=at,
            until=at + timedelta(minutes=20),
            setting="outpatient",
            reason="Outpatient appointment",
            where=diary.rng.choice(("Cardiology Clinic", "Diabetes Clinic", "Fracture Clinic")),
            by=diary.rng.choice(CONSULTANTS),
        ),
    )


def admit(
    diary: Diary,
    concept: str,
    on: date,
    days: int,
    *,
    sensitivities: tuple[Sensitivity, ...] = (),
    ward: str = "",
    echo: int = 0,
) -> datetime:
    """A stay for `concept`, observed twice a day, bled every other day, with a letter and its echo.

    The practice codes what the letter says some days after discharge (`echo`, drawn when 0).
    Returns the moment of discharge.
    """
    at = diary.at(on, 15)
    until = at + timedelta(days=days, hours=-2)
    said = Diagnosis(id=diary.id("condition"), at=at, concept=concept)
    consultant = diary.rng.choice(CONSULTANTS)
    diary.tell(
        acute.SOURCE.name,
        Contact(
            id=diary.id("AWV"),
            at=at,
            until=until,
            setting="inpatient",
            reason=display(concept),
            where=ward or diary.rng.choice(WARDS),
            by=consultant,
            diagnoses=(said,),
            sensitivities=sensitivities,
        ),
    )
    observe(diary, at, hours=24 * days, every=12)
    for day in range(0, days, 2):
        bleed(diary, at + timedelta(days=day), worse=max(0.0, 2.0 - 0.6 * day))
    _discharge(diary, concept, at, until, consultant)
    heard = until + timedelta(days=echo or diary.rng.randint(3, 11))
    diary.tell(
        gp.SOURCE.name,
        Diagnosis(
            id=diary.id("condition"),
            at=heard,
            concept=concept,
            onset=heard.date() if diary.rng.random() < 0.5 else on,
            by=diary.rng.choice(GPS[diary.human.home.practice]),
        ),
    )
    return until


def observe(diary: Diary, since: datetime, *, hours: int, every: int, worse: float = 0.8) -> None:
    """Bedside observations every `every` hours; each round is one message."""
    for hour in range(0, hours, every):
        at = since + timedelta(hours=hour, minutes=20)
        years = diary.years_ago(at.date())
        diary.tell(
            acute.SOURCE.name,
            Report(
                id=diary.id("AWO"),
                at=at,
                title="observations",
                results=diary.measuring.panel(
                    "observations", years, worse=worse * (1 - hour / (hours + 1))
                ),
            ),
        )


def bleed(diary: Diary, at: datetime, *, worse: float = 0.0) -> None:
    """The day's bloods from the hospital's laboratory."""
    years = diary.years_ago(at.date())
    for title in ("urea and electrolytes", "full blood count", "inflammation"):
        diary.tell(
            acute.SOURCE.name,
            Report(
                id=diary.id("AWL"),
                at=at,
                issued=at + timedelta(hours=2),
                title=title,
                results=diary.measuring.panel(title, years, worse=worse),
                specimen="blood",
            ),
        )


def _discharge(diary: Diary, concept: str, at: datetime, until: datetime, consultant: str) -> None:
    name = display(concept)
    words = (
        f"Discharge summary\n\nAdmitted {at:%d %B %Y}, discharged {until:%d %B %Y}.\n"
        f"Main diagnosis: {name}.\n\nThe patient was treated on the ward and went home well "
        f"enough to manage. Please repeat bloods in two weeks.\n\n{consultant}"
    )
    diary.tell(
        acute.SOURCE.name,
        Letter(
            id=diary.id("document"),
            at=until,
            title=f"Discharge summary: {name}",
            text=words,
            by=consultant,
        ),
    )
