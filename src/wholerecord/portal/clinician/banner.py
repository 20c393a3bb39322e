"""The banner: who this is, and what must not be missed.

Source: NHS Common User Interface, Patient Banner (Microsoft and NHS Connecting for Health, 2009):
name, born, sex and NHS number in that order, always there, with allergies and alerts beside them.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from wholerecord.access import Opened
from wholerecord.care.heard import nothing
from wholerecord.care.software import mark_of, marked
from wholerecord.care.titles import titles_of
from wholerecord.fold import Allergy, Entry, Kind, Kinds, Measure, Negative
from wholerecord.people import Demographics
from wholerecord.portal.clinician.lines import OVER
from wholerecord.portal.clinician.pregnancies import current
from wholerecord.portal.clinician.sources import source_lines
from wholerecord.portal.clinician.trends import said_value
from wholerecord.portal.clinician.view import Banner, Line
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links

#: LOINC 29463-7 body weight, 3141-9 measured; SNOMED CT 27113001 body weight.
_WEIGHT = frozenset({"29463-7", "3141-9", "27113001"})
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_MOST_ALLERGIES = 6
_MOST_ALERTS = 5
_CRITICALITY = {"high": 0, "": 1, "unable-to-assess": 1, "low": 2}


def banner(
    opened: Opened, kinds: Kinds, links: Links, alerts: Sequence[Line], now: datetime
) -> Banner:
    """The banner of an opened record. Every part that is not known says so."""
    record = opened.record
    who = record.who.best if record.who else Demographics()
    allergies = _allergies(links, kinds[Kind.ALLERGY])
    titles = titles_of(opened.feeds)
    denials = [
        Line(
            text=_denial(titles.get(negative.said.source, negative.said.source), negative),
            note=words.day(negative.said.recorded or negative.said.when),
            mark=mark_of(negative),
            tone="quiet",
        )
        for negative in record.negatives
        if negative.kind is Kind.ALLERGY
    ]
    flags = [_flag(links, entry) for entry in kinds[Kind.ALERT] if _counts(entry)]
    every_alert = [*current(opened, links, now.date()), *alerts, *flags]
    return Banner(
        name=_name(who),
        born=who.born.say() if who.born else "date of birth not said",
        age=words.age(who.born, who.died.day if who.died else now.date()) if who.born else "",
        died=_died(who),
        nhs_number=str(who.nhs_number) if who.nhs_number else "",
        number_status=words.number_status(who.nhs_status),
        number_verified=who.nhs_status == "01",
        sex=words.sex(who.sex),
        weight=_weight(kinds[Kind.OBSERVATION], kinds[Kind.RESULT]),
        address=_address(who),
        allergies=tuple((allergies + denials)[:_MOST_ALLERGIES]),
        allergies_empty=nothing(opened.feeds, now, withheld=opened.withheld),
        allergies_more=max(0, len(allergies) + len(denials) - _MOST_ALLERGIES),
        alerts=tuple(every_alert[:_MOST_ALERTS]),
        alerts_more=max(0, len(every_alert) - _MOST_ALERTS),
        sources=source_lines(opened.feeds, now),
        withheld=_withheld(opened.withheld),
        demographics_differ=_differ(opened),
    )


def _name(who: Demographics) -> str:
    """FAMILY, Given (Title), as the banner's standard writes it."""
    name = who.name
    if name is None:
        return "Name not said"
    given = " ".join(name.given)
    title = f" ({name.prefix})" if name.prefix else ""
    return f"{name.family.upper()}, {given}{title}" if given else f"{name.family.upper()}{title}"


def _died(who: Demographics) -> str:
    if who.died:
        return f"Died {who.died.say()}"
    return "Has died (date not said)" if who.dead else ""


def _address(who: Demographics) -> str:
    if who.restricted:
        return "Address withheld: this person's details are restricted"
    address = who.addresses[0] if who.addresses else None
    if address is None:
        return "not said"
    return ", ".join(part for part in (*address.lines, address.postcode or "") if part)


def _weight(*measured: Sequence[Entry]) -> str:
    """The newest weight with its date: a weight without its date has led to wrong doses.

    `measured` are lists, newest first: some sources send a weight among a laboratory's results.
    """
    newest = [found for entries in measured if (found := next(_weights(entries), None))]
    if not newest:
        return "not recorded"
    entry, said = max(newest, key=lambda one: one[0].when.start if one[0].when else _LONG_AGO)
    return f"{said_value(said)} ({words.day(entry.when)})"


def _weights(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Measure]]:
    for entry in entries:
        if entry.code and entry.code.code in _WEIGHT and isinstance(entry.detail, Measure):
            yield entry, entry.detail


def _allergies(links: Links, entries: Sequence[Entry]) -> list[Line]:
    """Allergies that count, the most critical first; where sources disagree it says so."""
    lines: list[tuple[int, Line]] = []
    for entry in entries:
        if not isinstance(entry.detail, Allergy) or not _counts(entry):
            continue
        detail = entry.detail
        disagree = bool(entry.conflict or detail.denied_by)
        lines.append(
            (
                _CRITICALITY.get(detail.criticality, 1),
                Line(
                    text=entry.title,
                    href=links.entry(entry),
                    note=", ".join(detail.reactions),
                    mark=marked(entry, "Sources disagree" if disagree else ""),
                    tone="danger" if detail.criticality == "high" else "",
                ),
            )
        )
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def _denial(source: str, negative: Negative) -> str:
    """A source's "no known allergies", as that source's words and never as the record's."""
    return f"{source}: \u201c{negative.said.words or negative.title}\u201d"


def _flag(links: Links, entry: Entry) -> Line:
    return Line(
        text=entry.title,
        href=links.entry(entry),
        note=words.day(entry.when, ""),
        mark=marked(entry),
        tone="warn",
    )


def _counts(entry: Entry) -> bool:
    """Whether an entry is still said to be so."""
    return entry.status not in OVER


def _withheld(count: int) -> str:
    if not count:
        return ""
    return f"{words.count(count, 'entry', 'entries')} may not be shown to you"


def _differ(opened: Opened) -> str:
    """Which parts of who this is the sources say differently, in words, or ""."""
    said = [who for _, who in opened.record.who.said_by] if opened.record.who else []
    parts = {
        "family name": {who.name.family.casefold() for who in said if who.name},
        "date of birth": {who.born.text for who in said if who.born},
        "NHS number": {who.nhs_number.digits for who in said if who.nhs_number},
    }
    differing = [part for part, values in parts.items() if len(values) > 1]
    return f"Sources differ on {words.listed(differing)}" if differing else ""
