"""People easily taken for one another, and people easily taken for two."""

from dataclasses import replace
from datetime import timedelta

from wholerecord.demo import acute, gp, pharmacy
from wholerecord.demo.choice import Chosen
from wholerecord.demo.diary import moment_on
from wholerecord.demo.happening import Contact, Diagnosis, Merging
from wholerecord.demo.lives import live
from wholerecord.demo.lives.hospital import bleed, emergency, observe
from wholerecord.demo.lives.long_term import conditions_of, consult, live_with, take
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
MARRIED = Story(
    id="married",
    title="A changed surname",
    who="Sophie Nowak",
    see="Brearley at the hospital, Nowak at the practice since she married: one person.",
)
MISTYPED = Story(
    id="mistyped",
    title="A mistyped NHS number",
    who="Keith Ramsden",
    see="The pharmacy's number fails its check digit: kept as said, and never used to link.",
)
BORROWED = Story(
    id="borrowed",
    title="Somebody else's NHS number",
    who="Trevor Metcalfe",
    see=(
        "Craig Dobson gave Trevor Metcalfe's number in the emergency department. Name and date of "
        "birth disagree, so the visit is not in Trevor's record, whatever the number says."
    ),
)
MERGED = Story(
    id="merged",
    title="Two hospital numbers, one man",
    who="Harold Firth",
    see="Registered twice at the hospital, then merged (A40): both numbers' entries are his.",
)


def tell(stage: Stage) -> None:
    """Write all their diaries."""
    _twins(stage)
    _newborn(stage)
    _namesakes(stage)
    _married(stage)
    _mistyped(stage)
    _borrowed(stage)
    _merged(stage)


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


def _married(stage: Stage) -> None:
    diary = stage.cast("Nowak", "Sophie", sex="female", age=34)
    diary.know(replace(diary.known(acute.SOURCE.name), family="Brearley"))
    diary.know(replace(diary.known(gp.SOURCE.name), formerly="Brearley"))
    live(diary, conditions_of(34, diary.rng))
    emergency(diary, diary.days_ago(900))


def _mistyped(stage: Stage) -> None:
    diary = stage.cast("Ramsden", "Keith", sex="male", age=69)
    wrong = _one_digit_wrong(diary.human.nhs_number)
    diary.know(replace(diary.known(pharmacy.SOURCE.name), nhs_number=wrong, verified="02"))
    live_with(diary, frozenset({"hypertension"}))
    take(diary, "amlodipine", diary.days_ago(700))


def _one_digit_wrong(number: str) -> str:
    """The number with its sixth digit one higher: a single wrong digit always fails the check."""
    return f"{number[:5]}{(int(number[5]) + 1) % 10}{number[6:]}"


def _borrowed(stage: Stage) -> None:
    owner = stage.cast("Metcalfe", "Trevor", sex="male", age=67)
    live_with(owner, frozenset({"gout", "hypertension"}))
    other = stage.cast("Dobson", "Craig", sex="male", age=38)
    consult(other, other.days_ago(700), "Sick note")
    other.know(
        replace(other.known(acute.SOURCE.name), nhs_number=owner.human.nhs_number, verified="02")
    )
    emergency(other, other.days_ago(61))
    stage.not_the_same(owner.human, other.human, "the other's NHS number at the hospital")


def _merged(stage: Stage) -> None:
    diary = stage.cast("Firth", "Harold", sex="male", age=81)
    live_with(diary, frozenset({"atrial-fibrillation", "osteoarthritis"}))
    first = diary.known(acute.SOURCE.name)
    emergency(diary, diary.days_ago(500))
    number = stage.casting.number(acute.SOURCE.name, "AW", 6)
    diary.know(replace(first, number=number, nhs_number="", verified="07"))
    at = moment_on(diary.days_ago(88), 3, 30)
    diary.tell(
        acute.SOURCE.name,
        Contact(
            id=diary.id("AWV"),
            at=at,
            until=at + timedelta(days=3),
            setting="inpatient",
            reason="Found on the floor at home",
            where="Ward 9 Older People",
            by="Dr Wendy Calvert",
            diagnoses=(Diagnosis(id=diary.id("condition"), at=at, concept="fall"),),
        ),
    )
    observe(diary, at, hours=72, every=6)
    bleed(diary, at)
    diary.know(first)
    merged_at = at + timedelta(days=4, hours=7)
    diary.tell(acute.SOURCE.name, Merging(id=diary.id("merge"), at=merged_at, retired=number))
    stage.truth["merged"].append(
        {"source": acute.SOURCE.name, "kept": first.number, "retired": number}
    )
