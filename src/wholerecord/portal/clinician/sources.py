"""Which sources answered, and which are silent: what is not shown may only be not sent."""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.care.heard import is_silent
from wholerecord.intake import Feed
from wholerecord.portal.clinician.view import SourceLine
from wholerecord.portal.shared import words


def source_lines(feeds: Sequence[Feed], now: datetime) -> tuple[SourceLine, ...]:
    """Each source with when it last sent, the silent ones first."""
    lines = [_line(feed, now) for feed in feeds]
    return tuple(sorted(lines, key=lambda line: (not line.silent, line.title)))


def _line(feed: Feed, now: datetime) -> SourceLine:
    if feed.last_heard is None:
        return SourceLine(title=feed.source.title, says="has sent nothing", silent=True)
    ago = words.ago(feed.last_heard, now)
    silent = is_silent(feed, now)
    return SourceLine(
        title=feed.source.title, says=f"silent, last heard {ago}" if silent else ago, silent=silent
    )
