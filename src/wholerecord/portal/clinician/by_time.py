"""A whole record by time, as professionals read it: a line an entry, with its source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.titles import titles_of
from wholerecord.fold import Entry
from wholerecord.portal.clinician.lines import line, sources
from wholerecord.portal.clinician.listing import TITLES
from wholerecord.portal.clinician.view import Line
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.timeline import Timeline, timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRow:
    """One entry: its day, its line, what more is said, without the day, and who says it."""

    day: str
    line: Line
    more: str
    said_by: str


def by_time(
    opened: Opened, links: Links, today: date, *, chosen: Sequence[str], page: str
) -> Timeline[TimeRow]:
    """A page of the record by time, as it stands on a day."""
    titles = titles_of(opened.feeds)

    def row(entry: Entry) -> TimeRow:
        day, told = words.day(entry.when, ""), line(links, entry, titles, today=today)
        return TimeRow(
            day=day,
            line=told,
            more=told.note.removeprefix(day).removeprefix(", "),
            said_by=sources(entry, titles),
        )

    return timeline(opened.record, links, TITLES, row, chosen=chosen, page=page)
