"""The person's pregnancies in plain words: the one that goes on, and those that ended.

Source: NHS digital service manual, health literacy. How one ended is said in the words it was
written down in, and nothing is said of one that nobody wrote of. A demonstration until a clinical
safety officer signs it.
"""

from dataclasses import dataclass
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.pregnant import pregnancies_of
from wholerecord.care.titles import Titles, titles_of
from wholerecord.fold import Entry
from wholerecord.fold.maternity import Pregnancy, State
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPregnancy:
    """One pregnancy: how it stands in a sentence, what else is known, and where that is from."""

    title: str
    says: str
    source: str
    lines: tuple[tuple[str, str], ...]


def plain_pregnancies(opened: Opened, links: Links, today: date) -> tuple[PlainPregnancy, ...]:
    """Every pregnancy that may be shown to the reader, newest first."""
    titles = titles_of(opened.feeds)
    return tuple(_plain(one, links, titles) for one in pregnancies_of(opened, today))


def _plain(one: Pregnancy, links: Links, titles: Titles) -> PlainPregnancy:
    title, says = _STATES[one.state](one)
    entries = {each.entry.key: each.entry for each in one.told}
    return PlainPregnancy(
        title=title,
        says=says,
        source=words.listed(titles.get(name, name) for name in one.sources),
        lines=tuple((links.entry(entry), _line(entry)) for entry in entries.values()),
    )


def _line(entry: Entry) -> str:
    return f"{entry.title}, {words.day(entry.when, 'no date')}"


def _going_on(one: Pregnancy) -> tuple[str, str]:
    if not one.due:
        return "Your pregnancy now", "Nobody here has written down when your baby is due."
    if len(one.due) == 1:
        return "Your pregnancy now", f"Your baby is due on {_day(one.due[0])}."
    dates = " or ".join(map(_day, one.due))
    return (
        "Your pregnancy now",
        f"Your baby is due on {dates}: your sources do not agree. Ask your midwife which it is.",
    )


def _ended(one: Pregnancy) -> tuple[str, str]:
    by = f" by {_day(one.ended)}" if one.ended else ""
    outcome = words.listed(each for each in one.outcomes if each != "said to be over")
    says = f"It ended{by}." + (f" It is written down as: {outcome}." if outcome else "")
    return "A pregnancy you had", says


def _not_known(one: Pregnancy) -> tuple[str, str]:
    began = f" on {_day(one.began)}" if one.began else ""
    return (
        "A pregnancy",
        f"It was written down{began}. How it went on is not written down here.",
    )


_STATES = {State.CURRENT: _going_on, State.ENDED: _ended, State.NOT_KNOWN: _not_known}


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
