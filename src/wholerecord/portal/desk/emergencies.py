"""Looks that governance reviews: what was opened in an emergency, and the patterns of a night."""

import re

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.access.doubts import Outcome, Pattern
from wholerecord.errors import Incorrect
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in
from wholerecord.record import PersonId

_NUMBER = re.compile(r"[0-9]{1,18}")


def routes(site: Site) -> list[Route]:
    """Where looks are reviewed, and records watched."""
    return [
        signed_in(site, "/desk/emergencies", emergencies),
        signed_in(site, "/desk/emergencies", close, method="POST"),
        signed_in(site, "/desk/watch", watch, method="POST"),
        signed_in(site, "/desk/engineers", engineers),
    ]


async def emergencies(visit: Visit) -> Response:
    """Every look that waits for a review, the emergencies first."""
    found = await visit.door.doubts()
    if isinstance(found, Refused):
        return refused_page(visit, found)
    alone = {Pattern.EMERGENCY, Pattern.CLAIMED}
    return visit.page(
        "desk/emergencies.html",
        broken=[one for one in found if one.pattern is Pattern.EMERGENCY],
        claimed=[one for one in found if one.pattern is Pattern.CLAIMED],
        patterns=[one for one in found if one.pattern not in alone],
        outcomes=list(Outcome),
    )


async def close(visit: Visit) -> Response:
    """Say what a review came to."""
    sent = await visit.form()
    if not _NUMBER.fullmatch(sent.one("n")):
        raise Incorrect("Choose a look.")
    try:
        outcome = Outcome(sent.one("outcome"))
    except ValueError:
        raise Incorrect("Choose what the review came to.") from None
    refused = await visit.door.close_doubt(int(sent.one("n")), outcome, why=sent.reason())
    return refused_page(visit, refused) if refused else _back()


async def watch(visit: Visit) -> Response:
    """Watch a record, or watch it no longer."""
    sent = await visit.form()
    person = PersonId(sent.one("person"))
    if sent.one("stop"):
        refused = await visit.door.unwatch(person)
    else:
        refused = await visit.door.watch(person, why=sent.reason())
    return refused_page(visit, refused) if refused else _back()


async def engineers(visit: Visit) -> Response:
    """What operators of the system looked at."""
    found = await visit.door.engineers()
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page("desk/engineers.html", looks=found)


def _back() -> Response:
    return RedirectResponse("/desk/emergencies", status_code=303)
