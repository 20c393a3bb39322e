"""The ten panels of the first screen: a few lines each, and the way to all of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from wholerecord.access import Opened
from wholerecord.care.heard import nothing
from wholerecord.care.kinds import tests_of
from wholerecord.care.titles import titles_of
from wholerecord.fold import NOT_SO, Condition, Entry, Kind, Kinds
from wholerecord.fold.current import lapsed
from wholerecord.intake import Parked
from wholerecord.intake.parked_clock import Lateness, clock
from wholerecord.portal.clinician.lines import OVER, line
from wholerecord.portal.clinician.transfers import newest
from wholerecord.portal.clinician.trends import trend_line
from wholerecord.portal.clinician.view import Line, Panel
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links

#: Lines a panel holds before it says "all N". They scroll inside the panel.
MOST_LINES = 14

#: The entries of each test, newest first.
Tests = Sequence[Sequence[Entry]]


def panels(
    opened: Opened, kinds: Kinds, links: Links, changed: Panel, now: datetime
) -> tuple[Panel, ...]:
    """The ten panels, in the order they are read."""
    empty = nothing(opened.feeds, now, withheld=opened.withheld)
    pending = everything_pending(opened, kinds, links, now)
    tests = tests_of(opened.record)
    return (
        _problems(links, kinds[Kind.CONDITION], empty),
        _medicines(opened, links, kinds[Kind.MEDICINE], empty, now.date()),
        changed,
        _encounters(links, kinds[Kind.ENCOUNTER], kinds[Kind.DOCUMENT], empty),
        _tests(links, kinds[Kind.RESULT], tests[Kind.RESULT], empty),
        _observations(links, kinds[Kind.OBSERVATION], tests[Kind.OBSERVATION], empty, now),
        _care(links, kinds[Kind.CARE_PLAN], kinds[Kind.SOCIAL_CARE], empty),
        replace(pending, lines=pending.lines[:MOST_LINES]),
        _about_me(links, kinds[Kind.ABOUT_ME], kinds[Kind.SOCIAL_HISTORY], empty),
        _plain(links, Kind.TEAM, "Team", kinds[Kind.TEAM], empty),
    )


def _problems(links: Links, entries: Sequence[Entry], empty: str) -> Panel:
    """What is so, then what may be so, then what is over. Ruled out and wrong are on the list."""
    shown = [e for e in entries if e.status not in NOT_SO]
    shown.sort(key=_problem_order)  # stable: newest first within each
    return Panel(
        slug="problems",
        title="Problems",
        lines=tuple(line(links, entry) for entry in shown[:MOST_LINES]),
        empty=empty,
        total=len(entries),
        more=links.kind(Kind.CONDITION),
    )


def _problem_order(entry: Entry) -> int:
    certainty = entry.detail.certainty if isinstance(entry.detail, Condition) else "confirmed"
    if entry.status in OVER:
        return 3
    return {"confirmed": 0, "suspected": 1}.get(certainty, 2)


def _medicines(
    opened: Opened, links: Links, entries: Sequence[Entry], empty: str, today: date
) -> Panel:
    """The last transfer of care, what is current, then what is not known to be.

    What was stopped is counted.
    """
    titles = titles_of(opened.feeds)
    current = [e for e in entries if e.status not in OVER]
    stopped = len(entries) - len(current)
    current.sort(key=lambda entry: lapsed(entry, today))  # stable: newest first within each
    return Panel(
        slug="medicines",
        title="Medicines",
        lines=(
            *newest(opened, links, today),
            *(line(links, entry, titles, today=today) for entry in current[:MOST_LINES]),
        ),
        empty=f"No current medicine is recorded; {stopped} stopped" if stopped else empty,
        total=len(entries),
        more=links.kind(Kind.MEDICINE),
        foot=f"{stopped} stopped" if stopped and current else "",
    )


def _encounters(
    links: Links, encounters: Sequence[Entry], documents: Sequence[Entry], empty: str
) -> Panel:
    """The latest discharge summary first, then contacts, newest first."""
    summary = next((d for d in documents if "discharge" in d.title.casefold()), None)
    lines = [line(links, entry) for entry in encounters[: MOST_LINES - 1]]
    if summary:
        lines.insert(0, line(links, summary))
    return Panel(
        slug="encounters",
        title="Encounters and letters",
        lines=tuple(lines),
        empty=empty,
        total=len(encounters),
        more=links.kind(Kind.ENCOUNTER),
        foot=f"{words.count(len(documents), 'letter or report', 'letters and reports')}",
    )


def _tests(links: Links, entries: Sequence[Entry], tests: Tests, empty: str) -> Panel:
    return Panel(
        slug="results",
        title="Results",
        lines=tuple(trend_line(links, test) for test in tests[:MOST_LINES]),
        empty=empty,
        total=len(entries),
        more=links.kind(Kind.RESULT),
    )


def _observations(
    links: Links, entries: Sequence[Entry], tests: Tests, empty: str, now: datetime
) -> Panel:
    """The newest of each observation with its age: a pulse of last year is not a pulse."""
    return Panel(
        slug="observations",
        title="Observations",
        lines=tuple(
            trend_line(
                links,
                test,
                age=words.ago(test[0].when.start, now) if test[0].when else "date not said",
            )
            for test in tests[:MOST_LINES]
        ),
        empty=empty,
        total=len(entries),
        more=links.kind(Kind.OBSERVATION),
    )


def _care(links: Links, plans: Sequence[Entry], social: Sequence[Entry], empty: str) -> Panel:
    entries = [e for e in (*plans, *social) if e.status not in OVER]
    return Panel(
        slug="care-plan",
        title="Care plan and social care",
        lines=tuple(line(links, entry) for entry in entries[:MOST_LINES]),
        empty=empty,
        total=len(plans) + len(social),
        more=links.kind(Kind.CARE_PLAN if plans or not social else Kind.SOCIAL_CARE),
    )


def everything_pending(opened: Opened, kinds: Kinds, links: Links, now: datetime) -> Panel:
    """What is awaited, and what came and could not be read: either may matter now."""
    waiting = [
        Line(text=f"{feed.source.title}: {words.count(feed.waiting, 'message')} not filed yet")
        for feed in opened.feeds
        if feed.waiting
    ]
    awaited = [
        line(links, entry)
        for kind in (Kind.RESULT, Kind.PROCEDURE, Kind.OTHER)
        for entry in kinds[kind]
        if entry.status == "planned"
    ]
    unfolded = [
        Line(text=f"From {item.said.source}: {item.why}", note=item.said.place, tone="warn")
        for item in opened.record.parked
    ]
    titles = titles_of(opened.feeds)
    parked = [
        _parked_line(item, titles.get(item.source, item.source), now) for item in opened.parked
    ]
    lines = [*awaited, *unfolded, *parked, *waiting]
    return Panel(
        slug="pending",
        title="Pending and parked",
        lines=tuple(lines),
        empty="Nothing is awaited, and everything these sources sent could be read",
        total=len(lines),
        more=links.page("pending"),
    )


def _parked_line(item: Parked, source: str, now: datetime) -> Line:
    late = "" if clock(item).at(now) is Lateness.ON_TIME else ", overdue"
    since = f"{words.ago(item.since, now)}, with {item.owner}{late}"
    about = "about this person" if item.patient is not None else "perhaps about somebody else"
    return Line(
        text=f"{item.says[:1].upper()}{item.says[1:]}",
        note=f"from {source}, {about}; {since}",
        tone="warn",
    )


def _about_me(links: Links, about: Sequence[Entry], social: Sequence[Entry], empty: str) -> Panel:
    """What they want people to know, and how they live: what the list leads to is the longer."""
    entries = (*about, *social)
    return Panel(
        slug=Kind.ABOUT_ME.value,
        title="About me and social history" if social else "About me",
        lines=tuple(line(links, entry) for entry in entries[:MOST_LINES]),
        empty=empty,
        total=len(entries),
        more=links.kind(Kind.ABOUT_ME if about or not social else Kind.SOCIAL_HISTORY),
    )


def _plain(links: Links, kind: Kind, title: str, entries: Sequence[Entry], empty: str) -> Panel:
    return Panel(
        slug=kind.value,
        title=title,
        lines=tuple(line(links, entry) for entry in entries[:MOST_LINES]),
        empty=empty,
        total=len(entries),
        more=links.kind(kind),
    )
