"""How one entry of each kind is said in one line."""

from collections.abc import Callable, Mapping
from datetime import date

from wholerecord.care.differing import differing, in_words
from wholerecord.care.software import marked
from wholerecord.fold import (
    NOT_SO,
    CarePlan,
    Condition,
    Document,
    Encounter,
    Entry,
    Immunisation,
    Kind,
    Measure,
    Medicine,
    Plain,
    Procedure,
    SocialHistory,
)
from wholerecord.fold.current import lapsed
from wholerecord.fold.labels import KEPT_FROM_PERSON
from wholerecord.fold.medicine_state import NOT_GIVEN
from wholerecord.portal.clinician.trends import said_value
from wholerecord.portal.clinician.view import Line
from wholerecord.portal.shared import words
from wholerecord.portal.shared.cancers import short
from wholerecord.portal.shared.links import Links

#: Statuses of what is over, or was never so: quieter than what is.
OVER = NOT_SO | {"resolved", "stopped"}
_NO_TITLES: Mapping[str, str] = {}
_CERTAINTY = {
    "suspected": "Suspected",
    "refuted": "Ruled out",
    "family": "Family history",
    "unconfirmed": "Not confirmed",
}
#: The mark of what staff see and the person does not.
NOT_FOR_THEM = "Not shown to the person"
#: The mark of an active medicine that nobody has renewed for long.
LAPSED = "Not known to be current"
_STATUS = {"refuted": "Ruled out", "superseded": "Superseded", "planned": "Planned"}

#: A line's note and mark, by what the entry's detail says.
Telling = Callable[[Entry], tuple[str, str]]


def line(
    links: Links,
    entry: Entry,
    titles: Mapping[str, str] = _NO_TITLES,
    *,
    today: date | None = None,
) -> Line:
    """An entry as one line: its title, when, what its kind adds, and where sources disagree.

    With a day, a medicine that is not known to be current on it is marked so.
    """
    note, mark = _TELLING[entry.kind](entry)
    if today is not None and isinstance(entry.detail, Medicine) and lapsed(entry, today):
        note += f", last issued {words.day(entry.detail.last, 'on a day not said')}"
        mark = f"{LAPSED}. {mark}" if mark else LAPSED
    if isinstance(entry.detail, Medicine) and len(entry.detail.setting) > 1:
        note += f", from {words.listed(titles.get(at, at) for at in entry.detail.setting)}"
    told = (mark or _status(entry), in_words(differing(entry)))
    mark = marked(entry, ". ".join(part for part in told if part))
    if KEPT_FROM_PERSON in entry.labels:
        mark = f"{mark}. {NOT_FOR_THEM}" if mark else NOT_FOR_THEM
    if entry.corrected:
        mark = f"{mark}. Side corrected" if mark else "Side corrected"
    if entry.conflict:
        mark = f"{mark}. Sources disagree" if mark else "Sources disagree"
    return Line(
        text=entry.title,
        href=links.entry(entry),
        note=note,
        mark=mark,
        tone=_tone(entry),
        value=said_value(entry.detail) if isinstance(entry.detail, Measure) else "",
    )


def sources(entry: Entry, titles: Mapping[str, str]) -> str:
    """Who says it, by title."""
    return words.listed(titles.get(name, name) for name in entry.sources)


def _status(entry: Entry) -> str:
    if entry.status == "refuted" and entry.rulings:
        return "Marked wrong"
    return _STATUS.get(entry.status, "")


def _tone(entry: Entry) -> str:
    if entry.status in NOT_SO and entry.rulings:
        return "struck"
    return "quiet" if entry.status in OVER else ""


def _condition(entry: Entry) -> tuple[str, str]:
    detail = entry.detail
    if not isinstance(detail, Condition):
        return words.day(entry.when), ""
    since = words.day(entry.when)
    if entry.status == "resolved":
        over = words.day(entry.until, "")
        since = f"{since} to {over}" if over else f"{since}, resolved"
    extra = ", ".join(part for part in (detail.side, detail.severity, short(entry)) if part)
    note = f"{extra}, {since}" if extra else since
    return note, _CERTAINTY.get(detail.certainty, "")


