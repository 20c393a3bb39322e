"""Medicines at the last transfers of care: one line of the first screen, and each told in full."""

from collections.abc import Iterator
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.titles import Titles, titles_of
from wholerecord.care.transferred import in_short, named, told, transfers_of
from wholerecord.fold import Kind
from wholerecord.fold.transfer import Change, Moved, Transfer
from wholerecord.portal.clinician.pregnancies import Episode
from wholerecord.portal.clinician.view import Line
from wholerecord.portal.shared.links import Links

#: Changes that must be seen at once.
_SEEN_FIRST = frozenset({Change.STOPPED, Change.HELD, Change.CHANGED, Change.STARTED})


def newest(opened: Opened, links: Links, today: date) -> list[Line]:
    """The last transfer in a line, where it is not long ago; mostly none."""
    return [
        _short(one, links, titles_of(opened.feeds))
        for one in transfers_of(opened, today)[:1]
        if one.lines and _lately(one, today, opened.policy.transfer_shown_days)
    ]


def transferred(opened: Opened, links: Links, today: date) -> tuple[Episode, ...]:
    """The last admission and the last discharge, newest first, each medicine with who said what."""
    titles = titles_of(opened.feeds)
    return tuple(
        Episode(
            title=named(one, titles),
            says=_says(one),
            lines=tuple(_line(line, links, titles) for line in one.lines),
        )
        for one in transfers_of(opened, today)
    )


def _lately(one: Transfer, today: date, days: float) -> bool:
    """Whether it was within so many days, or the day is not known."""
    return one.at is None or (today - one.at.day).days <= days


def _short(one: Transfer, links: Links, titles: Titles) -> Line:
    changes = {line.change for line in one.lines}
    return Line(
        text=named(one, titles),
        href=f"{links.kind(Kind.MEDICINE)}#transfers",
        note=in_short(one),
        mark="Sources disagree" if any(line.disagree for line in one.lines) else "",
        tone="warn" if changes & _SEEN_FIRST else "",
    )


def _says(one: Transfer) -> str:
    parts = [in_short(one) or "Nobody has said anything of a medicine"]
    if not one.heard:
        parts.append("nobody had said before the stay what was taken")
    return ". ".join(f"{part[:1].upper()}{part[1:]}" for part in parts)


def _line(line: Moved, links: Links, titles: Titles) -> Line:
    return Line(
        text=f"{line.entry.title}: {line.change.value}",
        href=links.entry(line.entry),
        note="; ".join(_notes(line, titles)),
    )


def _notes(line: Moved, titles: Titles) -> Iterator[str]:
    if line.disagree:
        yield "sources disagree"
    yield from told(line, titles)
