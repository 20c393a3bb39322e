"""What a search of the one record looks through: records opened, each entry as it is served.

Every record is opened by the door, which leaves out what is withheld: there is nothing else here to
be found, included, counted or sorted by.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from wholerecord.access import Door, Opened, Refused
from wholerecord.care.titles import titles_of
from wholerecord.consent import Purpose, View
from wholerecord.fhir.granting import scopes_of
from wholerecord.fhir.record.entries import entry
from wholerecord.fhir.record.patient import patient
from wholerecord.fhir.record.provenance import of_patient, provenance
from wholerecord.fhir.record.said_by import Json
from wholerecord.fhir.search import Held, World
from wholerecord.fhir.search.path import under, values
from wholerecord.fhir.searching import Searched
from wholerecord.fold import Entry, Record
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM
from wholerecord.record import PersonId
from wholerecord.smart import Scopes, shows

#: Where a type says what it is, if not in `code`.
_CODED = {
    "MedicationStatement": "medicationCodeableConcept",
    "Immunization": "vaccineCode",
    "Encounter": "type",
    "DocumentReference": "type",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How records are opened. `sourced`: the Provenance of what is in them is searched too."""

    view: View
    at: datetime | None
    sourced: bool


async def named(
    door: Door,
    purpose: Purpose,
    people: Sequence[PersonId],
    look: Looking,
) -> Searched | Refused:
    """The records of these people; or why the first of them that is refused may not be seen."""
    opened: list[Opened] = []
    for person in people:
        one = await door.open(person, purpose=purpose, view=look.view, at=look.at)
        if isinstance(one, Refused):
            return one
        opened.append(one)
    return _searched(opened, door, look)


async def found(
    door: Door,
    purpose: Purpose,
    people: Sequence[PersonId],
    look: Looking,
) -> Searched:
    """The records of those of these people that may be seen: of the others, not a word."""
    asked = [
        await door.open(person, purpose=purpose, view=look.view, at=look.at) for person in people
    ]
    return _searched([one for one in asked if not isinstance(one, Refused)], door, look)


def _searched(opened: Sequence[Opened], door: Door, look: Looking) -> Searched:
    """The world of what was opened; through an app, of what it was let in to search."""
    at = max((one.opening.at for one in opened), default=datetime.now(UTC))
    scopes = scopes_of(door.actor.limits)
    held = (held for one in opened for held in _held(one, scopes, look))
    return Searched(world=World(one for one in held if shows(scopes, one.shown, "s")), at=at)


def _held(opened: Opened, scopes: Scopes | None, look: Looking) -> Iterator[Held]:
    """The person, every entry, and where it came from: only of what the asker was let in to."""
    titles = titles_of(opened.feeds)
    who = patient(opened.person, opened.record)
    yield Held(_by_every_number(who, opened.record), who)
    if look.sourced and shows(scopes, who, "s"):
        yield from map(Held, of_patient(opened.person, opened.record, titles))
    for one in opened.record.entries:
        shown = entry(opened.person, one)
        yield Held(_by_every_code(shown, one), shown)
        if look.sourced and shows(scopes, shown, "s"):
            yield Held(provenance(one, f"{shown['resourceType']}/{one.key}", titles))


def _by_every_number(shown: Json, record: Record) -> Json:
    """The Patient with every NHS number of theirs: a superseded one finds who they are now."""
    said = [one.nhs_number for _, one in record.who.said_by] if record.who else []
    numbers = dict.fromkeys(number.digits for number in said if number)
    if len(numbers) < 2:
        return shown
    each = [{"system": NHS_NUMBER_SYSTEM, "value": number} for number in numbers]
    return {**shown, "identifier": each}


def _by_every_code(shown: Json, one: Entry) -> Json:
    """The resource with every code that any source gave the entry: it is found by each of them."""
    codings = [
        {"system": code.system, "code": code.code, "display": code.display}
        for code in dict.fromkeys(code for said in one.said_by for code in said.codes)
    ]
    if not codings:
        return shown
    words = [{"text": said.words} for said in one.said_by if said.words]
    name = _CODED.get(shown["resourceType"], "code")
    written = values(shown, name) or [under(shown, name)]
    return {**shown, name: [*written, {"coding": codings}, *words]}
