"""What an entry's detail adds, in short phrases: nothing that it says is left out.

A letter's text and other long words are cut at a length, and the cut says so.
"""

from collections.abc import Callable, Iterator
from typing import Any, cast

from wholerecord.fold import (
    Allergy,
    CarePlan,
    Component,
    Condition,
    Document,
    Encounter,
    Immunisation,
    Measure,
    Medicine,
    Plain,
    Procedure,
    SocialHistory,
)
from wholerecord.fold.request import Request

#: Characters of one phrase. A whole letter is in the record, not in a list.
_LONGEST = 2_000
_CERTAINTY = {
    "suspected": "suspected, not certain",
    "refuted": "ruled out",
    "family": "in the family, not of this person",
}
_CRITICALITY = {"high": "could be life-threatening", "low": "low risk"}


def telling(detail: Any) -> tuple[str, ...]:
    """The phrases of a detail, each as short as `_LONGEST`."""
    return tuple(short(phrase) for phrase in _TELLING[type(detail)](detail) if phrase)


def short(text: str) -> str:
    """The text on one line, cut where it is too long for a list; the cut says how much is left.

    >>> short(" a   b ")
    'a b'
    """
    joined = " ".join(text[: _LONGEST * 2].split())
    if len(joined) <= _LONGEST and len(text) <= _LONGEST * 2:
        return joined
    kept = joined[:_LONGEST]
    return f"{kept} … (shortened: {len(text) - len(kept):,} more characters are in the record)"


def value_of(said: Measure | Component) -> str:
    """A value as written with its unit as sent."""
    return f"{said.value} {said.unit}".strip()


def known_until(said: Medicine) -> str:
    """Until when a medicine is known to be current, and by what: true on whatever day it is read.

    "" of one that is over, or of which nothing dated says so.
    """
    if said.current_until is None or said.last is None:
        return ""
    until = f"{said.current_until.day} {said.current_until:%b %Y}"
    return f"last issued {said.last.say()}, not known to be current after {until}"


def _condition(said: Condition) -> Iterator[str]:
    yield _CERTAINTY.get(said.certainty, "")
    yield said.side
    yield said.severity


def _medicine(said: Medicine) -> Iterator[str]:
    yield from said.doses or ("dose not said",)
    yield said.route
    yield f"stopped because: {said.stopped_because}" if said.stopped_because else ""
    yield known_until(said)


def _allergy(said: Allergy) -> Iterator[str]:
    yield _CRITICALITY.get(said.criticality, "")
    yield f"reaction: {', '.join(said.reactions)}" if said.reactions else ""


def _measure(said: Measure) -> Iterator[str]:
    yield value_of(said)
    for part in said.parts:
        yield f"{part.title} {value_of(part)}"
    limits = " to ".join(limit for limit in (said.low, said.high) if limit)
    yield f"laboratory's range {limits}" if limits else ""
    yield f"flag {said.flag}" if said.flag else ""
    yield f"corrected from {', '.join(said.corrected_from)}" if said.corrected_from else ""
    yield f"in {said.group}" if said.group else ""


def habits_said(said: SocialHistory) -> Iterator[str]:
    """Every word of a topic, newest first, each with its day and its source."""
    for habit in said.habits:
        at = habit.said.when or habit.said.recorded
        day = at.say() if at else "on a day not said"
        yield f"{habit.value} ({day}, {habit.said.source})"


def _social_history(said: SocialHistory) -> Iterator[str]:
    yield said.value
    if len(said.habits) > 1:
        yield from (f"said: {text}" for text in habits_said(said))


def _immunisation(said: Immunisation) -> Iterator[str]:
    yield "" if said.given else "not given"
    yield said.why_not
    yield f"batch {said.batch}" if said.batch else ""
    yield f"dose {said.dose_number}" if said.dose_number else ""
    yield said.site


def _procedure(said: Procedure) -> Iterator[str]:
    yield said.side
    yield said.outcome


def _encounter(said: Encounter) -> Iterator[str]:
    yield from (said.setting, said.where, said.reason, said.clinician)
    yield f"discharged to {said.discharged_to}" if said.discharged_to else ""


def _document(said: Document) -> Iterator[str]:
    yield from (said.type, said.author, said.text)
    yield f"not read: {said.unread}" if said.unread else ""


def _care_plan(said: CarePlan) -> Iterator[str]:
    yield from (f"goal: {goal}" for goal in said.goals)
    yield from said.activities
    yield said.author


def _plain(said: Plain) -> Iterator[str]:
    yield from (f"{label}: {text}" for label, text in said.lines)


_TELLING = cast(
    "dict[type, Callable[[Any], Iterator[str]]]",
    {
        Condition: _condition,
        Medicine: _medicine,
        Allergy: _allergy,
        Measure: _measure,
        Immunisation: _immunisation,
        Procedure: _procedure,
        Encounter: _encounter,
        Document: _document,
        CarePlan: _care_plan,
        Plain: _plain,
        SocialHistory: _social_history,
        Request: _plain,
    },
)
