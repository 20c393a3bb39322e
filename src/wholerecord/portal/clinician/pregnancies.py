"""Pregnancies: the current one as a line of the banner, and every one as an episode.

Of what may be shown to the reader alone; where something is withheld, an end may be among it, and
the line says so.
"""

from dataclasses import dataclass
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.pregnant import pregnancies_of
from wholerecord.care.titles import Titles, titles_of
from wholerecord.fold import Kind
from wholerecord.fold.maternity import Pregnancy, State
from wholerecord.fold.maternity_said import Evidence, Tells
from wholerecord.portal.clinician.view import Line
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links

_TELLS = {
    Tells.PREGNANT: "Pregnancy",
    Tells.DUE: "Due date",
    Tells.END: "End",
    Tells.CARE: "Care",
    Tells.AFTER: "Postnatal care",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One pregnancy: how it stands, what is known of it in a sentence, and who told what."""

    title: str
    says: str
    lines: tuple[Line, ...]


def current(opened: Opened, links: Links, today: date) -> list[Line]:
    """The pregnancy that goes on, with its due date, for the banner; mostly none."""
    return [
        Line(
            text=f"Pregnant, {_due(one)}",
            href=f"{links.kind(Kind.CONDITION)}#pregnancies",
            note=_note(one, titles_of(opened.feeds), withheld=bool(opened.withheld)),
            tone="warn",
        )
        for one in pregnancies_of(opened, today)
        if one.state is State.CURRENT
    ]


def episodes(opened: Opened, links: Links, today: date) -> tuple[Episode, ...]:
    """Every pregnancy that may be shown, newest first."""
    titles = titles_of(opened.feeds)
    return tuple(_episode(one, links, titles) for one in pregnancies_of(opened, today))


def _note(one: Pregnancy, titles: Titles, *, withheld: bool) -> str:
    notes = [f"said by {words.listed(titles.get(name, name) for name in one.sources)}"]
    if len(one.due) > 1:
        notes.append("sources disagree on the date")
    if withheld:
        notes.append("part of the record is withheld, and may say more")
    return "; ".join(notes)


def _due(one: Pregnancy) -> str:
    return f"due {' or '.join(_day(day) for day in one.due)}" if one.due else "due date not said"


def _episode(one: Pregnancy, links: Links, titles: Titles) -> Episode:
    said = [
        f"first said {_day(one.began)}" if one.began else "no day said",
        _due(one),
        f"ended by {_day(one.ended)}" if one.ended else "",
        words.listed(one.outcomes),
    ]
    return Episode(
        title=f"Pregnancy: {one.state.value}",
        says=", ".join(part for part in said if part),
        lines=tuple(_line(each, links, titles) for each in one.told),
    )


def _line(one: Evidence, links: Links, titles: Titles) -> Line:
    due = f" {_day(one.due)}" if one.due else ""
    at = words.day(one.said.when or one.said.recorded)
    return Line(
        text=f"{_TELLS[one.tells]}: {one.said.words or one.entry.title}{due}",
        href=links.entry(one.entry),
        note=f"{at}, {titles.get(one.said.source, one.said.source)}",
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
