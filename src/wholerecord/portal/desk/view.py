"""The desk's work as values: feeds, parked items, possible matches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from wholerecord.access import Desk
from wholerecord.intake import Feed, Parked
from wholerecord.people import Demographics, Member, Review
from wholerecord.portal.shared import words
from wholerecord.portal.shared.titles import Titles, titles_of

#: What the patients of one side are said to be, by the name of the part.
Sides = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A source as it has sent."""

    title: str
    name: str
    controller: str
    messages: str
    waiting: int
    parked: int
    last: str
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedLine:
    """Something that could not be filed: why, where, whose work it is, and for how long."""

    n: int
    source: str
    says: str
    place: str
    owner: str
    age: str
    message: int


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


def feed_lines(feeds: Sequence[Feed], now: datetime) -> tuple[FeedLine, ...]:
    """Every source, the silent ones first."""
    lines = [_feed(feed, now) for feed in feeds]
    return tuple(sorted(lines, key=lambda line: (not line.silent, line.title)))


def parked_lines(desk: Desk, now: datetime) -> tuple[ParkedLine, ...]:
    """Every open parked item, the oldest first."""
    titles = titles_of(desk.feeds)
    return tuple(_parked(item, titles.get(item.source, item.source), now) for item in desk.parked)


def matches(desk: Desk, now: datetime) -> tuple[Match, ...]:
    """Every possible match, the strongest first."""
    titles = titles_of(desk.feeds)
    return tuple(
        _match(review, _sides(_own(review, ours), titles), _sides(theirs, titles), now)
        for review, ours, theirs in desk.reviews
    )


def _feed(feed: Feed, now: datetime) -> FeedLine:
    last = feed.last_heard
    return FeedLine(
        title=feed.source.title,
        name=feed.source.name,
        controller=feed.source.controller,
        messages=f"{feed.messages:,}",
        waiting=feed.waiting,
        parked=feed.parked,
        last=words.ago(last, now) if last else "never",
        silent=last is None or feed.is_silent(now),
    )


def _parked(item: Parked, source: str, now: datetime) -> ParkedLine:
    return ParkedLine(
        n=item.n,
        source=source,
        says=item.says,
        place=item.place,
        owner=item.owner,
        age=words.ago(item.since, now),
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
    )


def _sides(members: Sequence[Member], titles: Titles) -> Sides:
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
