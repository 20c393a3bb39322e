"""What was said and then taken back: a corrected result and a retracted diagnosis."""

from dataclasses import replace
from datetime import timedelta

from wholerecord.demo import acute, gp
from wholerecord.demo.diary import moment_on
from wholerecord.demo.happening import Diagnosis, Report, Result
from wholerecord.demo.lives.hospital import emergency
from wholerecord.demo.lives.long_term import consult, live_with
from wholerecord.demo.stories.stage import Stage
from wholerecord.demo.stories.story import Story

POTASSIUM = Story(
    id="corrected",
    title="A corrected result",
    who="Ernest Midgley",
    see=(
        "A potassium of 6.9 was corrected to 4.9 three hours later (the sample had haemolysed). "
        "One result, 4.9, that says it was 6.9."
    ),
)
RETRACTED = Story(
    id="retracted",
    title="A diagnosis taken back",
    who="Laura Kershaw",
    see="Epilepsy was entered in the wrong record and withdrawn; it is kept, and never counted.",
)


def tell(stage: Stage) -> None:
    """Write both diaries."""
    _potassium(stage)
    _retracted(stage)


def _potassium(stage: Stage) -> None:
    conditions = frozenset({"ckd-3a", "heart-failure"})
    diary = stage.cast("Midgley", "Ernest", sex="male", age=83, conditions=conditions)
    live_with(diary, conditions)
    on = diary.days_ago(19)
    emergency(diary, on)
    at = moment_on(on, 12, 14)
    first = Report(
        id=diary.id("AWL"),
        at=at,
        issued=at + timedelta(hours=1),
        title="urea and electrolytes",
        results=(
            Result(measure="sodium", value="138"),
            Result(measure="potassium", value="6.9"),
            Result(measure="urea", value="9.8"),
            Result(measure="creatinine", value="131"),
            Result(measure="egfr", value="44"),
        ),
        specimen="blood",
    )
    right = tuple(
        replace(result, value="4.9") if result.measure == "potassium" else result
        for result in first.results
    )
    corrected = replace(
        first, results=right, corrected=True, issued=at + timedelta(hours=4, minutes=10)
    )
    diary.tell(acute.SOURCE.name, first, corrected)
    stage.event(diary.human, "result", "potassium", acute.SOURCE)


def _retracted(stage: Stage) -> None:
    diary = stage.cast("Kershaw", "Laura", sex="female", age=29)
    consult(diary, diary.days_ago(300), "Headaches")
    wrong = Diagnosis(
        id=diary.id("condition"),
        at=moment_on(diary.days_ago(140), 9, 25),
        concept="epilepsy",
        onset=diary.days_ago(140),
        by="Dr Imran Malik",
    )
    back = replace(wrong, at=moment_on(diary.days_ago(133), 13, 50), retracted=True)
    diary.tell(gp.SOURCE.name, wrong, back)
    consult(diary, diary.days_ago(133), "Wrong entry found and withdrawn")
