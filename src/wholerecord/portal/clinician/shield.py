"""Hiding an entry from the person themselves: of serious harm, or of what is not theirs to read."""

import re
from datetime import UTC, datetime

from starlette.responses import RedirectResponse, Response

from wholerecord.access.shielding import Because
from wholerecord.errors import Incorrect
from wholerecord.portal.shared.provenance import about_from
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Visit

_NUMBER = re.compile(r"[0-9]{1,18}")


async def shield(visit: Visit) -> Response:
    """Hide what the form names, until the day of its review."""
    sent = await visit.form()
    about = tuple(filter(None, map(about_from, sent.every("about"))))
    try:
        until = datetime.strptime(sent.one("until"), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Incorrect("The review is a day, such as 2027-03-01.") from None
    try:
        because = Because(sent.one("because") or Because.HARM.value)
    except ValueError:
        raise Incorrect("Choose why it is hidden from the person.") from None
    refused = await visit.door.shield(
        visit.person, about, until=until, why=sent.reason(), because=because
    )
    return refused_page(visit, refused) if refused else _back(visit)


async def unshield(visit: Visit) -> Response:
    """Show it to the person again."""
    n = (await visit.form()).one("n")
    if not _NUMBER.fullmatch(n):
        raise Incorrect("Choose what is shown again.")
    refused = await visit.door.unshield(visit.person, int(n))
    return refused_page(visit, refused) if refused else _back(visit)


def _back(visit: Visit) -> Response:
    return RedirectResponse(f"/people/{visit.person}", status_code=303)
