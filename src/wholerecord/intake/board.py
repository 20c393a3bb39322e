"""The feeds board: each source as it has sent, and whether its silence is an alarm. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wholerecord.intake.inbox import Feed, ParkedCount
from wholerecord.intake.ledger import Hour
from wholerecord.intake.rhythm import LEARN, Rhythm, Spell, learn

#: What rates, lag and shares are counted over.
OVER = timedelta(days=7)
#: Reasons named for each source, the most frequent first.
_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """A source on the board. Rates are over the last seven days.

    `per_day` messages a day, counted from when it was first heard within them; `lag` is the mean
    time from when its messages were made to when they were received, None when none says; `parked`
    is the share of its filed messages with something parked, 0 to 1, None when none was filed.
    `reasons` are those of its open items with how many. `allowed` is how long it may be silent
    after its last message, None when nobody knows; `learnt` whether that is its own rhythm.
    """

    feed: Feed
    per_day: float
    lag: timedelta | None
    parked: float | None
    reasons: tuple[tuple[str, int], ...]
    allowed: timedelta | None
    learnt: bool
    silent: bool


def rhythms(hours: Iterable[Hour], now: datetime) -> Mapping[str, Rhythm | None]:
    """The rhythm of each source that was heard in the weeks that are learnt from."""
    spells: dict[str, list[Spell]] = {}
    for page in hours:
        if page.first and page.last and page.last > now - LEARN:
            spell = Spell(first=page.first, last=page.last, messages=page.kept)
            spells.setdefault(page.source, []).append(spell)
    return {source: learn(each) for source, each in spells.items()}


def with_rhythms(feeds: Iterable[Feed], known: Mapping[str, Rhythm | None]) -> tuple[Feed, ...]:
    """The feeds, each with its rhythm."""
    return tuple(replace(feed, rhythm=known.get(feed.source.name)) for feed in feeds)


def board(
    feeds: Sequence[Feed], hours: Sequence[Hour], parked: Sequence[ParkedCount], now: datetime
) -> tuple[BoardLine, ...]:
    """Every source, the silent ones first, then by title."""
    known = with_rhythms(feeds, rhythms(hours, now))
    lines = [_line(feed, hours, parked, now) for feed in known]
    return tuple(sorted(lines, key=lambda line: (not line.silent, line.feed.source.title)))


def _line(
    feed: Feed, hours: Sequence[Hour], parked: Sequence[ParkedCount], now: datetime
) -> BoardLine:
    name = feed.source.name
    every = [page for page in hours if page.source == name]
    pages = [page for page in every if page.hour > now - OVER]
    filed = sum(page.filed + page.faulty for page in pages)
    lagged = sum(page.lagged for page in pages)
    reasons: Counter[str] = Counter()
    for count in parked:
        if count.source == name:
            reasons[count.says] += count.items
    learnt = feed.rhythm is not None and feed.last_received is not None
    return BoardLine(
        feed=feed,
        per_day=_per_day(pages, every, now),
        lag=timedelta(seconds=sum(page.lag for page in pages) / lagged) if lagged else None,
        parked=sum(page.faulty for page in pages) / filed if filed else None,
        reasons=tuple(reasons.most_common(_MOST)),
        allowed=feed.rhythm.allowed(feed.last_received)
        if feed.rhythm and feed.last_received
        else feed.source.expected,
        learnt=learnt,
        silent=feed.last_heard is None or feed.is_silent(now),
    )


def _per_day(pages: Sequence[Hour], every: Sequence[Hour], now: datetime) -> float:
    """Messages a day over the last seven, or since the source was first heard, of a day at least.

    `pages` are those of the last seven days, `every` all that are known.
    """
    if not pages:
        return 0.0
    heard = max(now - min(page.hour for page in every), timedelta(days=1))
    return sum(page.kept for page in pages) / (min(heard, OVER) / timedelta(days=1))
