"""Where the next page begins: sealed, for one asker, of the search as it was first answered.

The address of a further page holds this and nothing else, so that what was searched for, which may
be about somebody, stands in no address and no log of addresses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from wholerecord.access import Actor
from wholerecord.errors import Incorrect
from wholerecord.fhir.search.world import Held
from wholerecord.signin.sealed import Sealed

#: The parameter that holds a cursor, and how long one may be followed.
PARAMETER = "_page"
LASTS = timedelta(hours=24)


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """A further page.

    `asker` is who may follow it, `path` of which search, `pairs` its parameters. The page begins
    after the resource `last`, the `start`-th of what was found as known at `at`; `found` is a
    hash of all that was found, by which it is seen whether anything has changed.
    """

    asker: str
    path: str
    pairs: tuple[tuple[str, str], ...]
    strict: bool
    start: int
    last: str
    at: datetime
    found: int


@dataclass(frozen=True, slots=True)
class Cursors:
    """Makes and reads cursors with a secret of the application."""

    secret: bytes

    def write(self, cursor: Cursor) -> str:
        """The cursor as text for an address."""
        return _sealing(self.secret).write(cursor)

    def read(self, written: str, actor: Actor, path: str, *, now: datetime) -> Cursor:
        """The cursor in an address.

        Raises:
            Incorrect: it is not one of ours for this asker and this search, or too old.
        """
        cursor = _sealing(self.secret).read(written)
        if (
            cursor is None
            or cursor.asker != asker(actor)
            or cursor.path != path
            or now - cursor.at > LASTS
        ):
            raise Incorrect(f"{PARAMETER} leads to no page of yours: search again.")
        return cursor


@lru_cache(maxsize=16)
def _sealing(secret: bytes) -> Sealed[Cursor]:
    """The seal of cursors: made once, for making its key costs as much as a page's filters."""
    return Sealed(secret, "search", Cursor)


def asker(actor: Actor) -> str:
    """Who asks, in which role, for which organisation, and what the app was let in to."""
    app = actor.limits.scope if actor.limits else ""
    who = (actor.id, actor.role.value, actor.organisation, actor.person or "", app)
    return "\0".join(who)


def begins(cursor: Cursor, found: list[Held]) -> int:
    """Where in `found` the page begins: after the last of the one before, where that is still."""
    for index, held in enumerate(found):
        if "/".join(held.key) == cursor.last:
            return index + 1
    return min(cursor.start, len(found))
