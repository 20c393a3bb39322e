"""A source's own rhythm: how long it is usually silent at each hour of the week, learnt.

Pure. What is learnt from are the gaps between the messages it sent; a gap belongs to the hour of
the week (UTC) in which it began. A declared expectation is the fallback while there is too little
to learn from.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

#: Hours of a week.
WEEK = 168
#: How far back to learn, and how long a source must have been heard before it is believed.
LEARN, ENOUGH = timedelta(weeks=8), timedelta(weeks=3)
#: A silence is an alarm when it is this many times as long as the longest usual one.
_FACTOR = 1.5
#: No alarm is raised sooner than this, however fast the source.
_SHORTEST = timedelta(minutes=10)
#: The longest gaps of an hour of the week that teach nothing: an outage must not make silence usual
_OUTAGES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Messages of one source within one hour: the first, the last, and how many."""

    first: datetime
    last: datetime
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How long a silence may be by the hour of the week in which it begins, every hour given."""

    longest: tuple[timedelta, ...]

    def allowed(self, last: datetime) -> timedelta:
        """How long the source may be silent after a message at `last`."""
        return self.longest[hour_of_week(last)]

    def is_silent(self, last: datetime, now: datetime) -> bool:
        """Whether the silence since `last` is longer than is usual."""
        return now - last > self.allowed(last)


def hour_of_week(moment: datetime) -> int:
    """0 for Monday 00:00 to 01:00, 167 for Sunday 23:00 to 24:00; `moment` is UTC."""
    return moment.weekday() * 24 + moment.hour


def learn(spells: Sequence[Spell]) -> Rhythm | None:
    """The rhythm of a source that was heard in these spells; None: too little to learn from.

    The same spells in any order give the same rhythm. A gap no longer than one already usual for
    its hour never changes it.
    """
    heard = sorted(spells, key=lambda spell: spell.first)
    if not heard or heard[-1].last - heard[0].first < ENOUGH:
        return None
    gaps = _gaps(heard)
    usual = {hour: _usual(each) for hour, each in gaps.items()}
    return Rhythm(longest=tuple(_nearest(usual, hour) for hour in range(WEEK)))


def _gaps(heard: Sequence[Spell]) -> Mapping[int, list[timedelta]]:
    """By hour of the week, the longest gap that began in it, each week it was heard in."""
    gaps: dict[int, list[timedelta]] = defaultdict(list)
    for spell, after in pairwise(heard):
        within = (spell.last - spell.first) / max(spell.messages - 1, 1)
        gaps[hour_of_week(spell.last)].append(max(within, after.first - spell.last))
    return gaps


def _usual(gaps: Iterable[timedelta]) -> timedelta:
    """The alarm's length for one hour of the week."""
    known = sorted(gaps)
    counted = known[:-_OUTAGES] if len(known) > 3 * _OUTAGES else known
    return max(_FACTOR * counted[-1], _SHORTEST)


def _nearest(usual: Mapping[int, timedelta], hour: int) -> timedelta:
    """What is usual at an hour; where nothing was ever sent, at the last hour before it."""
    return next(usual[h % WEEK] for h in range(hour, hour - WEEK, -1) if h % WEEK in usual)
