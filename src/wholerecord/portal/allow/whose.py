"""Whose record an app is let in to: the one that is open, one's own, or one that is named."""

from wholerecord.access import Refused
from wholerecord.consent import Role
from wholerecord.errors import Forbidden, Incorrect
from wholerecord.nhs import NhsNumber
from wholerecord.people.search import Search
from wholerecord.portal.shared.visit import Visit
from wholerecord.record import PersonId
from wholerecord.smart import Asked, Authority


def is_about_one(asked: Asked) -> bool:
    """Whether the app must be told a person."""
    return bool(
        asked.launch or "launch/patient" in asked.scopes.plain or asked.scopes.of("patient").rows
    )


def launched(authority: Authority, asked: Asked, visit: Visit) -> PersonId | None:
    """The person whose record the app was opened from; None where it was opened by itself.

    Raises:
        Incorrect: it was opened from another session, or too long ago.
    """
    if not asked.launch:
        return None
    launch = authority.seals.launch.read(asked.launch)
    if launch is None or launch.session != visit.session.own_name or visit.now >= launch.until:
        raise Incorrect("The app was not opened from here just now: open it again.")
    return launch.person


def choices(visit: Visit) -> tuple[tuple[PersonId, str], ...]:
    """Whom somebody may choose without naming anybody: themselves, and whom they care for."""
    own = ((visit.persona.person, "you"),) if visit.persona.person else ()
    return (*own, *visit.persona.cares_for)


def may_name(visit: Visit) -> bool:
    """Whether they may name a person by NHS number: staff, who look for people anyway."""
    return visit.persona.role not in (Role.PATIENT, Role.CARER)


async def chosen(visit: Visit, said: str, number: str) -> PersonId:
    """The person they chose or named.

    Raises:
        Incorrect: they chose nobody.
        Forbidden: whom they named they may not look for.
    """
    mine = choices(visit)
    if len(mine) == 1 and not may_name(visit):
        return mine[0][0]
    for person, _ in mine:
        if person == said:
            return person
    parsed = NhsNumber.parse(number)
    if not may_name(visit) or parsed is None:
        raise Incorrect("Choose whose record the app is for.")
    found = await visit.door.find(Search.of(parsed.digits), purpose=visit.care[0])
    if isinstance(found, Refused):
        raise Forbidden(found.reason)
    if len(found) != 1:
        raise Incorrect("There is no one record with that NHS number.")
    return found[0].person
