"""People easily taken for two: a changed name, a number wrong, borrowed or given twice."""

from dataclasses import replace
from datetime import timedelta

from wholerecord.demo import acute, gp, pharmacy
from wholerecord.demo.diary import moment_on
from wholerecord.demo.happening import Contact, Diagnosis, Merging
from wholerecord.demo.lives import live
from wholerecord.demo.lives.hospital import bleed, emergency, observe
from wholerecord.demo.lives.long_term import conditions_of, consult, live_with, take
from wholerecord.demo.stories.stage import Stage
from wholerecord.demo.stories.story import Story

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
    _married(stage)
    _mistyped(stage)
    _borrowed(stage)
    _merged(stage)


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
