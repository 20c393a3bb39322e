"""Mental-health care, social care and readings at home."""

from datetime import timedelta

from wholerecord.demo import gp, home, mental_health, social_care
from wholerecord.demo.diary import Diary
from wholerecord.demo.happening import (
    Contact,
    DeviceReadings,
    Diagnosis,
    Letter,
    Note,
    Plan,
    Result,
    Service,
)
from wholerecord.demo.places import GPS, KEYWORKERS

_IN_WORDS = {
    "schizophrenia": "Schizophrenia",
    "bipolar": "Bipolar affective disorder",
    "alzheimers": "Alzheimer's disease",
    "depression": "Depression",
}


def be_supported(diary: Diary, conditions: frozenset[str]) -> None:
    """Everything outside practice and hospital that somebody's conditions and age bring."""
    age = diary.human.age(diary.today)
    severe = sorted(conditions & {"schizophrenia", "bipolar", "alzheimers"})
    if not severe and "depression" in conditions and diary.rng.random() < 0.25:
        severe = ["depression"]
    if severe:
        mental_health_care(diary, severe[0])
    if conditions & {"frailty", "alzheimers", "learning-disability"} or (
        age > 82 and diary.rng.random() < 0.5
    ):
        home_care(diary)
        matters(diary)
    if "frailty" in conditions:
        frailty_plan(diary)
    if "hypertension" in conditions and diary.rng.random() < 0.22:
        home_readings(diary, "blood pressure monitor", "blood-pressure", weeks=20, weekly=2)
    if "type-2-diabetes" in conditions and diary.rng.random() < 0.3:
        home_readings(diary, "glucose meter", "glucose", weeks=14, weekly=7)
    if "heart-failure" in conditions and diary.rng.random() < 0.6:
        home_readings(diary, "scales", "weight", weeks=14, weekly=7)


def mental_health_care(diary: Diary, concept: str) -> None:
    """Contacts with the community team, its diagnosis in words, a plan and a letter."""
    rng = diary.rng
    first = diary.days_ago(rng.randint(300, 1200))
    worker = rng.choice(KEYWORKERS)
    source = mental_health.SOURCE.name
    words = _IN_WORDS[concept]
    diary.tell(
        source,
        Diagnosis(id=diary.id("condition"), at=diary.at(first), concept=concept, words=words),
        Plan(
            id=diary.id("plan"),
            at=diary.at(first + timedelta(days=14)),
            title="Care and crisis plan",
            goals=("Stay well at home", "Get back to walking with the group on Thursdays"),
            activities=(
                "Visit every two weeks",
                "If unwell: ring the crisis line, then the family",
            ),
            by=worker,
        ),
        Letter(
            id=diary.id("document"),
            at=diary.at(first + timedelta(days=15)),
            title="Letter to the practice after assessment",
            text=f"Dear colleague,\n\nThank you for referring this person. My impression is "
            f"{words.lower()}. We will see them every two weeks.\n\nYours sincerely,\n{worker}",
            by=worker,
        ),
    )
    day = first + timedelta(days=14)
    while day < diary.today - timedelta(days=1):
        at = diary.at(day)
        diary.tell(
            source,
            Contact(
                id=diary.id("encounter"),
                at=at,
                until=at + timedelta(minutes=45),
                setting="home",
                reason="Community team visit",
                by=worker,
                label="mental-health" if rng.random() < 0.1 else "",
            ),
        )
        day += timedelta(days=rng.randint(20, 50))


def home_care(diary: Diary) -> None:
    """A social care assessment and what is arranged after it."""
    rng = diary.rng
    on = diary.days_ago(rng.randint(60, 900))
    source = social_care.SOURCE.name
    services = (
        ("Home care", "Carer twice a day, 30 minutes: washing, dressing, breakfast, bed"),
        ("Equipment", "Grab rails in the bathroom and a perching stool"),
        ("Telecare", "Pendant alarm"),
        ("Day opportunities", "Lunch club at Kirkholme on Wednesdays"),
        ("Reablement", "Six weeks of reablement after hospital"),
    )
    for kind, words in rng.sample(services, rng.randint(1, 3)):
        diary.tell(source, Service(id=diary.id("SC"), at=diary.at(on), kind=kind, words=words))
        on += timedelta(days=rng.randint(5, 40))
        on = min(on, diary.days_ago(8))


def matters(diary: Diary) -> None:
    """What matters to somebody, in their words, and who looks after them."""
    at = diary.at(diary.days_ago(diary.rng.randint(30, 700)))
    gps = GPS[diary.human.home.practice]
    diary.tell(
        gp.SOURCE.name,
        Note(
            id=diary.id("about-me"),
            at=at,
            kind="about-me",
            title="About me",
            lines=(
                ("What is most important to me", diary.rng.choice(_IMPORTANT)),
                ("How to communicate with me", diary.rng.choice(_COMMUNICATE)),
                ("Please do", diary.rng.choice(_PLEASE)),
            ),
        ),
        Note(
            id=diary.id("team"),
            at=at,
            kind="team",
            title="People who look after me",
            lines=(("Named GP", gps[0]), ("Community nurse", "Jade Ellis")),
        ),
    )


def frailty_plan(diary: Diary) -> None:
    """The practice's plan for somebody who is frail."""
    diary.tell(
        gp.SOURCE.name,
        Plan(
            id=diary.id("plan"),
            at=diary.at(diary.days_ago(diary.rng.randint(30, 500))),
            title="Proactive care plan",
            goals=("To stay in my own home", "Not to fall again"),
            activities=("Strength and balance class", "Medication review every six months"),
            by=GPS[diary.human.home.practice][0],
        ),
    )


def home_readings(diary: Diary, device: str, measure: str, *, weeks: int, weekly: int) -> None:
    """What a device at home measured, sent once a week."""
    for week in range(weeks, 0, -1):
        readings: list[Result] = []
        for n in range(weekly):
            on = diary.days_ago(week * 7 - n * 7 / weekly)
            result = diary.measuring.result(measure, diary.years_ago(on))
            at = diary.at(on, 7)
            readings.append(Result(measure=measure, value=result.value, parts=result.parts, at=at))
        last = max(result.at for result in readings if result.at)
        diary.tell(
            home.SOURCE.name,
            DeviceReadings(
                id=diary.id("readings"), at=last, device=device, results=tuple(readings)
            ),
        )


_IMPORTANT = (
    "My dog Biscuit. She needs letting out at seven.",
    "Going to the mosque on Fridays with my brother.",
    "My allotment, and seeing the grandchildren on Sundays.",
    "Being asked before things are done to me.",
    "Leeds playing at home, on the radio if I cannot go.",
)
_COMMUNICATE = (
    "Speak slowly and face me; I hear badly on the left.",
    "I read large print. My glasses are often in my coat.",
    "Write things down for me; I forget what was said.",
    "Use pictures and short sentences.",
)
_PLEASE = (
    "Make tea properly: milk last.",
    "Ring before you come.",
    "Call me by my first name.",
    "Leave the hall light on.",
)
