"""What was let in and has not run out: kept so that whoever let it in can see it and end it.

What a token is worth is never read from here (decision 16): a row that is lost ends nothing, and
one that was ended stands on the list of what counts no longer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from wholerecord.access import Actor
from wholerecord.consent import Role
from wholerecord.smart.grant import Grant

_OF_PEOPLE = frozenset({Role.PATIENT, Role.CARER})


class Grants(Protocol):
    """Where what was let in is kept until it runs out."""

    async def keep_grant(self, grant: Grant) -> None:
        """Keep it; what ran out before now may be forgotten."""
        ...

    async def grants(self, actor: Actor, *, now: datetime) -> Sequence[Grant]:
        """What the actor let in, or somebody else to the actor's own record; newest first."""
        ...


def may_end(actor: Actor, grant: Grant) -> bool:
    """Whether it is theirs to end: they let it in, or it was let in to their record by a carer.

    What staff let in ends with their session, and is read in who looked.
    """
    if grant.actor.id == actor.id:
        return True
    theirs = actor.person is not None and grant.patient == actor.person
    return theirs and grant.actor.role in _OF_PEOPLE
