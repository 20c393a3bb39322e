"""What is truly so in the region, for tests and for whoever wants to check the product."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from wholerecord.demo import mental_health
from wholerecord.demo.diary import Diary
from wholerecord.demo.happening import Told
from wholerecord.demo.human import Human
from wholerecord.demo.stories import SILENT_DAYS, Stage


def truth_of(
    seed: int, today: date, diaries: Sequence[Diary], told: Iterable[Told], stage: Stage
) -> dict[str, Any]:
    """`truth.json`: people with their patients, events, conflicts, merges, and what is parked.

    A patient is named as its source names it: [source, the source's number].
    """
    patients: dict[str, set[tuple[str, str]]] = {}
    for one in told:
        patients.setdefault(one.who.human.key, set()).add(_filed(one.who.source, one.who.number))
    return {
        "seed": seed,
        "today": today.isoformat(),
        "people": [_person(diary.human, patients.get(diary.human.key, set())) for diary in diaries],
        **stage.truth,
        "choices": [
            {"nhs_number": choice.nhs_number, "chosen": choice.chosen.name}
            for choice in stage.choices
        ],
        "silent": [{"source": mental_health.SOURCE.name, "days": SILENT_DAYS}],
    }


def _person(human: Human, patients: set[tuple[str, str]]) -> dict[str, Any]:
    return {
        "human": human.key,
        "name": " ".join((*human.given, human.family)),
        "born": human.born.isoformat(),
        "nhs_number": human.nhs_number,
        "patients": [list(patient) for patient in sorted(patients)],
    }


def _filed(source: str, number: str) -> tuple[str, str]:
    """As intake files them: ids in a message bundle are passing, so it goes by the identifier."""
    if source == mental_health.SOURCE.name:
        return source, f"{mental_health.VOICE.base}/Id/patient|{number}"
    return source, number
