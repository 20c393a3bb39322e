"""People easily taken for one another: twins, mother and baby, father and son."""

from dataclasses import replace
from datetime import timedelta

from wholerecord.demo import acute
from wholerecord.demo.choice import Chosen
from wholerecord.demo.diary import moment_on
from wholerecord.demo.happening import Contact, Diagnosis
from wholerecord.demo.lives.hospital import emergency
from wholerecord.demo.lives.long_term import consult, live_with
from wholerecord.demo.lives.prevention import vaccinate
from wholerecord.demo.stories.stage import Stage
from wholerecord.demo.stories.story import Story

PARENT = "chiamaka-okafor"
TWINS = Story(
    id="twins",
    title="Twins",
    who="Hussain (Zainab and Zahra)",
    see="Same surname, date of birth and address, two NHS numbers: two people, never joined.",
)
NEWBORN = Story(
    id="newborn",
    title="A mother and her baby",
    who="Okafor (Chiamaka and Ada)",
    see=(
        "The hospital registered “BABY OKAFOR” with no NHS number at her mother's address. The "
        "practice knows Ada Okafor, born that day. The pair waits for a person to decide."
    ),
)
NAMESAKES = Story(
    id="namesakes",
    title="Father and son of one name",
    who="Mohammed Khan",
    see="Two people at one address, thirty years apart; their records stay apart.",
)


def tell(stage: Stage) -> None:
    """Write all their diaries."""
    _twins(stage)
    _newborn(stage)
    _namesakes(stage)


def _twins(stage: Stage) -> None:
    first = stage.cast("Hussain", "Zainab", sex="female", age=9, heritage="pakistani")
    second = stage.cast(
        "Hussain",
        "Zahra",
        sex="female",
        age=9,
        heritage="pakistani",
        home=first.human.home,
        born=first.human.born,
    )
    for diary in (first, second):
        vaccinate(diary)
        consult(diary, diary.days_ago(90), "Ear ache")
        emergency(diary, diary.days_ago(200))
    live_with(first, frozenset({"asthma"}))
    stage.not_the_same(first.human, second.human, "twins")


def _newborn(stage: Stage) -> None:
    born = stage.today - timedelta(days=41)
    mother = stage.cast("Okafor", "Chiamaka", sex="female", age=31, heritage="african")
    consult(mother, mother.days_ago(230), "Pregnancy booking")
    at = moment_on(born, 2, 10)
    mother.tell(
        acute.SOURCE.name,
        Contact(
            id=mother.id("AWV"),
            at=at,
            until=at + timedelta(days=2),
            setting="inpatient",
            reason="Labour",
            where="Maternity",
            diagnoses=(Diagnosis(id=mother.id("condition"), at=at, concept="pregnancy"),),
        ),
    )
    baby = stage.cast(
        "Okafor",
        "Ada",
        sex="female",
        age=0,
        heritage="african",
        home=mother.human.home,
        born=born,
    )
    unnamed = replace(baby.known(acute.SOURCE.name), given=("BABY",), nhs_number="", verified="07")
    baby.know(unnamed)
    delivered = at + timedelta(hours=6)
    baby.tell(
        acute.SOURCE.name,
        Contact(
            id=baby.id("AWV"),
            at=delivered,
            until=at + timedelta(days=2),
            setting="inpatient",
            reason="Newborn",
            where="Maternity",
        ),
    )
    consult(baby, baby.days_ago(20), "New patient, weighed")
    reason = "Her mother looks after her record until she can do so herself."
    stage.chosen(baby.human, Chosen.CARER, reason, carer=PARENT, since=born)
    stage.not_the_same(mother.human, baby.human, "mother and baby")


def _namesakes(stage: Stage) -> None:
    father = stage.cast("Khan", "Mohammed", sex="male", age=63, heritage="pakistani")
    son = stage.cast(
        "Khan", "Mohammed", sex="male", age=33, heritage="pakistani", home=father.human.home
    )
    live_with(father, frozenset({"type-2-diabetes", "hypertension"}))
    consult(son, son.days_ago(77), "Back pain")
    for diary in (father, son):
        emergency(diary, diary.days_ago(120))
    stage.not_the_same(father.human, son.human, "father and son of one name")
