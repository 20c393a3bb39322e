"""A record in plain words, with each source's own words beside them.

Source: NHS digital service manual, "Writing for everyone: health literacy" and A to Z of NHS health
writing. The plain words are a short table, a demonstration until a clinician signs it; what is not
in the table is shown in the record's own words, never guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.kinds import by_test
from wholerecord.care.plumbing import apart
from wholerecord.care.titles import Titles, titles_of, with_titles
from wholerecord.fold import (
    NOT_SO,
    Allergy,
    Condition,
    Encounter,
    Entry,
    Kind,
    Measure,
    Medicine,
    SocialHistory,
    by_kind,
)
from wholerecord.fold.current import lapsed
from wholerecord.portal.patient.meaning import meaning
from wholerecord.portal.patient.pregnancies import PlainPregnancy, plain_pregnancies
from wholerecord.portal.patient.transfers import PlainTransfer, plain_transfers
from wholerecord.portal.shared import words
from wholerecord.portal.shared.cancers import plainly
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.units import unit
from wholerecord.portal.shared.vaccinated import NOW, Shown, schedule_shown

#: Lines of a kind on the first page; the rest are one choice away. What must not be missed is long.
_MOST = {Kind.ALLERGY: 50, Kind.CONDITION: 25, Kind.MEDICINE: 25}
_MOST_OF_OTHERS = 6
#: Words of one topic of how somebody lives; all of them stand on a page of their own.
_MOST_WORDS = 12
_MEASURED = (Kind.RESULT, Kind.OBSERVATION)
_SECTIONS = (
    (Kind.ALLERGY, "Allergies", "What you should not be given, or react badly to."),
    (Kind.CONDITION, "Conditions", "Illnesses and problems, now and before."),
    (Kind.MEDICINE, "Medicines", "What you take, and how your sources say to take it."),
    (Kind.RESULT, "Test results", "Blood tests and other tests: the newest of each."),
    (Kind.OBSERVATION, "Measurements", "Such as blood pressure and weight: the newest of each."),
    (Kind.SOCIAL_HISTORY, "How you live", "Such as smoking, drinking, work and home."),
    (Kind.IMMUNISATION, "Vaccinations", ""),
    (Kind.PROCEDURE, "Operations and procedures", ""),
    (Kind.ENCOUNTER, "Appointments and stays", ""),
    (Kind.DOCUMENT, "Letters and reports", ""),
    (Kind.CARE_PLAN, "Care plan", "What was agreed with you."),
    (Kind.SOCIAL_CARE, "Social care", ""),
    (Kind.ABOUT_ME, "About me", "What you want people to know."),
    (Kind.TEAM, "Who looks after you", ""),
    (Kind.ALERT, "Alerts", "What people caring for you are warned of."),
    (Kind.OTHER, "Everything else", ""),
)
#: What each kind is called in plain words.
TITLES = {kind: title for kind, title, _ in _SECTIONS}
_CERTAINTY = {
    "suspected": "This is being looked into. It is not certain.",
    "refuted": "This was checked and found not to be so.",
    "family": "Somebody in your family has or had this. It does not mean that you do.",
}
_FLAGS = {
    "H": "Higher than the laboratory's usual range.",
    "HH": "Much higher than the laboratory's usual range.",
    "L": "Lower than the laboratory's usual range.",
    "LL": "Much lower than the laboratory's usual range.",
    "N": "Within the laboratory's usual range.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainLine:
    """One entry in plain words. `means` explains it, `original` is what a source wrote."""

    title: str
    means: str
    says: str
    when: str
    original: str
    source: str
    href: str
    disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """That there is none, in the words of the source that said so."""

    source: str
    when: str
    original: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Entries of one kind under a plain heading. `more` leads to the rest.

    `denials` say that there is none: each has its source and date, beside whatever there is.
    Vaccinations have the routine `schedule`, on the first page what of it is for now; conditions
    have the person's `pregnancies`, medicines the last `transfers` of their care. `besides` are how
    many are about messages and stand on a list of their own, at `besides_at`.
    """

    slug: str
    title: str
    about: str
    lines: tuple[PlainLine, ...]
    denials: tuple[Denial, ...]
    empty: str
    total: int
    more: str
    schedule: Shown | None = None
    whole_schedule: str = ""
    pregnancies: tuple[PlainPregnancy, ...] = ()
    transfers: tuple[PlainTransfer, ...] = ()
    besides: int = 0
    besides_at: str = ""


