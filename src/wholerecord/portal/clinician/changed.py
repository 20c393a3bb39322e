"""What changed since this professional last looked."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from wholerecord.care.changes import Changes
from wholerecord.care.software import marked
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
    Kind.SOCIAL_HISTORY: "Social history",
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


def changed(
    links: Links, changes: Changes | None, since: datetime | None, titles: Mapping[str, str]
) -> Panel:
    """What was filed since the last look, corrections first. None: there was no last look."""
    if changes is None or since is None:
        says = "You have not looked at this record before: all of it is new to you"
        return _panel((), 0, says, "")
    lines = [line for line, _ in zip(_lines(links, changes, titles), range(_MOST), strict=False)]
    return _panel(
        tuple(lines),
        changes.count,
        f"Nothing has been received since you last looked, {words.moment(since)}",
        f"Since {words.moment(since)}",
    )


def _lines(links: Links, changes: Changes, titles: Mapping[str, str]) -> Iterator[Line]:
    """A line for each change, those that take something back or put it right before the rest."""
    for entry in changes.corrected:
        yield _line(links, entry, "Corrected", "warn")
    for item in changes.retracted:
        yield Line(
            text=item.said.words or item.said.kind,
            href=links.message(item.said),
            note="Its source took it back",
            mark="Taken back",
            tone="warn",
        )
    for entry in changes.stopped:
        yield _line(links, entry, "Ended")
    for negative in changes.denials:
        source = titles.get(negative.said.source, negative.said.source)
        yield Line(
            text=f"\u201c{negative.said.words or negative.title}\u201d",
            href=links.message(negative.said),
            note=f"{_KIND[negative.kind]}, said by {source}",
            mark="New",
        )
    for entry in changes.new:
        yield _line(links, entry, "New")
    for entry in changes.changed:
        yield _line(links, entry, "Changed")


def _line(links: Links, entry: Entry, mark: str, tone: str = "") -> Line:
    return Line(
        text=entry.title,
        href=links.entry(entry),
        note=f"{_KIND[entry.kind]}, {words.day(entry.when, '')}".rstrip(", "),
        mark=marked(entry, mark),
        tone=tone,
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
