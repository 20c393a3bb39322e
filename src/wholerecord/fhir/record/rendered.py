"""The one record as FHIR has it: each entry rendered when it is first needed, and remembered.

What is remembered is what `entry` makes of an entry of a person, which is the same whoever asks:
what of the record somebody sees, the door decides before, and hands over a record without the rest.
A record that goes on keeps the very entries that nothing new was said of, and so what was made of
them; the bytes are kept too, for most of what is rendered is given out more than once.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wholerecord.access import Opened
from wholerecord.care.titles import Titles, titles_of
from wholerecord.fhir.record.entries import TYPES, about, entry
from wholerecord.fhir.record.findable import by_every_code, by_every_number
from wholerecord.fhir.record.patient import patient
from wholerecord.fhir.record.provenance import of_patient, provenance
from wholerecord.fhir.search import Held
from wholerecord.fhir.search.definitions import of_type
from wholerecord.fold import Entry, Record
from wholerecord.record import PersonId

#: Entries remembered, in all: each with its Provenance some ten kilobytes, when it was asked for.
_MOST = 20_000
#: How a search says whose record it is about: of every entry the same is held.
_WHOSE = ("patient", "subject")
#: Whose record, without what, and of which kinds: those who see alike share what was rendered.
_Whose = tuple[PersonId, frozenset[str], frozenset[str]]
_Known = Mapping[str, tuple[Any, ...]]
#: What was made of one entry, which stays while it is looked up by who it is.
_Made = tuple[Entry, Held, Sequence[Held]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A record rendered: the person, each entry, and beside each where it comes from.

    `whence_person` is empty when nobody said who they are. `record` and `titles` are what it was
    rendered from, `made` the entries by identity.
    """

    record: Record
    titles: Titles
    person: Held
    whence_person: Sequence[Held]
    made: Mapping[int, _Made]

    @property
    def entries(self) -> Sequence[tuple[Held, Sequence[Held]]]:
        """Each entry and its Provenance, in the record's order."""
        return [(held, whence) for _, held, whence in self.made.values()]


class Rendered:
    """The records rendered last, by whoever sees alike. Dropping any of them is always safe."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._shown: OrderedDict[_Whose, Shown] = OrderedDict()
        self._held = 0

    def of(self, opened: Opened) -> Shown:
        """What was opened, rendered so far as it has been asked for."""
        verdict, record = opened.verdict, opened.record
        whose = (opened.person, verdict.withheld, verdict.kinds)
        titles = titles_of(opened.feeds)
        last = self._shown.get(whose)
        if last is not None and last.record is record and last.titles == titles:
            self._shown.move_to_end(whose)
            return last
        same = last is not None and last.titles == titles
        known: Mapping[int, _Made] = last.made if last is not None and same else {}
        shown = _shown(opened, titles, known)
        if record.entries:  # a Patient alone costs nothing, and would put out what does
            self._remember(whose, shown)
        return shown

    def _remember(self, whose: _Whose, shown: Shown) -> None:
        last = self._shown.pop(whose, None)
        self._held += len(shown.made) - (len(last.made) if last else 0)
        self._shown[whose] = shown
        while self._held > self._most and len(self._shown) > 1:
            _, old = self._shown.popitem(last=False)
            self._held -= len(old.made)


def _shown(opened: Opened, titles: Titles, known: Mapping[int, _Made]) -> Shown:
    person, record = opened.person, opened.record
    who = patient(person, record, opened.now)
    found: dict[int, _Made] = {}
    whose: dict[str, _Known] = {}
    for one in record.entries:
        at, kind = id(one), TYPES[one.kind]
        if kind not in whose:
            whose[kind] = known_of(kind, person)
        found[at] = known.get(at) or _made(person, one, titles, whose[kind])
    return Shown(
        record=record,
        titles=titles,
        person=Held(by_every_number(who, record), who),
        whence_person=[Held(each) for each in of_patient(person, record, titles)],
        made=found,
    )


def _made(person: PersonId, one: Entry, titles: Titles, whose: _Known) -> _Made:
    kind = TYPES[one.kind]

    def render() -> tuple[dict[str, Any], dict[str, Any]]:
        shown = entry(person, one)
        return by_every_code(shown, one), shown

    def trace() -> tuple[dict[str, Any], dict[str, Any]]:
        whence = provenance(one, f"{kind}/{one.key}", titles)
        return whence, whence

    return (
        one,
        Held.later(kind, one.key, render, whose),
        (Held.later("Provenance", one.key, trace),),
    )


def known_of(kind: str, person: PersonId) -> _Known:
    """What a search finds in every entry of a type, of whose it is: known without rendering it."""
    said = Held({"resourceType": kind, **about(kind, person)})
    definitions = of_type(kind)
    return {name: said.values(definitions[name]) for name in _WHOSE if name in definitions}
