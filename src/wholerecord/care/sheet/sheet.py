"""The whole document, and the one page of what matters first: from an opened record. Pure.

Nothing is shown that the door did not give out, and what it withheld leaves no gap: the person's
own document says nothing of it, that of staff only how many entries there were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from wholerecord.access import Opened
from wholerecord.care.heard import is_silent, nothing
from wholerecord.care.kinds import by_test
from wholerecord.care.sheet.headings import HEADINGS, Heading, heading_of
from wholerecord.care.sheet.line import Line, line_of, negative_line
from wholerecord.care.sheet.moved import TRANSFERS, moved_lines
from wholerecord.care.sheet.who import who_lines
from wholerecord.care.titles import titles_of
from wholerecord.fold import NOT_SO, Entry, Measure

#: Statuses of what is over or was never so: on the whole document, not on the one page.
OVER = NOT_SO | {"resolved", "stopped"}
#: Lines of each heading on the one page, in its order.
_FIRST = {
    "alerts": 8,
    "legal": 6,
    "requirements": 4,
    "allergies": 12,
    "medicines": 20,
    "transfers": 8,
    "problems": 14,
    "results": 10,
    "findings": 8,
    "plans": 4,
    "social": 6,
    "personal-contacts": 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Lines under a heading. `denials` say that there is none, each by whom; `more` are not here.

    `empty` is what is said of a heading with nothing under it: never "none".
    """

    slug: str
    title: str
    lines: tuple[Line, ...]
    denials: tuple[Line, ...]
    more: int
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A document. `who` are labelled texts; `sources` know the person; `notes` are to be read."""

    title: str
    name: str
    made: datetime
    who: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]


def full_sheet(opened: Opened, now: datetime) -> Sheet:
    """Every entry of the record, newest first under each heading."""
    return _sheet(opened, now, "Full record", opened.record.entries, {})


def one_page(opened: Opened, now: datetime) -> Sheet:
    """What matters first: what is so now, and of each test the newest."""
    current = [entry for entry in opened.record.entries if entry.status not in OVER]
    tests = [entry for entry in current if isinstance(entry.detail, Measure)]
    rest = [entry for entry in current if not isinstance(entry.detail, Measure)]
    newest = sorted((test[0] for test in by_test(tests)), key=_when, reverse=True)
    return _sheet(opened, now, "Summary of the record", [*rest, *newest], _FIRST)


def _when(entry: Entry) -> datetime:
    return entry.when.start if entry.when else datetime.min.replace(tzinfo=UTC)


def _sheet(
    opened: Opened, now: datetime, title: str, entries: Sequence[Entry], most: dict[str, int]
) -> Sheet:
    under: dict[str, list[Entry]] = {heading.slug: [] for heading in HEADINGS}
    for entry in entries:
        under[heading_of(entry)].append(entry)
    shown = [heading for heading in HEADINGS if not most or heading.slug in most]
    sections = [
        _section(heading, under[heading.slug], most.get(heading.slug), opened=opened, now=now)
        for heading in shown
    ]
    return Sheet(
        title=title,
        name=_name(opened),
        made=now,
        who=who_lines(opened, now),
        sections=tuple(one for one in sections if one.lines or one.denials or one.empty),
        sources=tuple(
            f"{feed.source.title} (silent)" if is_silent(feed, now) else feed.source.title
            for feed in sorted(opened.feeds, key=lambda feed: feed.source.title)
        ),
        notes=tuple(_notes(opened)),
    )


def _section(
    heading: Heading, entries: Sequence[Entry], most: int | None, *, opened: Opened, now: datetime
) -> Section:
    titles = titles_of(opened.feeds)
    if heading.slug == TRANSFERS:
        return _transferred(heading, most, opened=opened, now=now)
    shown = entries if most is None else entries[:most]
    denials = tuple(
        negative_line(one, titles) for one in opened.record.negatives if one.kind is heading.kind
    )
    asked = heading.kind is not None and not shown and not denials
    return Section(
        slug=heading.slug,
        title=heading.title,
        lines=tuple(line_of(entry, titles, briefly=most is not None) for entry in shown),
        denials=denials,
        more=len(entries) - len(shown),
        empty=f"Not known. {nothing(opened.feeds, now, withheld=opened.withheld)}."
        if asked
        else "",
    )


def _transferred(heading: Heading, most: int | None, *, opened: Opened, now: datetime) -> Section:
    """What changed of medicines at the last transfers of care, what did change first."""
    lines = moved_lines(opened, now.date(), briefly=most is not None)
    shown = lines[:most]
    return Section(
        slug=heading.slug,
        title=heading.title,
        lines=shown,
        denials=(),
        more=len(lines) - len(shown),
        empty="",
    )


def _notes(opened: Opened) -> list[str]:
    """What whoever reads the paper must know of what is not on it."""
    notes: list[str] = []
    if opened.withheld:
        entries = "entry" if opened.withheld == 1 else "entries"
        notes.append(f"{opened.withheld:,} {entries} may not be shown to whoever printed this.")
    if opened.parked:
        parked = len(opened.parked)
        messages = "message was" if parked == 1 else "messages were"
        notes.append(f"{parked:,} {messages} received about this person that could not be filed.")
    unread = len(opened.record.parked)
    if unread:
        statements = "statement" if unread == 1 else "statements"
        notes.append(f"{unread:,} {statements} of sources could not be read.")
    return notes


def _name(opened: Opened) -> str:
    who = opened.record.who
    return str(who.best.name) if who and who.best.name else "Name not said"
