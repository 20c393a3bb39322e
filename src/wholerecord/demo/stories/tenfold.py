"""A child's dose ten times too large, plain to see in the words of the order."""

from datetime import timedelta

from wholerecord.demo import acute, pharmacy
from wholerecord.demo.diary import Diary, moment_on
from wholerecord.demo.happening import (
    Contact,
    Diagnosis,
    Dispensing,
    Prescription,
    Report,
    Result,
)
from wholerecord.demo.lives.hospital import observe
from wholerecord.demo.lives.long_term import consult
from wholerecord.demo.stories.stage import Stage
from wholerecord.demo.stories.story import Story

STORY = Story(
    id="tenfold",
    title="Ten times a child's dose",
    who="Isla Pickles",
    see=(
        "She weighs 20 kg. The ward's chart says 100 units of dalteparin for each kilogram twice "
        "a day: 2,000 units. The discharge order says 20,000. Weight and dose stand side by side."
    ),
)


def tell(stage: Stage) -> None:
    """Write Isla Pickles's diary."""
    diary = stage.cast("Pickles", "Isla", sex="female", age=6)
    consult(diary, diary.days_ago(400), "Chesty cough")
    at = moment_on(diary.days_ago(12), 10, 5)
    until = at + timedelta(days=4)
    weight = Report(
        id=diary.id("AWO"),
        at=at + timedelta(minutes=20),
        title="body",
        results=(Result(measure="weight", value="20.0"), Result(measure="height", value="115")),
    )
    order = Prescription(
        id=diary.id("prescription"),
        at=until,
        medicine="dalteparin",
        dose="20,000 units by injection under the skin twice a day (weight 20.0 kg; chart: 100 "
        "units for each kg twice a day)",
        repeat=False,
        why="Line-related clot in the arm",
        by="Mr Paul Thackray",
    )
    diary.tell(
        acute.SOURCE.name,
        Contact(
            id=diary.id("AWV"),
            at=at,
            until=until,
            setting="inpatient",
            reason="Swollen arm after a long line",
            where="Children's Ward",
            by="Mr Paul Thackray",
            diagnoses=(Diagnosis(id=diary.id("condition"), at=at, concept="dvt"),),
        ),
        weight,
        order,
    )
    observe(diary, at, hours=96, every=8, worse=0.2)
    _hand_over(diary, order)
    stage.conflict(diary.human, "dose ten times the weight-based dose", acute.SOURCE)


def _hand_over(diary: Diary, order: Prescription) -> None:
    diary.tell(
        pharmacy.SOURCE.name,
        Dispensing(
            id=diary.id("dispense"),
            at=order.at + timedelta(hours=5),
            medicine=order.medicine,
            dose=order.dose,
            quantity=28,
            days=14,
            order=order.id,
        ),
    )
