"""The team: who is involved, professionals and family, each once.

Statements of one type that share an identifier with a system are of one member. A relative or
contact is one when the name is one and so is a word of the relationship or the way to reach them:
the ways of sending them (HL7 v2 NK1, FHIR) seldom carry an identifier.
Source: FHIR R4 CareTeam, Practitioner, PractitionerRole, Organization, RelatedPerson.
"""

from typing import Any, cast

from wholerecord.fold.names import names_in, type_name, words_in
from wholerecord.fold.plain import plain_entry
from wholerecord.fold.plain_said import PlainSaid
from wholerecord.fold.record import Entry, Kind
from wholerecord.fold.shape import Shape
from wholerecord.fold.texts import texts_in
from wholerecord.fold.told import Around, Group, Told, Way, in_order

TYPES = frozenset({"CareTeam", "Practitioner", "PractitionerRole", "Organization", "RelatedPerson"})

#: Words of relationships that say nothing of which.
_EMPTY = frozenset({"relationship", "of", "the", "and", "other", "unknown", "contact", "person"})
#: What two statements share when they are of one member: how, its type, and what.
_Mark = tuple[str, str, str, str]


def gather(told: list[Told[Shape]], _around: Around) -> list[Group[Shape]]:
    """Statements that share a mark are of one member."""
    groups: list[Group[Shape]] = []
    by_mark: dict[_Mark, Group[Shape]] = {}
    for one in in_order(told):
        marks = _marks(one)
        shared = next((mark for mark in marks if mark in by_mark), None)
        if shared is None:
            group = Group([one], "One statement.")
            groups.append(group)
        else:
            group = by_mark[shared]
            group.add(one, f"Same {shared[0]}.")
        for mark in marks:
            by_mark.setdefault(mark, group)
    return groups


def _marks(one: Told[Shape]) -> list[_Mark]:
    kind, body = one.said.kind, one.body
    if not isinstance(body, PlainSaid):
        return []
    found = [("identifier", kind, system, value) for system, value in _pairs(body.identifier)]
    if kind != "RelatedPerson":
        return found
    names = sorted(names_in(body.name))
    relations = sorted(words_in(" ".join(texts_in(body.relationship))) - _EMPTY)
    reached = sorted({"".join(value.split()) for _, value in _pairs(body.telecom)})
    return [
        *found,
        *(("name and relationship", kind, n, word) for n in names for word in relations),
        *(("name and contact", kind, n, value) for n in names for value in reached),
    ]


def _pairs(said: Any) -> list[tuple[str, str]]:
    """System and value of each identifier or contact in a field of whatever shape."""
    found: list[tuple[str, str]] = []
    for each in cast("list[Any]", said) if isinstance(said, list) else []:
        pair = cast("dict[str, Any]", each) if isinstance(each, dict) else {}
        system, value = pair.get("system"), pair.get("value")
        if isinstance(system, str) and isinstance(value, str):
            found.append((system, value))
    return found


def make(group: Group[Shape], _around: Around) -> Entry:
    """One member of the team."""
    return plain_entry(group, Kind.TEAM, type_name(group.told[0].said.kind))


WAY: Way[Shape] = Way(Kind.TEAM, gather, make)
