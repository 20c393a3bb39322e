"""What a search of the one record looks through: records opened, each entry as it is served.

Every record is opened by the door, which leaves out what is withheld: there is nothing else here to
be found, included, counted or sorted by.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from wholerecord.access import Door, Opened, Refused
from wholerecord.consent import Purpose, View
from wholerecord.fhir.granting import scopes_of
from wholerecord.fhir.record.rendered import Rendered, Shown
from wholerecord.fhir.record.ruled import Ruled, let_in, let_in_to, ruled
from wholerecord.fhir.record.worked_out import given
from wholerecord.fhir.search import Held, World
from wholerecord.fhir.searching import Searched
from wholerecord.record import PersonId
from wholerecord.smart import Scopes, shows

_WHENCE = {"resourceType": "Provenance"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How records are opened, and rendered.

    `sourced`: the Provenance of what is in them is searched too. `worked_out`: so is what is worked
    out of them.
    """

    view: View
    at: datetime | None
    sourced: bool
    worked_out: bool
    rendered: Rendered


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
    return await _searched(opened, door, look)


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
    return await _searched([one for one in asked if not isinstance(one, Refused)], door, look)


async def _searched(opened: Sequence[Opened], door: Door, look: Looking) -> Searched:
    """The world of what was opened; through an app, of what it was let in to search."""
    rulings = {id(one): await ruled(door, one) for one in opened} if look.sourced else {}
    at = max((one.opening.at for one in opened), default=datetime.now(UTC))
    scopes = scopes_of(door.actor.limits)
    held = (
        held for one in opened for held in _all_held(one, rulings.get(id(one), ()), scopes, look)
    )
    return Searched(world=World(held), at=at, people=len(opened))


def _all_held(
    one: Opened, rulings: Sequence[Ruled], scopes: Scopes | None, look: Looking
) -> Iterator[Held]:
    shown = look.rendered.of(one)
    yield from _held(shown, scopes, look)
    if shows(scopes, _WHENCE, "s"):
        yield from let_in(rulings, let_in_to(shown, scopes, "s"))
    if look.worked_out:
        day = (look.at or one.opening.at).date()
        yield from given(one, day, lambda each: shows(scopes, each, "s"))


def _held(shown: Shown, scopes: Scopes | None, look: Looking) -> Iterator[Held]:
    """The person, every entry, and where it came from: only of what the asker was let in to."""
    sources = look.sourced and shows(scopes, _WHENCE, "s")
    for held, whence in ((shown.person, shown.whence_person), *shown.entries):
        if scopes is None or shows(scopes, held.shown, "s"):
            yield held
            if sources:
                yield from whence
