"""The first screen, whole: from an opened record to the values its template writes out. Pure."""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.access import Opened
from wholerecord.audit import Opening
from wholerecord.care.changes import NOTHING, Changes, changes_since
from wholerecord.care.titles import titles_of
from wholerecord.fold import by_kind
from wholerecord.portal.clinician.banner import banner
from wholerecord.portal.clinician.changed import changed
from wholerecord.portal.clinician.panels import panels
from wholerecord.portal.clinician.view import Line, Screen
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links


def screen(
    opened: Opened,
    *,
    alerts: Sequence[Line],
    last: Opening | None,
    now: datetime,
    at: datetime | None = None,
) -> Screen:
    """All the first screen shows. `last` is the last look, `at` the past moment asked for."""
    changes = _changes(opened, last) if last else None
    links = Links(base=f"/people/{opened.person}", at=at.isoformat() if at else "")
    titles = titles_of(opened.feeds)
    news = changed(links, changes, last.at if last else None, titles)
    kinds = by_kind(opened.record)
    return Screen(
        person=opened.person,
        banner=banner(opened, kinds, links, alerts, at or now),
        panels=panels(opened, kinds, links, news, at or now),
        at=words.moment(at) if at else "",
        day=f"{at:%Y-%m-%d}" if at else "",
    )


def _changes(opened: Opened, last: Opening) -> Changes:
    """What was filed since the last look. Most looks find nothing: then no entry is asked."""
    news = any(member.t > last.seen.get(member.patient, -1) for member in opened.members)
    return changes_since(opened.record, last.seen) if news else NOTHING
