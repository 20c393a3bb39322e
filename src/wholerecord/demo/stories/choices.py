"""People who chose: where they live stays hidden, and what is not for research."""

from dataclasses import replace

from wholerecord.demo import acute, gp, pharmacy
from wholerecord.demo.choice import Chosen
from wholerecord.demo.happening import Diagnosis
from wholerecord.demo.lives import live
from wholerecord.demo.lives.hospital import emergency
from wholerecord.demo.lives.long_term import consult, live_with, take
from wholerecord.demo.stories.stage import Stage
from wholerecord.demo.stories.story import Story

RESTRICTED = Story(
    id="restricted",
    title="An address that nobody may see",
    who="Rebecca Tordoff",
    see=(
        "Her practice and the hospital flag her as restricted; the pharmacy, older, still has an "
        "address. No screen shows where she lives or how to reach her."
    ),
)
OPTED_OUT = Story(
    id="opted-out",
    title="Not for research",
    who="Graham Wadsworth",
    see="Both opt-outs: his care sees everything, and no count or extract includes him.",
)


def tell(stage: Stage) -> None:
    """Write both diaries and note what they chose."""
    restricted = stage.cast("Tordoff", "Rebecca", sex="female", age=36)
    for source in (gp.SOURCE, acute.SOURCE):
        restricted.know(replace(restricted.known(source.name), restricted=True))
    restricted.known(pharmacy.SOURCE.name)
    live_with(restricted, frozenset({"anxiety"}))
    take(restricted, "propranolol", restricted.days_ago(200))
    emergency(restricted, restricted.days_ago(410))
    consult(restricted, restricted.days_ago(30), "Would like to talk")
    restricted.tell(
        gp.SOURCE.name,
        Diagnosis(
            id=restricted.id("condition"),
            at=restricted.at(restricted.days_ago(180)),
            concept="chlamydia",
            onset=restricted.days_ago(182),
            ended=restricted.days_ago(150),
            label="sexual-health",
        ),
    )
    reason = "For her safety: where she lives and how to reach her is shown to nobody."
    stage.chosen(restricted.human, Chosen.RESTRICTED, reason)
    stage.chosen(
        restricted.human,
        Chosen.SEALED,
        "She asked that sexual-health entries are not shared.",
        label="sexual-health",
    )
    opted = stage.cast("Wadsworth", "Graham", sex="male", age=71)
    live(opted, frozenset({"type-2-diabetes", "ckd-3a", "hypertension"}))
    stage.chosen(opted.human, Chosen.NATIONAL_OPT_OUT, "He set the national data opt-out.")
    stage.chosen(opted.human, Chosen.TYPE_1_OPT_OUT, "He told his practice: type 1 opt-out.")
