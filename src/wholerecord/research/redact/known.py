"""Who somebody's record names: they themselves, their relatives, carers and clinicians."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wholerecord.fold import Entry, Kind, Record
from wholerecord.fold.record import CarePlan, Document, Encounter, Plain
from wholerecord.people import Demographics
from wholerecord.research.redact import words as w
from wholerecord.research.redact.span import Span, What
from wholerecord.research.redact.word import Word, is_term

_LABELS = frozenset({"Name", "Practitioner", "By", "Asked by", "For", "Participants", "From"})
_PEOPLE = frozenset({"Practitioner", "PractitionerRole", "RelatedPerson"})
_NAME = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_MONTHS = "January February March April May June July August September October November December"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a record says of who people are: words of names, phrases as written, and birthdays.

    `names` are single words in small letters; `phrases` are identifiers, contacts and lines of
    addresses as they were said.
    """

    names: frozenset[str] = frozenset()
    phrases: frozenset[tuple[str, What]] = frozenset()
    born: frozenset[date] = frozenset()

    def __repr__(self) -> str:
        return "Known(…)"  # a repr can reach a log


def known_of(records: Iterable[Record]) -> Known:
    """What these records, all of one person, say of who they and those around them are."""
    names: set[str] = set()
    phrases: set[tuple[str, What]] = set()
    born: set[date] = set()
    for record in records:
        for _, said in record.who.said_by if record.who else ():
            names.update(_words(" ".join(map(str, said.names))))
            phrases.update(_phrases(said))
            if said.born and said.born.precision == "day":
                born.add(said.born.day)
        for entry in record.entries:
            names.update(_words(" ".join(_others(entry))))
    return Known(names=frozenset(names), phrases=frozenset(phrases), born=frozenset(born))


def _words(text: str) -> Iterator[str]:
    """The words of names: no initial, no title, no everyday or clinical word."""
    for match in _NAME.finditer(text):
        for part in (match[0], *match[0].split("-")):
            low = part.lower()
            if len(low) > 1 and low not in w.TITLES | w.PARTICLES and not w.is_ordinary(part):
                yield low


def _phrases(said: Demographics) -> Iterator[tuple[str, What]]:
    for _, value in said.identifiers:
        yield value, What.NUMBER
    for phone in said.phones:
        yield phone, What.PHONE
    for email in said.emails:
        yield email, What.EMAIL
    for address in said.addresses:
        for line in address.lines:
            if any(char.isdigit() for char in line):
                yield line, What.ADDRESS


def _others(entry: Entry) -> Iterator[str]:
    """Every field of an entry that holds the name of somebody."""
    yield from (said.by for said in entry.said_by)
    match entry.detail:
        case Document(author=name) | CarePlan(author=name) | Encounter(clinician=name):
            yield name
        case Plain(lines=lines):
            yield from (
                text for label, text in lines if label in _LABELS and entry.kind is Kind.TEAM
            )
        case _:
            pass
    if entry.kind is Kind.TEAM and any(said.kind in _PEOPLE for said in entry.said_by):
        yield entry.title


def told(text: str, words: Sequence[Word], known: Known) -> Iterator[Span]:
    """Where `text` says what the record says. Names that are words too need their capital."""
    for at, word in enumerate(words):
        low = word.bare.lower()
        if low in known.names and (word.capital or not _is_word(low)) and not is_term(words, at):
            yield Span(word.start, word.start + len(word.bare), What.NAME)
    for phrase, what in known.phrases:
        parts = [re.escape(part) for part in re.split(r"[\s-]+", phrase.strip()) if part]
        if len("".join(parts)) < 4:
            continue
        form = re.compile(r"(?<!\w)" + r"[\s-]?".join(parts) + r"(?!\w)", re.IGNORECASE)
        for match in form.finditer(text):
            yield Span(match.start(), match.end(), what)
    for day in known.born:
        for match in _written(day).finditer(text):
            yield Span(match.start(), match.end(), What.BORN)


def _is_word(low: str) -> bool:
    return low in w.ALSO_WORDS or low in w.ORDINARY or low in w.EPONYMS


def _written(day: date) -> re.Pattern[str]:
    """The ways to write a day."""
    month = _MONTHS.split()[day.month - 1]
    d, m, year = f"0?{day.day}", f"0?{day.month}", f"(?:{day.year}|{day.year % 100:02})"
    named = rf"{d}(?:st|nd|rd|th)?[ -](?:of )?{month[:3]}(?:{month[3:]})?,?[ -]{year}"
    return re.compile(
        rf"(?<!\d)(?:{d}[/. -]{m}[/. -]{year}|{day:%Y-?%m-?%d}|{named})(?!\d)", re.IGNORECASE
    )
