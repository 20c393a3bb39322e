"""Which sources answered, and which are silent: what is not shown may only be not sent."""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.intake import Feed
from wholerecord.portal.clinician.view import SourceLine
from wholerecord.portal.shared import words


def source_lines(feeds: Sequence[Feed], now: datetime) -> tuple[SourceLine, ...]:
    """Each source with when it last sent, the silent ones first."""
    lines = [_line(feed, now) for feed in feeds]
    return tuple(sorted(lines, key=lambda line: (not line.silent, line.title)))


def nothing(feeds: Sequence[Feed], now: datetime, *, withheld: int) -> str:
    """What an empty panel says. It is never "none": it says who was asked and who was not heard.

    >>> from datetime import UTC
    >>> nothing((), datetime(2026, 3, 1, tzinfo=UTC), withheld=0)
    'Nothing recorded: no source has answered'
    """
    silent = [feed.source.title for feed in feeds if is_silent(feed, now)]
    heard = len(feeds) - len(silent)
    said = (
        f"Nothing recorded by the {words.count(heard, 'source')} that answered"
        if heard
        else "Nothing recorded: no source has answered"
    )
    if silent:
        said += f"; not heard from {words.listed(silent)}"
    return said + ("; entries that may not be shown to you are left out" if withheld else "")


def is_silent(feed: Feed, now: datetime) -> bool:
    """Whether a source has said nothing new for longer than it may, or has never said anything."""
    return feed.last_heard is None or feed.is_silent(now)


def _line(feed: Feed, now: datetime) -> SourceLine:
    if feed.last_heard is None:
        return SourceLine(title=feed.source.title, says="has sent nothing", silent=True)
    ago = words.ago(feed.last_heard, now)
    silent = is_silent(feed, now)
    return SourceLine(
        title=feed.source.title, says=f"silent, last heard {ago}" if silent else ago, silent=silent
    )
