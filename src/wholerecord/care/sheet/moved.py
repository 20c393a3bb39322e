"""Medicines at the last transfers of care, as lines of the document.

Source: PRSB Core Information Standard 2.0 and eDischarge Summary, medications and medical devices.
"""

from datetime import date

from wholerecord.access import Opened
from wholerecord.care.sheet.line import Line, said_by
from wholerecord.care.sheet.telling import short
from wholerecord.care.titles import Titles, titles_of
from wholerecord.care.transferred import named, told, transfers_of
from wholerecord.fold.transfer import Change, Moved, Transfer

#: The slug of their heading.
TRANSFERS = "transfers"


def moved_lines(opened: Opened, today: date, *, briefly: bool) -> tuple[Line, ...]:
    """A line for each medicine of the last discharge and admission; briefly, of what was told."""
    titles = titles_of(opened.feeds)
    return tuple(
        _line(one, line, titles)
        for one in transfers_of(opened, today)
        for line in one.lines
        if not briefly or line.change is not Change.NOT_KNOWN
    )


def _line(one: Transfer, line: Moved, titles: Titles) -> Line:
    said = {word.said.id_key: word.said for turn in line.turns for word in turn.words}
    return Line(
        text=short(line.entry.title),
        says=tuple(short(phrase) for phrase in told(line, titles)),
        when=named(one, titles),
        mark=line.change.value[:1].upper() + line.change.value[1:],
        doubt="one says that it ended, another that it goes on" if line.disagree else "",
        said_by=tuple(said_by(one, titles) for one in said.values()),
    )
