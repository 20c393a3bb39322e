"""Where somebody stands in the immunisation schedule, for professionals and in plain words.

What is not known to be given is said so in every word of it, never as not given.
"""

from dataclasses import dataclass
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.titles import Titles, titles_of
from wholerecord.care.vaccines import vaccinated_of
from wholerecord.fold import Entry, Immunisation, Kind
from wholerecord.fold.jabs import Standing, Step
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links

_ORDER = (Standing.OVERDUE, Standing.DUE, Standing.NOT_KNOWN, Standing.LATER, Standing.GIVEN)
#: What is for now: all that the person's first page says of it.
NOW = (Standing.OVERDUE, Standing.DUE)
_STAFF = {
    Standing.OVERDUE: (
        "Overdue: not known to be given",
        "Sources here tell of this course or of later ones, and not of these doses.",
    ),
    Standing.DUE: ("Due: not known to be given", ""),
    Standing.NOT_KNOWN: (
        "Not known to be given",
        "No source here tells of these. That is not that they were not given.",
    ),
    Standing.LATER: ("Not yet due", ""),
    Standing.GIVEN: ("Given", ""),
}
_PLAIN = {
    Standing.OVERDUE: (
        "May be overdue",
        (
            "These were due some time ago, and nobody here has written down that you had them. "
            "You may have had them somewhere else. Ask your GP practice."
        ),
    ),
    Standing.DUE: ("Due now", "Nobody here has written down yet that you had these."),
    Standing.NOT_KNOWN: (
        "Not known",
        "This record cannot tell. It does not mean that you did not have them.",
    ),
    Standing.LATER: ("Coming later", ""),
    Standing.GIVEN: ("Given", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One dose: what, when, what else is to say of it, and where the dose is shown, if given."""

    title: str
    when: str
    note: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The doses that stand alike, under their heading."""

    title: str
    about: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The schedule as a page shows it; or `why_not`. `withheld`: some of the record is not seen."""

    says: str
    note: str
    source: str
    why_not: str
    withheld: bool
    parts: tuple[Part, ...]


def schedule_shown(
    opened: Opened,
    links: Links,
    today: date,
    *,
    plain: bool,
    which: tuple[Standing, ...] = _ORDER,
) -> Shown | None:
    """The doses that stand as one of `which`; None where immunisations may not be seen at all."""
    kinds = opened.verdict.kinds
    if kinds and Kind.IMMUNISATION.value not in kinds:
        return None
    found, titles = vaccinated_of(opened, today), titles_of(opened.feeds)
    headings = _PLAIN if plain else _STAFF
    return Shown(
        says=found.schedule.says,
        note=found.schedule.note,
        source=found.schedule.source,
        why_not=found.why_not,
        withheld=bool(opened.withheld),
        parts=tuple(
            Part(
                title=headings[standing][0],
                about=headings[standing][1],
                rows=tuple(_row(step, links, titles, plain=plain) for step in steps),
            )
            for standing in which
            if (steps := found.of(standing))
        ),
    )


def _row(step: Step, links: Links, titles: Titles, *, plain: bool) -> Row:
    named = step.plain if plain else step.title
    shown = step.entry or step.declined
    notes: list[str] = []
    if step.because:
        shown_by = sorted({entry.title for entry in step.evidence})
        notes.append(f"because of this record: {step.because} ({words.listed(shown_by)})")
    if step.unsure:
        notes.append("the exact day is not known")
    if step.closed:
        notes.append("no longer given at this age")
    if step.declined:
        notes.append(_declined(step.declined, titles))
    return Row(
        title=f"{named}, {step.dose.lower()}" if step.dose else named,
        when=words.day(step.entry.when, "no date said")
        if step.entry
        else f"due from {step.due.day} {step.due:%b %Y}",
        note="; ".join(notes),
        href=links.entry(shown) if shown else "",
    )


def _declined(entry: Entry, titles: Titles) -> str:
    source = words.listed(titles.get(name, name) for name in entry.sources)
    why = entry.detail.why_not if isinstance(entry.detail, Immunisation) else ""
    said = f"{source} wrote on {words.day(entry.when, 'no day said')} that it was not given"
    return f"{said}: {why}" if why else said
