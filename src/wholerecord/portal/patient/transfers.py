"""What changed of the person's medicines when they went into hospital and left it, in plain words.

Source: NHS digital service manual, health literacy. Nothing is said of what to take: that is for
whoever prescribes it. A demonstration until a clinical safety officer signs it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.titles import Titles, titles_of
from wholerecord.care.transferred import hospital, transfers_of
from wholerecord.fold.transfer import Change, Moved, Sort, Transfer
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links

_WENT = {Sort.ADMISSION: "When you went into hospital", Sort.DISCHARGE: "When you left hospital"}
_SAYS = {
    Change.STOPPED: "says this was stopped",
    Change.HELD: "says this was paused",
    Change.CHANGED: "wrote the dose differently from before",
    Change.STARTED: "says this was started",
    Change.PLANNED: "says this is planned",
    Change.CARRIED_ON: "says this went on as before",
    Change.DOSE_UNKNOWN: "says this went on, and not at which dose",
    Change.UNSURE: "wrote of this, and it is not known here whether you took it before",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTransfer:
    """One transfer of care: which it was, and of each medicine where it is shown and what is known.

    `rest` is how many medicines more nobody wrote anything of.
    """

    title: str
    lines: tuple[tuple[str, str, str], ...]
    rest: int


def plain_transfers(opened: Opened, links: Links, today: date) -> tuple[PlainTransfer, ...]:
    """The last admission and the last discharge, newest first."""
    titles = titles_of(opened.feeds)
    return tuple(_plain(one, links, titles) for one in transfers_of(opened, today))


def _plain(one: Transfer, links: Links, titles: Titles) -> PlainTransfer:
    day = f"on {words.day(one.at)}" if one.at else "on a day that is not written down"
    known = [line for line in one.lines if line.turns]
    return PlainTransfer(
        title=f"{_WENT[one.sort]} {day} ({hospital(one, titles)})",
        lines=tuple(
            (links.entry(line.entry), line.entry.title, " ".join(_sentences(line, titles)))
            for line in known
        ),
        rest=len(one.lines) - len(known),
    )


def _sentences(line: Moved, titles: Titles) -> Iterator[str]:
    for turn in line.turns:
        because = f" because: {turn.because}" if turn.because else ""
        yield f"{titles.get(turn.source, turn.source)} {_SAYS[turn.change]}{because}."
    if line.disagree:
        yield "Your sources do not agree: ask them."
    if line.silent:
        silent = words.listed(titles.get(name, name) for name in line.silent)
        yield f"{silent} wrote nothing of it then."
