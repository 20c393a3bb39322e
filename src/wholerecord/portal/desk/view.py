"""The desk's work as values: feeds, parked items, possible matches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wholerecord.access import Desk
from wholerecord.care.titles import Titles, titles_of
from wholerecord.intake import Parked
from wholerecord.intake.board import BoardLine
from wholerecord.intake.parked_clock import ESCALATED_TO, Clock, Lateness, clock, unlinked_clock
from wholerecord.people import Demographics, Member, Review
from wholerecord.portal.shared import words

#: What the patients of one side are said to be, by the name of the part.
Sides = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A source on the board."""

    title: str
    name: str
    controller: str
    messages: str
    per_day: str
    lag: str
    waiting: int
    parked: int
    share: str
    reasons: tuple[str, ...]
    last: str
    alarm: str
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedLine:
    """Something that could not be filed: why, where, whose work it is, and for how long."""

    n: int
    source: str
    says: str
    place: str
    owner: str
    assigned: str
    age: str
    due: str
    late: str
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyLine:
    """A patient who is nobody yet, by address: whose work it is to say who they are."""

    patient: int
    source: str
    owner: str
    age: str
    late: str
    message: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A patient who may be a person: both sides of each comparison, and the evidence."""

    n: int
    patient: int
    person: str
    weight: str
    since: str
    sides: tuple[tuple[str, str, str, bool], ...]
    parts: tuple[tuple[str, str, str, bool], ...]
    against: bool
    why: str


def feed_lines(board: Sequence[BoardLine], now: datetime) -> tuple[FeedLine, ...]:
    """Every source, the silent ones first."""
    return tuple(_feed(line, now) for line in board)


def parked_lines(desk: Desk, now: datetime) -> tuple[ParkedLine, ...]:
    """Every open parked item: the escalated first, then the overdue, then the oldest."""
    titles = titles_of(desk.feeds)
    order = list(Lateness)
    items = sorted(desk.parked, key=lambda item: -order.index(clock(item).at(now)))
    return tuple(parked_line(item, titles.get(item.source, item.source), now) for item in items)


def nobody_lines(desk: Desk, now: datetime) -> tuple[NobodyLine, ...]:
    """Every patient who is nobody yet, the longest waiting first."""
    titles = titles_of(desk.feeds)
    return tuple(
        NobodyLine(
            patient=one.patient,
            source=titles.get(one.source, one.source),
            owner=one.owner,
            age=words.ago(one.since, now),
            late=late(unlinked_clock(one.since), now),
            message=one.message,
        )
        for one in desk.unlinked
    )


def matches(desk: Desk, now: datetime) -> tuple[Match, ...]:
    """Every possible match, the strongest first."""
    titles = titles_of(desk.feeds)
    return tuple(
        _match(review, sides(_own(review, ours), titles), sides(theirs, titles), now)
        for review, ours, theirs in desk.reviews
    )


def _feed(line: BoardLine, now: datetime) -> FeedLine:
    feed, last = line.feed, line.feed.last_heard
    return FeedLine(
        title=feed.source.title,
        name=feed.source.name,
        controller=feed.source.controller,
        messages=f"{feed.messages:,}",
        per_day=f"{line.per_day:,.1f}",
        lag="not said" if line.lag is None else _length(line.lag),
        waiting=feed.waiting,
        parked=feed.parked,
        share="none filed" if line.parked is None else f"{line.parked:.1%}",
        reasons=tuple(f"{count}: {says}" for says, count in line.reasons),
        last=words.ago(last, now) if last else "never",
        alarm=_alarm(line),
        silent=line.silent,
    )


def _alarm(line: BoardLine) -> str:
    if line.allowed is None:
        return "not known yet"
    return f"after {_length(line.allowed)}, {'learnt' if line.learnt else 'declared'}"


def _length(span: timedelta) -> str:
    """A length of time in its largest whole unit."""
    seconds = max(int(span.total_seconds()), 0)
    for unit, each in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= each:
            return words.count(seconds // each, unit)
    return words.count(seconds, "second")


def late(of: Clock, now: datetime) -> str:
    """What the clock says when it is not on time: "" when it is."""
    match of.at(now):
        case Lateness.ON_TIME:
            return ""
        case Lateness.OVERDUE:
            return "Overdue"
        case Lateness.ESCALATED:
            return f"Overdue, escalated to {ESCALATED_TO}"


def parked_line(item: Parked, source: str, now: datetime) -> ParkedLine:
    """A parked item as the desk lists it."""
    of = clock(item)
    return ParkedLine(
        n=item.n,
        source=source,
        says=item.says,
        place=item.place,
        owner=item.owner,
        assigned=item.assigned,
        age=words.ago(item.since, now),
        due=words.moment(of.due),
        late=late(of, now) if item.released is None else "",
        message=item.message,
    )


def _own(review: Review, newcomer: Sequence[Member]) -> Sequence[Member]:
    """The newcomer's own member where it is among them."""
    return [member for member in newcomer if member.patient == review.patient] or newcomer


def _match(review: Review, left: Sides, right: Sides, now: datetime) -> Match:
    """The newcomer beside the person."""
    return Match(
        n=review.n,
        patient=review.patient,
        person=review.person,
        weight=f"{review.weight:+.1f}",
        since=words.ago(review.since, now),
        sides=tuple(
            (label, left[label], right[label], left[label] == right[label]) for label in left
        ),
        parts=tuple(
            (part.comparison, f"{part.weight:+.1f}", part.why, part.weight < 0)
            for part in review.parts
        ),
        against=review.against,
        why=review.why,
    )


def sides(members: Sequence[Member], titles: Titles) -> Sides:
    """What the patients are said to be, each different saying once."""
    said = [member.demographics for member in members]
    restricted = any(who.restricted for who in said)
    return {
        "Name": _each(str(who.name) for who in said if who.name),
        "Born": _each(who.born.say() for who in said if who.born),
        "Sex": _each(words.sex(who.sex) for who in said),
        "NHS number": _each(str(who.nhs_number) for who in said if who.nhs_number),
        "Address": "withheld" if restricted else _each(_address(who) for who in said),
        "Source": _each(
            f"{titles.get(member.source, member.source)} {member.number}" for member in members
        ),
    }


def _each(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text)) or "not said"


def _address(who: Demographics) -> str:
    first = who.addresses[0] if who.addresses else None
    return ", ".join(part for part in (*first.lines, first.postcode or "") if part) if first else ""
