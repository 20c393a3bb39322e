"""One stroke, told by five sources on five dates in five ways."""

from dataclasses import replace
from datetime import timedelta

from wholerecord.demo import acute, gp, mental_health, pharmacy, social_care
from wholerecord.demo.choice import Chosen
from wholerecord.demo.diary import Diary, moment_on
from wholerecord.demo.happening import (
    Contact,
    Diagnosis,
    Letter,
    Note,
    Plan,
    Sensitivity,
    Service,
)
from wholerecord.demo.lives.hospital import bleed, observe
from wholerecord.demo.lives.long_term import consult, live_with, take
from wholerecord.demo.lives.prevention import vaccinate
from wholerecord.demo.lives.support import home_readings, matters
from wholerecord.demo.stories.stage import Stage
from wholerecord.demo.stories.story import Story

CARER = "joanne-holroyd"
STORY = Story(
    id="stroke",
    title="One stroke, told five times",
    who="Margaret Holroyd",
    see=(
        "The hospital coded a cerebral infarction, the practice wrote ischaemic stroke nine days "
        "later, the mental-health team wrote CVA, the pharmacy and social care wrote stroke. "
        "The record shows one stroke, and who said it in which words."
    ),
)

_DAYS_AGO = 165
_CONDITIONS = frozenset({"hypertension", "hypercholesterolaemia"})


def tell(stage: Stage) -> None:
    """Write Margaret Holroyd's diary; her daughter Joanne cares for her."""
    diary = stage.cast("Holroyd", "Margaret", sex="female", age=74, conditions=_CONDITIONS)
    contact = ("Joanne Holroyd", "Daughter", "07700 900417")
    for source in (gp.SOURCE, acute.SOURCE):
        diary.know(replace(diary.known(source.name), contact=contact))
    live_with(diary, _CONDITIONS)
    vaccinate(diary)
    _at_hospital(diary)
    _at_practice(diary)
    _elsewhere(diary)
    _mental_health(diary)
    matters(diary)
    home_readings(diary, "blood pressure monitor", "blood-pressure", weeks=20, weekly=3)
    sources = (acute.SOURCE, gp.SOURCE, mental_health.SOURCE, pharmacy.SOURCE, social_care.SOURCE)
    stage.event(diary.human, "condition", "stroke", *sources)
    reason = "Margaret Holroyd asked that her daughter may see her record and help her with it."
    stage.chosen(diary.human, Chosen.CARER, reason, carer=CARER)


def _at_hospital(diary: Diary) -> None:
    at = moment_on(diary.days_ago(_DAYS_AGO), 9, 42)
    until = at + timedelta(days=8, hours=4)
    consultant = "Dr Yonas Tesfaye"
    infarct = Diagnosis(
        id=diary.id("condition"),
        at=at,
        concept="ischaemic-stroke",
        words="Cerebral infarction due to embolism of cerebral arteries",
    )
    stay = Contact(
        id=diary.id("AWV"),
        at=at,
        until=until,
        setting="inpatient",
        reason="Sudden weakness of the right arm, slurred speech",
        where="Ward 7 Stroke",
        by=consultant,
        diagnoses=(infarct,),
        sensitivities=(Sensitivity(id=diary.id("allergy"), at=at, substance=""),),
    )
    letter = Letter(
        id=diary.id("document"),
        at=until,
        title="Discharge summary: stroke",
        text=(
            "Discharge summary\n\nAdmitted with right-sided weakness and slurred speech found on "
            "waking. CT: left middle cerebral artery infarct. Thrombolysis not given: time of "
            "onset not known. Started clopidogrel; atorvastatin increased. Walking with a "
            "frame. Low in mood: referred to the community mental-health team. Reablement "
            f"arranged with social care.\n\n{consultant}"
        ),
        by=consultant,
    )
    diary.tell(acute.SOURCE.name, stay, letter)
    observe(diary, at, hours=24 * 8, every=4, worse=1.6)
    for day in range(8):
        bleed(diary, at + timedelta(days=day, hours=1), worse=1.0 - day / 8)


def _at_practice(diary: Diary) -> None:
    heard = diary.days_ago(_DAYS_AGO - 9)
    diary.tell(
        gp.SOURCE.name,
        Diagnosis(
            id=diary.id("condition"),
            at=moment_on(heard, 16, 20),
            concept="ischaemic-stroke",
            onset=heard,
            by="Dr Helen Garside",
        ),
    )
    consult(diary, diary.days_ago(_DAYS_AGO - 16), "Review after stroke", 20)
    consult(diary, diary.days_ago(40), "Stroke review", 20)
    take(diary, "clopidogrel", heard)


def _elsewhere(diary: Diary) -> None:
    """The pharmacy at 20 days, social care at 26."""
    pharmacist = moment_on(diary.days_ago(_DAYS_AGO - 20), 11, 5)
    diary.tell(
        pharmacy.SOURCE.name,
        Diagnosis(
            id=diary.id("condition"),
            at=pharmacist,
            concept="stroke",
            words="Stroke (told by the patient, new medicine service)",
            onset=pharmacist.date() - timedelta(days=18),
        ),
    )
    assessed = moment_on(diary.days_ago(_DAYS_AGO - 26), 14, 0)
    diary.tell(
        social_care.SOURCE.name,
        Diagnosis(
            id=diary.id("SC"),
            at=assessed,
            concept="stroke",
            words="Stroke",
            onset=diary.days_ago(_DAYS_AGO - 1),
        ),
        Service(
            id=diary.id("SC"),
            at=assessed,
            kind="Reablement",
            words="Stroke survivor: six weeks of reablement, twice a day",
            until=diary.days_ago(_DAYS_AGO - 70),
        ),
        Service(
            id=diary.id("SC"),
            at=moment_on(diary.days_ago(_DAYS_AGO - 72), 10, 0),
            kind="Home care",
            words="Carer each morning, 45 minutes: washing and dressing",
        ),
    )
    diary.tell(
        social_care.SOURCE.name,
        Note(
            id=diary.id("SC"),
            at=assessed,
            kind="carer",
            title="Joanne Holroyd",
            lines=(("Daughter", "07700 900417"),),
        ),
    )


def _mental_health(diary: Diary) -> None:
    """CVA, in the words of the community team, 47 days on; then visits every two weeks."""
    seen = moment_on(diary.days_ago(_DAYS_AGO - 47), 15, 30)
    diary.tell(
        mental_health.SOURCE.name,
        Diagnosis(id=diary.id("condition"), at=seen, concept="stroke", words="CVA", onset=None),
        Diagnosis(
            id=diary.id("condition"), at=seen, concept="depression", words="Post-stroke depression"
        ),
        Plan(
            id=diary.id("plan"),
            at=seen,
            title="Mood after stroke: plan",
            goals=("To enjoy the choir again",),
            activities=("Visit every two weeks", "Talk to the practice about sertraline"),
            by="Jade Ellis, community nurse",
        ),
        Note(
            id=diary.id("alert"),
            at=seen,
            kind="alert",
            title="Slow speech since the stroke: give her time to answer",
            lines=(),
        ),
    )
    for weeks in (2, 4, 6, 8, 10, 12):
        visit = seen + timedelta(weeks=weeks)
        diary.tell(
            mental_health.SOURCE.name,
            Contact(
                id=diary.id("encounter"),
                at=visit,
                until=visit + timedelta(minutes=45),
                setting="home",
                reason="Community team visit: mood after stroke",
                by="Jade Ellis, community nurse",
            ),
        )
