"""The first screen, whole: from an opened record to the values its template writes out. Pure."""

from collections.abc import Sequence
from datetime import datetime

from wholerecord.access import Opened
from wholerecord.portal.clinician.banner import banner
from wholerecord.portal.clinician.changed import changed
from wholerecord.portal.clinician.panels import panels
from wholerecord.portal.clinician.view import Line, Screen
from wholerecord.portal.shared import words


def screen(
    opened: Opened,
    *,
    alerts: Sequence[Line],
    since: datetime | None,
    now: datetime,
    at: datetime | None = None,
) -> Screen:
    """All the first screen shows. `since` is the last look, `at` the past moment asked for."""
    return Screen(
        person=opened.person,
        banner=banner(opened, alerts, at or now),
        panels=panels(opened, changed(opened.person, opened.record.entries, since), at or now),
        at=words.moment(at) if at else "",
    )
