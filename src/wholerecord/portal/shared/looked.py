"""Who looked, a page at a time: what a page costs is its own length and not that of the history."""

from dataclasses import dataclass

from wholerecord.access import Refused
from wholerecord.audit import Opening
from wholerecord.consent import Purpose
from wholerecord.errors import Incorrect
from wholerecord.portal.shared.numbers import number
from wholerecord.portal.shared.visit import Visit
from wholerecord.record import PersonId

#: Looks on a page.
LINES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksPage:
    """Looks, the newest first. `before` is what the next page is asked with, None: it is the last.

    `first`: none are newer than these.
    """

    looks: tuple[Opening, ...]
    before: int | None
    first: bool


async def looks_page(visit: Visit, person: PersonId, purpose: Purpose) -> LooksPage | Refused:
    """The page that the address asks for with `before`; or why not. An opening, like any.

    Raises:
        Incorrect: `before` is no number.
    """
    asked = visit.request.query_params.get("before")
    before = None if asked is None else number(asked)
    if asked is not None and before is None:
        raise Incorrect("`before` is the number of a look: follow the link on the page.")
    found = await visit.door.who_looked(person, purpose=purpose, limit=LINES + 1, before=before)
    if isinstance(found, Refused):
        return found
    looks = found[:LINES]
    return LooksPage(
        looks=looks,
        before=looks[-1].n if len(found) > LINES else None,
        first=before is None,
    )
