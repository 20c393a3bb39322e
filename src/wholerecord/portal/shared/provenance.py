"""Where an entry comes from, as values: who said it, why it is one entry, what was ruled."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import msgspec

from wholerecord.access import Opened
from wholerecord.access.corrections import Correction, State
from wholerecord.care.differing import differing
from wholerecord.care.titles import Titles, titles_of, with_titles
from wholerecord.fold import (
    About,
    Allergy,
    Condition,
    Entry,
    Measure,
    Medicine,
    Plain,
    Ruling,
    Said,
)
from wholerecord.portal.shared import cancers, words
from wholerecord.portal.shared.links import Links
from wholerecord.record import PatientId
from wholerecord.safety.given_since import given_since

_SYSTEMS = {
    "http://snomed.info/sct": "SNOMED CT",
    "http://loinc.org": "LOINC",
    "https://dmd.nhs.uk": "dm+d",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://read.info/ctv3": "CTV3",
    "http://read.info/readv2": "Read v2",
}
#: A patient's number as a form sends it: 64 bits, signed.
PATIENT = re.compile(r"-?[0-9]{1,19}")
_NO_TITLES: Mapping[str, str] = {}
_VERDICTS = {
    "same": "these are the same",
    "not-same": "these are not the same",
    "disputed": "disputed",
    "upheld": "the dispute is upheld",
    "wrong": "entered in error",
    "wrong-person": "of another person",
    "superseded": "superseded",
    "side": "on another side",
    "attested": "attested",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLine:
    """One statement: its source's own words, when, where it is kept. `about` names it in forms."""

    source: str
    words: str
    codes: tuple[str, ...]
    status: str
    when: str
    recorded: str
    received: str
    by: str
    place: str
    message: str
    about: str
    software: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingLine:
    """A decision that shaped the entry. `asked` is what sources were asked by it, each in words."""

    n: int
    says: str
    by: str
    why: str
    at: str
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where one entry comes from.

    `differing` is in what its sources differ: each part with its readings, and who says each.
    """

    key: str
    kind: str
    title: str
    status: str
    when: str
    why: str
    conflict: str
    corrected: str
    differing: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    details: tuple[tuple[str, str], ...]
    said: tuple[SaidLine, ...]
    denied: tuple[SaidLine, ...]
    rulings: tuple[RulingLine, ...]
    labels: tuple[str, ...]
    unverified: bool


def find_entry(opened: Opened, key: str) -> Entry | None:
    """The entry with that key, or None when there is none that may be seen."""
    return next((entry for entry in opened.record.entries if entry.key == key), None)


def provenance(
    opened: Opened,
    entry: Entry,
    rulings: Sequence[Ruling],
    links: Links,
    asked: Sequence[Correction] = (),
) -> Provenance:
    """Everything behind an entry. Every statement in its `said_by` is shown, oldest first.

    `asked` is what sources were asked to put right by `rulings`.
    """
    titles = titles_of(opened.feeds)
    denied = entry.detail.denied_by if isinstance(entry.detail, Allergy) else ()
    decided = {*entry.rulings, *entry.attested}
    return Provenance(
        key=entry.key,
        kind=entry.kind.value,
        title=entry.title,
        status=entry.status,
        when=_span(entry),
        why=with_titles(entry.why, titles).rstrip("."),
        conflict=with_titles(entry.conflict, titles),
        corrected=with_titles(entry.corrected, titles),
        differing=tuple(
            (
                one.part,
                tuple(
                    (reading, words.listed(titles.get(name, name) for name in sources))
                    for reading, sources in one.readings
                ),
            )
            for one in differing(entry)
        ),
        details=tuple(
            (label, with_titles(text, titles))
            for label, text in (*_details(entry, titles), *_since(entry, opened, titles))
        ),
        said=tuple(said_line(said, titles, links) for said in entry.said_by),
        denied=tuple(said_line(said, titles, links) for said in denied),
        rulings=tuple(ruling_line(r, asked, titles) for r in rulings if r.n in decided),
        labels=tuple(sorted(entry.labels)),
        unverified=entry.unverified,
    )


def said_line(said: Said, titles: Mapping[str, str], links: Links) -> SaidLine:
    """One statement as its source said it."""
    return SaidLine(
        source=titles.get(said.source, said.source),
        words=said.words,
        codes=tuple(
            f"{_SYSTEMS.get(code.system, code.system)} {code.code} {code.display}".strip()
            for code in said.codes
        ),
        status=said.status,
        when=said.when.say() if said.when else "not said",
        recorded=said.recorded.say() if said.recorded else "not said",
        received=words.moment(said.received),
        by=said.by,
        place=said.place,
        message=links.message(said),
        about=about_text(About(said.patient, said.kind, said.id)),
        software=said.software,
    )


def ruling_line(
    ruling: Ruling, asked: Sequence[Correction] = (), titles: Mapping[str, str] = _NO_TITLES
) -> RulingLine:
    """A ruling in words, with what sources were asked by it."""
    return RulingLine(
        n=ruling.n,
        says=_VERDICTS[ruling.verdict.value],
        by=ruling.by,
        why=ruling.why,
        at=words.moment(ruling.at),
        asked=tuple(
            f"{titles.get(one.source, one.source)} {_request(one)}"
            for one in asked
            if one.ruling == ruling.n
        ),
    )


def _request(one: Correction) -> str:
    """How a request stands, after the name of whom it was made to."""
    late = ": nobody has answered in time" if one.escalated and one.closed is None else ""
    match one.state:
        case State.TO_SEND:
            said = "will be asked to put it right"
        case State.SENT:
            said = f"was asked to put it right, {words.moment(one.sent or one.at)}"
        case State.CORRECTED:
            said = f"put it right, {words.moment(one.closed or one.at)}"
        case State.DECLINED:
            said = f"declined to change it, {words.moment(one.closed or one.at)}: {one.reply}"
        case _:
            said = "is told that it need not change it"
    return f"{said}{late}"


def about_text(about: About) -> str:
    """What a ruling is about, as one form field. `about_from` reads it back."""
    return f"{about.patient}/{about.kind}/{about.id}"


def about_from(text: str) -> About | None:
    """What a form field says a ruling is about, or None when it says nothing."""
    patient, _, rest = text.partition("/")
    kind, _, of_source = rest.partition("/")
    if not (kind and of_source and PATIENT.fullmatch(patient)):
        return None
    return About(PatientId(int(patient)), kind, of_source)


def _span(entry: Entry) -> str:
    start = entry.when.say() if entry.when else "date not said"
    return f"{start} to {entry.until.say()}" if entry.until else start


def _details(entry: Entry, titles: Titles) -> tuple[tuple[str, str], ...]:
    """What the kind of entry adds, labelled; parts that were not said are left out."""
    detail = entry.detail
    if isinstance(detail, Measure):
        limits = " to ".join(part for part in (detail.low, detail.high) if part)
        parts = "; ".join(f"{p.title} {p.value} {p.unit}".strip() for p in detail.parts)
        pairs = (
            ("Value", f"{detail.value} {detail.unit}".strip()),
            ("Parts", parts),
            ("Laboratory's range", limits),
            ("Flag", detail.flag),
            ("Report", detail.group),
            ("Corrected from", ", ".join(detail.corrected_from)),
        )
    elif isinstance(detail, Condition) and detail.cancer:
        pairs = (*_generic(entry), *cancers.facts(entry, titles))
    elif isinstance(detail, Medicine):
        pairs = (
            ("Doses as said", "; ".join(detail.doses)),
            ("Route", detail.route),
            ("From", words.listed(detail.setting)),
            ("Stopped because", detail.stopped_because),
            ("Last issued or told of", words.day(detail.last, "")),
            (
                "Known to be current until",
                f"{detail.current_until.day} {detail.current_until:%b %Y}, by the policy"
                if detail.current_until
                else "",
            ),
        )
    else:
        pairs = _generic(entry)
    return tuple((label, text) for label, text in pairs if text)


#: How many times that an allergen was given since are named.
_MOST_GIVEN = 5


def _since(entry: Entry, opened: Opened, titles: Titles) -> Iterator[tuple[str, str]]:
    """Of an allergy, when what it is to was given since: to ask about, never to rely on."""
    found = given_since(entry, opened.record) if isinstance(entry.detail, Allergy) else ()
    if not found:
        return
    each = "; ".join(
        f"{one.medicine.title}, {words.day(one.said.when)} "
        f"({titles.get(one.said.source, one.said.source)})"
        for one in found[:_MOST_GIVEN]
    )
    more = f"; and {len(found) - _MOST_GIVEN} times more" if len(found) > _MOST_GIVEN else ""
    yield (
        "Given or handed out since",
        f"{each}{more}. Nothing here says how it went: the allergy stands until somebody asks",
    )


def _generic(entry: Entry) -> tuple[tuple[str, str], ...]:
    """Every text of a detail under its field's name, for kinds with nothing special to say."""
    said: dict[str, object] = msgspec.structs.asdict(entry.detail)
    if isinstance(entry.detail, Plain):
        return entry.detail.lines
    return tuple(
        (name.replace("_", " ").capitalize(), text)
        for name, value in said.items()
        if (text := _text(value))
    )


def _text(value: object) -> str:
    """A text, or texts, or "" for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        parts = cast("tuple[object, ...]", value)
        return "; ".join(part for part in parts if isinstance(part, str))
    return ""