def sections(opened: Opened, links: Links, today: date) -> tuple[Section, ...]:
    """Every kind the record has, and the three that are asked about even when it has none."""
    always = (Kind.ALLERGY, Kind.CONDITION, Kind.MEDICINE)
    kinds = by_kind(opened.record)
    of_person, of_messages = apart(kinds[Kind.OTHER])
    shown = {**kinds, Kind.OTHER: of_person}
    return tuple(
        _beside(
            _section(opened, kind, shown[kind], links, today=today, first=True),
            links,
            len(of_messages) if kind is Kind.OTHER else 0,
        )
        for kind, _, _ in _SECTIONS
        if kind in always or kinds[kind]
    )


def section(
    opened: Opened, kind: Kind, links: Links, today: date, *, plumbing: bool = False
) -> Section:
    """Every entry of one kind; or those of it that are about messages alone."""
    of_person, of_messages = apart(opened.record.of(kind))
    if plumbing and kind is Kind.OTHER:
        return replace(
            _section(opened, kind, of_messages, links, today=today), title="About messages"
        )
    whole = _section(opened, kind, of_person, links, today=today)
    whole = _beside(whole, links, len(of_messages))
    if kind is Kind.CONDITION:
        return replace(whole, pregnancies=plain_pregnancies(opened, links, today))
    if kind is Kind.MEDICINE:
        return replace(whole, transfers=plain_transfers(opened, links, today))
    if kind is not Kind.IMMUNISATION:
        return whole
    return replace(whole, schedule=schedule_shown(opened, links, today, plain=True))


def _section(
    opened: Opened,
    kind: Kind,
    entries: Sequence[Entry],
    links: Links,
    *,
    today: date,
    first: bool = False,
) -> Section:
    _, title, about = next(row for row in _SECTIONS if row[0] is kind)
    titles = titles_of(opened.feeds)
    shown = _first(kind, entries) if first else entries
    heard = words.listed(sorted(titles.values()))
    return Section(
        slug=kind.value,
        title=title,
        about=about,
        lines=tuple(plain_line(entry, titles, links, today) for entry in shown),
        denials=tuple(
            Denial(
                source=titles.get(negative.said.source, negative.said.source),
                when=words.day(negative.said.recorded or negative.said.when, "no date"),
                original=negative.said.words or negative.title,
            )
            for negative in opened.record.negatives
            if negative.kind is kind
        ),
        empty=f"Nothing is written down by {heard or 'anybody'}. Other places may know more.",
        total=len(entries),
        more=links.kind(kind) if len(entries) > len(shown) else "",
        schedule=schedule_shown(opened, links, today, plain=True, which=NOW)
        if first and kind is Kind.IMMUNISATION
        else None,
        whole_schedule=links.kind(kind) if first and kind is Kind.IMMUNISATION else "",
        pregnancies=plain_pregnancies(opened, links, today)
        if first and kind is Kind.CONDITION
        else (),
        transfers=plain_transfers(opened, links, today) if first and kind is Kind.MEDICINE else (),
    )


def _beside(shown: Section, links: Links, messages: int) -> Section:
    """The section, with that so many entries about messages stand on a list of their own."""
    if not messages:
        return shown
    at = f"{links.base}/{shown.slug}{links.query(plumbing='yes')}"
    return replace(shown, besides=messages, besides_at=at)


