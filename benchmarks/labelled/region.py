"""The labelled set: people with a true history, and what five sources said of it, by seed."""

from random import Random

from benchmarks.labelled import acute, cancers, events, lasting, measures, medicines, other_acute
from benchmarks.labelled.telling import Telling

#: The seed that the rules were tuned on, and the one that is reported.
TUNING, REPORTING = 20261, 70717


def region(seed: int, people: int = 1000) -> list[Telling]:
    """The people. A third each have a stroke or a heart attack: more than is so, to count them."""
    return [_person(seed, number) for number in range(people)]


def _person(seed: int, number: int) -> Telling:
    telling = Telling(Random(f"{seed}-{number}"), number)
    for tell in (
        *([acute.strokes] if telling.draw.random() < 0.35 else []),
        *([acute.infarctions] if telling.draw.random() < 0.35 else []),
        other_acute.others,
        lasting.conditions,
        lasting.allergies,
        cancers.cancers,
        medicines.medicines,
        measures.results,
        measures.observations,
        events.immunisations,
        events.procedures,
        events.encounters,
        events.documents,
    ):
        tell(telling)
    return telling
