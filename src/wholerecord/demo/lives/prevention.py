"""Vaccinations, allergies and the ordinary troubles that bring people to their practice."""

from datetime import date, timedelta

from wholerecord.demo import gp
from wholerecord.demo.diary import Diary
from wholerecord.demo.happening import Diagnosis, Jab, Prescription, Sensitivity
from wholerecord.demo.lives.long_term import consult, measure
from wholerecord.demo.places import GPS
from wholerecord.demo.tables import value

_ALLERGIES = (
    ("allergy-penicillin", "Rash", "low"),
    ("allergy-nuts", "Swelling of the lips", "high"),
    ("allergy-latex", "Itching", "low"),
    ("allergy-aspirin", "Wheeze", "high"),
    ("allergy-erythromycin", "Vomiting", "low"),
    ("allergy-egg", "Hives", "low"),
)
_REASONS = (
    "Sore throat",
    "Back pain",
    "Tiredness",
    "Cough for a week",
    "Skin rash",
    "Knee pain",
    "Headaches",
    "Ear ache",
    "Sick note",
    "Medication query",
    "Abdominal pain",
    "Poor sleep",
)
#: Concept, what is prescribed, how long, from which age.
_INFECTIONS = (
    ("uti", "nitrofurantoin", 3, 18),
    ("cellulitis", "flucloxacillin", 7, 20),
    ("pneumonia", "doxycycline", 5, 30),
    ("covid-19", "paracetamol", 5, 5),
)


def vaccinate(diary: Diary) -> None:
    """The jabs of somebody's age: childhood, teenage, each autumn, and once for older people."""
    age, born = diary.human.age(diary.today), diary.human.born
    if age < 19:
        for vaccine, days in (("mmr-vaccine", 375), ("mmr-vaccine", 1230)):
            _jab(diary, vaccine, born + timedelta(days=days + diary.rng.randint(0, 30)))
        _jab(diary, "hpv-vaccine", born + timedelta(days=4620 + diary.rng.randint(0, 200)))
    if age >= 65:
        _jab(diary, "pneumococcal-vaccine", born + timedelta(days=23780 + diary.rng.randint(0, 90)))
    if age >= 72:
        _jab(diary, "shingles-vaccine", born + timedelta(days=25600 + diary.rng.randint(0, 300)))
    flu = age >= 65 or 2 <= age <= 11 or diary.rng.random() < 0.15
    for years in range(5):
        autumn = date(diary.today.year - years, 10, diary.rng.randint(1, 28))
        if flu and diary.rng.random() < 0.75:
            _jab(diary, "influenza-vaccine", autumn)
        if age >= 75 and diary.rng.random() < 0.7:
            _jab(diary, "covid-19-vaccine", autumn + timedelta(days=7))


def be_allergic(diary: Diary) -> None:
    """One person in nine has an allergy; for four in ten the practice wrote that none is known."""
    drawn = diary.rng.random()
    at = diary.at(diary.days_ago(diary.rng.randint(400, 4000)))
    if drawn < 0.11:
        substance, reaction, criticality = diary.rng.choice(_ALLERGIES)
        diary.tell(
            gp.SOURCE.name,
            Sensitivity(
                id=diary.id("allergy"),
                at=at,
                substance=substance,
                reaction=reaction,
                criticality=criticality,
            ),
        )
    elif drawn < 0.5:
        diary.tell(gp.SOURCE.name, Sensitivity(id=diary.id("allergy"), at=at, substance=""))


def ail(diary: Diary) -> None:
    """Ordinary consultations over three years, more for the very young and the old."""
    age = diary.human.age(diary.today)
    yearly = 4.0 if age < 5 else 1.6 if age < 50 else 2.6 if age < 70 else 4.5
    for _ in range(min(round(yearly * 3 * diary.rng.uniform(0.5, 1.4)), 3 * (age + 1))):
        on = diary.days_ago(diary.rng.randint(3, min(1095, age * 365 + 20)))
        if diary.rng.random() < 0.14:
            _infection(diary, on, age)
        else:
            consult(diary, on, diary.rng.choice(_REASONS))
            if diary.rng.random() < 0.15 and age > 15:
                measure(diary, on + timedelta(days=1), "full blood count", "urea and electrolytes")


def _infection(diary: Diary, on: date, age: int) -> None:
    concept, medicine, days, since = diary.rng.choice(_INFECTIONS)
    if age < since:
        consult(diary, on, "Feverish illness")
        return
    consult(diary, on, concept.replace("-", " ").upper() if concept == "uti" else concept)
    by = diary.rng.choice(GPS[diary.human.home.practice])
    at = diary.at(on, 17)
    diary.tell(
        gp.SOURCE.name,
        Diagnosis(
            id=diary.id("condition"),
            at=at,
            concept=concept,
            onset=on,
            ended=on + timedelta(days=14),
            by=by,
        ),
        Prescription(
            id=diary.id("prescription"),
            at=at,
            medicine=medicine,
            dose=value("medicines")[medicine]["dose"],
            until=on + timedelta(days=days),
            repeat=False,
            why=concept,
            by=by,
        ),
    )


def _jab(diary: Diary, vaccine: str, on: date) -> None:
    if not diary.human.born <= on < diary.today:
        return
    refused = diary.rng.random() < 0.04
    diary.tell(
        gp.SOURCE.name,
        Jab(
            id=diary.id("immunisation"),
            at=diary.at(on),
            vaccine=vaccine,
            batch=f"AW{diary.rng.randint(1000, 9999)}",
            why_not="Declined" if refused else "",
        ),
    )
