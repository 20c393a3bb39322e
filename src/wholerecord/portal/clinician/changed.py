"""What changed since this professional last looked."""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.fold import Entry, Kind
from wholerecord.portal.clinician.view import Line, Panel
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links

_MOST = 14
_KIND = {
    Kind.CONDITION: "Problem",
    Kind.MEDICINE: "Medicine",
    Kind.ALLERGY: "Allergy",
    Kind.RESULT: "Result",
    Kind.OBSERVATION: "Observation",
    Kind.IMMUNISATION: "Immunisation",
    Kind.PROCEDURE: "Procedure",
    Kind.ENCOUNTER: "Encounter",
    Kind.DOCUMENT: "Letter or report",
    Kind.CARE_PLAN: "Care plan",
    Kind.SOCIAL_CARE: "Social care",
    Kind.ALERT: "Alert",
    Kind.ABOUT_ME: "About me",
    Kind.TEAM: "Team",
    Kind.OTHER: "Other",
}


def changed(links: Links, entries: Sequence[Entry], since: datetime | None) -> Panel:
    """The entries somebody said something about since the last look, newest said first."""
    if since is None:
        return _panel(
            (), 0, "You have not looked at this record before: all of it is new to you", ""
        )
    news = [(newest, entry) for entry in entries if (newest := _said(entry)) > since]
    news.sort(key=lambda pair: pair[0], reverse=True)
    return _panel(
        tuple(_line(links, entry, since) for _, entry in news[:_MOST]),
        len(news),
        f"Nothing has been received since you last looked, {words.moment(since)}",
        f"Since {words.moment(since)}",
    )


def _said(entry: Entry) -> datetime:
    return max(said.received for said in entry.said_by)


def _line(links: Links, entry: Entry, since: datetime) -> Line:
    new = min(said.received for said in entry.said_by) > since
    return Line(
        text=entry.title,
        href=links.entry(entry),
        note=f"{_KIND[entry.kind]}, {words.day(entry.when, '')}".rstrip(", "),
        mark="New" if new else "Changed",
    )


def _panel(lines: tuple[Line, ...], total: int, empty: str, foot: str) -> Panel:
    return Panel(
        slug="changed",
        title="Since you last looked",
        lines=lines,
        empty=empty,
        total=total,
        foot=foot,
    )
