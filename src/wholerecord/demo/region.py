"""The demonstration region: six sources and what they send about some hundred made-up people.

`make` is pure: the same seed, number of people and day give the same bytes. Nothing in it is about
a real person or place (see `casting` for where numbers, telephones and postcodes come from).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from wholerecord.demo import acute, gp, home, mental_health, pharmacy, social_care
from wholerecord.demo.batch import said_at
from wholerecord.demo.casting import Casting
from wholerecord.demo.choice import Choice
from wholerecord.demo.delivery import Delivery
from wholerecord.demo.diary import Diary, moment_on
from wholerecord.demo.happening import Told
from wholerecord.demo.lives import live
from wholerecord.demo.lives.long_term import conditions_of
from wholerecord.demo.population import populate
from wholerecord.demo.stories import SILENT_DAYS, Stage, tell
from wholerecord.demo.truth import truth_of
from wholerecord.demo.users import DemoUser, users
from wholerecord.record import Source

SOURCES: tuple[Source, ...] = (
    gp.SOURCE,
    acute.SOURCE,
    mental_health.SOURCE,
    pharmacy.SOURCE,
    social_care.SOURCE,
    home.SOURCE,
)
#: Practices, pharmacies and the mental-health trust joined this many days ago, with a first load.
_LIVE_DAYS = 540
#: The hospital has sent HL7 for longer than anybody's record here goes back.
_ALWAYS = date(1990, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Everything there is to load. `truth` says what is so, for tests and for `truth.json`."""

    sources: tuple[Source, ...]
    deliveries: tuple[Delivery, ...]
    choices: tuple[Choice, ...]
    users: tuple[DemoUser, ...]
    truth: dict[str, Any]


def make(seed: int = 1, people: int = 300, today: date | None = None) -> Region:
    """The region of that seed with that many people, of whom the stories' are always some.

    `today` is the day of loading, by default the day it is now: every date is relative to it.
    """
    today = today or datetime.now(tz=UTC).date()
    casting = Casting(seed, today)
    stage = Stage(casting)
    tell(stage)
    diaries = [*stage.diaries, *_ordinary(casting, people - len(stage.diaries))]
    sent_at_all = [one for diary in diaries for one in diary.told if _was_sent(one, today)]
    deliveries = sorted(
        (*_deliveries(sent_at_all, today), *stage.strays),
        key=lambda delivery: (delivery.sent, delivery.source, delivery.name),
    )
    return Region(
        sources=SOURCES,
        deliveries=tuple(deliveries),
        choices=tuple(stage.choices),
        users=users({_name(diary): diary.human for diary in stage.diaries}),
        truth=truth_of(seed, today, diaries, sent_at_all, stage),
    )


def _name(diary: Diary) -> str:
    return f"{diary.human.given[0]} {diary.human.family}"


def _ordinary(casting: Casting, people: int) -> Iterator[Diary]:
    """The diaries of everybody whom no story is about."""
    for human in populate(casting, max(people, 0)):
        conditions = conditions_of(human.age(casting.today), casting.rng)
        diary = Diary(human, casting, conditions)
        live(diary, conditions)
        yield diary


def _was_sent(one: Told, today: date) -> bool:
    """Nothing is told before it happens; and the mental-health trust's feed went silent."""
    last = today if one.who.source != mental_health.SOURCE.name else _silent_since(today)
    return said_at(one.what) < moment_on(last, 0)


def _silent_since(today: date) -> date:
    return today - timedelta(days=SILENT_DAYS)


def _deliveries(told: Iterable[Told], today: date) -> Iterator[Delivery]:
    by_source: dict[str, list[Told]] = {source.name: [] for source in SOURCES}
    for one in told:
        by_source[one.who.source].append(one)
    live_since = moment_on(today - timedelta(days=_LIVE_DAYS), 2)
    for system in (gp, mental_health, pharmacy):
        yield from system.deliveries(by_source[system.SOURCE.name], live_since)
    yield from acute.deliveries(by_source[acute.SOURCE.name], moment_on(_ALWAYS, 0))
    yield from social_care.deliveries(by_source[social_care.SOURCE.name], today)
    yield from home.deliveries(by_source[home.SOURCE.name])