def _first(kind: Kind, entries: Sequence[Entry]) -> Sequence[Entry]:
    """What the first page shows of a kind: of measurements, the newest of each test."""
    if kind in _MEASURED:
        entries = [test[0] for test in by_test(entries)]
    return entries[: _MOST.get(kind, _MOST_OF_OTHERS)]


def plain_line(entry: Entry, titles: Titles, links: Links, today: date) -> PlainLine:
    """One entry in plain words, as it stands on a day."""
    said = entry.said_by[-1]
    return PlainLine(
        title=entry.title,
        means=_meaning(entry),
        says=with_titles(" ".join(_says(entry, today)), titles),
        when=words.day(entry.when, "No date was written down"),
        original=said.words,
        source=titles.get(said.source, said.source),
        href=links.entry(entry),
        disputed=bool(entry.rulings),
    )


def _meaning(entry: Entry) -> str:
    """What the entry's code means, where that says more than its title."""
    means = meaning(entry.code.code if entry.code else "")
    return "" if means.rstrip(".").casefold() == entry.title.casefold() else means


def _says(entry: Entry, today: date) -> Sequence[str]:
    """What the entry's detail means for the person, in whole sentences."""
    sentences = (*_of_detail(entry, today), *_marked(entry))
    return [sentence for sentence in sentences if sentence]


def _of_detail(entry: Entry, today: date) -> Iterator[str]:
    detail = entry.detail
    if isinstance(detail, Condition):
        yield _CERTAINTY.get(detail.certainty, "")
        yield from plainly(entry)
        if entry.status == "resolved" and not plainly(entry):
            yield "This is over."
    elif isinstance(detail, Medicine):
        yield from _taken(entry, detail, today)
    elif isinstance(detail, Allergy):
        yield f"It gave you: {', '.join(detail.reactions)}." if detail.reactions else ""
        if detail.denied_by:
            yield "Another of your sources says you have no allergies: tell them."
    elif isinstance(detail, Measure):
        yield from (_value(detail), _FLAGS.get(detail.flag, ""))
    elif isinstance(detail, SocialHistory):
        yield from _lives(detail)
    elif isinstance(detail, Encounter):
        yield " ".join(part for part in (detail.where, detail.reason) if part)


def _marked(entry: Entry) -> Iterator[str]:
    """What professionals decided of it, what nobody checked, and where sources differ."""
    if entry.status == "superseded":
        yield "Something newer took the place of this. It does not count any more."
    elif entry.status == "refuted" and entry.rulings:
        yield "A professional found that this is not right. It does not count."
    if entry.corrected:
        yield "A professional corrected the side: your source said another."
    if entry.unverified:
        yield "A computer wrote this. No professional has checked it yet."
    if entry.conflict:
        yield f"Your sources do not agree: {entry.conflict}."


def _taken(entry: Entry, detail: Medicine, today: date) -> Iterator[str]:
    if entry.status in NOT_SO:
        return
    if entry.status == "stopped":
        yield "You no longer take this."
    if lapsed(entry, today):
        issued = words.day(detail.last, "some time ago")
        yield f"This was last issued {issued}. This record cannot tell whether you still take it."
    for dose in detail.doses:
        yield f"Take: {dose}."


def _lives(detail: SocialHistory) -> Iterator[str]:
    newest, *others = detail.habits
    yield f"{newest.value}."
    for habit in others[:_MOST_WORDS]:
        at = words.day(habit.said.when or habit.said.recorded, "on a day not written down")
        yield f"Written down before or elsewhere: {habit.value} ({at}, {habit.said.source})."
    if len(others) > _MOST_WORDS:
        yield f"And {words.count(len(others) - _MOST_WORDS, 'time')} more."


def _value(detail: Measure) -> str:
    value = f"{detail.value} {unit(detail.unit)}".strip()
    parts = ", ".join(f"{p.title.lower()} {p.value} {unit(p.unit)}".strip() for p in detail.parts)
    return f"{value or parts}."