def _medicine(entry: Entry) -> tuple[str, str]:
    detail = entry.detail
    if not isinstance(detail, Medicine):
        return words.day(entry.when), ""
    dose = detail.doses[0] if detail.doses else "dose not said"
    if entry.status == "stopped":
        because = f": {detail.stopped_because}" if detail.stopped_because else ""
        return f"{dose}. Stopped {words.day(entry.until, '')}{because}", "Stopped"
    if detail.state == NOT_GIVEN:
        return f"{dose}, {words.day(entry.when)}", "Not given"
    doses_differ = len(set(detail.doses)) > 1
    return dose, "Doses differ" if doses_differ and not entry.conflict else ""


def _encounter(entry: Entry) -> tuple[str, str]:
    detail = entry.detail
    when = words.day(entry.when)
    if not isinstance(detail, Encounter):
        return when, ""
    until = words.day(entry.until, "")
    span = f"{when} to {until}" if until and until != when else when
    parts = (span, detail.where, detail.reason)
    inside = entry.until is None and detail.setting == "inpatient"
    return ", ".join(part for part in parts if part), "Still in" if inside else ""


def _document(entry: Entry) -> tuple[str, str]:
    detail = entry.detail
    author = detail.author if isinstance(detail, Document) else ""
    return ", ".join(part for part in (words.day(entry.when), author) if part), ""


def _care_plan(entry: Entry) -> tuple[str, str]:
    detail = entry.detail
    said = (*detail.goals, *detail.activities)[:2] if isinstance(detail, CarePlan) else ()
    return "; ".join((*said, words.day(entry.when))), ""


def _immunisation(entry: Entry) -> tuple[str, str]:
    detail = entry.detail
    given = not isinstance(detail, Immunisation) or detail.given
    return words.day(entry.when), "" if given else "Not given"


def _procedure(entry: Entry) -> tuple[str, str]:
    side = entry.detail.side if isinstance(entry.detail, Procedure) else ""
    return ", ".join(part for part in (side, words.day(entry.when)) if part), ""


def _measure(entry: Entry) -> tuple[str, str]:
    corrected = isinstance(entry.detail, Measure) and entry.detail.corrected_from
    return words.day(entry.when), "Corrected" if corrected else ""


def _social_history(entry: Entry) -> tuple[str, str]:
    detail = entry.detail
    if not isinstance(detail, SocialHistory):
        return words.day(entry.when), ""
    before = sum(1 for habit in detail.habits if habit.value != detail.habits[0].value)
    earlier = words.count(before, "other word") if before else ""
    return ", ".join(part for part in (detail.value, words.day(entry.when), earlier) if part), ""


def _plain(entry: Entry) -> tuple[str, str]:
    detail = entry.detail
    texts = [text for _, text in detail.lines] if isinstance(detail, Plain) else []
    said = [text for text in texts if text.casefold() != entry.title.casefold()][:2]
    return "; ".join(part for part in (*said, words.day(entry.when, "")) if part), ""


_TELLING: Mapping[Kind, Telling] = {
    Kind.CONDITION: _condition,
    Kind.MEDICINE: _medicine,
    Kind.ALLERGY: _plain,
    Kind.RESULT: _measure,
    Kind.OBSERVATION: _measure,
    Kind.SOCIAL_HISTORY: _social_history,
    Kind.IMMUNISATION: _immunisation,
    Kind.PROCEDURE: _procedure,
    Kind.ENCOUNTER: _encounter,
    Kind.DOCUMENT: _document,
    Kind.CARE_PLAN: _care_plan,
    Kind.SOCIAL_CARE: _plain,
    Kind.ALERT: _plain,
    Kind.ABOUT_ME: _plain,
    Kind.TEAM: _plain,
    Kind.OTHER: _plain,
}
