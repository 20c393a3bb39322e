"""The stories of the demonstration: the hard cases, each with people a reader can follow."""

from wholerecord.demo.stories import (
    alike,
    choices,
    corrections,
    long_lives,
    medicines,
    numbers,
    strays,
    stroke,
    tenfold,
)
from wholerecord.demo.stories.stage import SILENT_DAYS, Stage
from wholerecord.demo.stories.story import Story

#: Every story, in the order the sign-in page tells them.
STORIES: tuple[Story, ...] = (
    stroke.STORY,
    medicines.ALLERGY,
    medicines.ANTICOAGULANTS,
    tenfold.STORY,
    long_lives.MONITORED,
    long_lives.DIALYSIS,
    alike.TWINS,
    alike.NEWBORN,
    alike.NAMESAKES,
    numbers.MARRIED,
    numbers.MISTYPED,
    numbers.BORROWED,
    numbers.MERGED,
    choices.RESTRICTED,
    choices.OPTED_OUT,
    corrections.POTASSIUM,
    corrections.RETRACTED,
    strays.STORY,
    strays.SILENT,
)


def tell(stage: Stage) -> None:
    """Tell every story on the stage. They cast first, so that their people are always the same."""
    for story in (
        stroke,
        medicines,
        tenfold,
        alike,
        numbers,
        choices,
        corrections,
        long_lives,
        strays,
    ):
        story.tell(stage)


__all__ = ["SILENT_DAYS", "STORIES", "Stage", "Story", "tell"]
