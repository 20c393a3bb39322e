"""Which sources were heard: what an empty list says, which is never "none"."""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.intake import Feed


def nothing(feeds: Sequence[Feed], now: datetime, *, withheld: int) -> str:
    """What an empty list says. It is never "none": it says who was asked and who was not heard.

    >>> from datetime import UTC
    >>> nothing((), datetime(2026, 3, 1, tzinfo=UTC), withheld=0)
    'Nothing recorded: no source has answered'
    """
    silent = [feed.source.title for feed in feeds if is_silent(feed, now)]
    heard = len(feeds) - len(silent)
    said = (
        f"Nothing recorded by the {heard:,} source{'' if heard == 1 else 's'} that answered"
        if heard
        else "Nothing recorded: no source has answered"
    )
    if silent:
        said += f"; not heard from {listed(silent)}"
    return said + ("; entries that may not be shown to you are left out" if withheld else "")


def is_silent(feed: Feed, now: datetime) -> bool:
    """Whether a source has said nothing new for longer than it may, or has never said anything."""
    return feed.last_heard is None or feed.is_silent(now)


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, in the order given: `a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
