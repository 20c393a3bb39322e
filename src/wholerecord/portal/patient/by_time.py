"""A whole record by time in plain words, for the person and whoever looks in for them."""

from collections.abc import Sequence
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.titles import titles_of
from wholerecord.portal.patient.plain import TITLES, PlainLine, plain_line
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.timeline import Timeline, timeline


def by_time(
    opened: Opened, links: Links, today: date, *, chosen: Sequence[str], page: str
) -> Timeline[PlainLine]:
    """A page of the record by time, as it stands on a day."""
    titles = titles_of(opened.feeds)
    return timeline(
        opened.record,
        links,
        TITLES,
        lambda entry: plain_line(entry, titles, links, today),
        chosen=chosen,
        page=page,
    )
