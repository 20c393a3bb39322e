"""What the safety checks say, for the banner and for a page of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.access import Opened
from wholerecord.care.titles import Titles, titles_of, with_titles
from wholerecord.fold import Entry
from wholerecord.portal.clinician.view import Line
from wholerecord.portal.shared.links import Links
from wholerecord.safety import DEMONSTRATION, Alert, checks

__all__ = ["DEMONSTRATION", "AlertCard", "cards", "lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCard:
    """One alert in full: what it says, what the rule leans on, and the entries it is about."""

    hazard: str
    title: str
    says: str
    source: str
    demonstration: str
    entries: tuple[Line, ...]


def lines(opened: Opened, links: Links) -> tuple[Line, ...]:
    """Every alert the checks give for the record, each leading to the page that explains it."""
    titles = titles_of(opened.feeds)
    return tuple(
        Line(
            text=alert.title,
            href=links.page("safety"),
            note=with_titles(alert.says, titles),
            tone="danger",
        )
        for alert in checks(opened.record)
    )


def cards(opened: Opened, links: Links) -> Sequence[AlertCard]:
    """Every alert in full."""
    entries = {entry.key: entry for entry in opened.record.entries}
    titles = titles_of(opened.feeds)
    return tuple(_card(alert, entries, links, titles) for alert in checks(opened.record))


def _card(alert: Alert, entries: dict[str, Entry], links: Links, titles: Titles) -> AlertCard:
    return AlertCard(
        hazard=alert.hazard,
        title=alert.title,
        says=with_titles(alert.says, titles),
        source=alert.source,
        demonstration=alert.demonstration,
        entries=tuple(
            Line(text=entries[key].title, href=links.entry(entries[key]))
            for key in alert.entries
            if key in entries
        ),
    )
