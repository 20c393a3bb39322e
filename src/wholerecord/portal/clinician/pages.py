"""Pages for professionals, by address."""

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.people.search import Search
from wholerecord.portal.clinician.found import found_lines
from wholerecord.portal.clinician.screen import screen
from wholerecord.portal.shared.refusal import break_glass, refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in


def routes(site: Site) -> list[Route]:
    """Where professionals find people and read records."""
    return [
        signed_in(site, "/people", find),
        signed_in(site, "/people/{person}", first_screen),
        signed_in(site, "/people/{person}/emergency", break_glass, method="POST"),
    ]


async def find(visit: Visit) -> Response:
    """The people a search names; or, with nothing typed, the box to type in."""
    text = visit.request.query_params.get("q", "").strip()
    search = Search.of(text)
    if not text or not search.keys:
        return visit.page("clinician/find.html", q=text, search=search, found=None)
    found = await visit.door.find(search)
    if isinstance(found, Refused):
        return refused_page(visit, found)
    return visit.page(
        "clinician/find.html", q=text, search=search, found=found_lines(found, visit.now.date())
    )


async def first_screen(visit: Visit) -> Response:
    """One person's record on one screen."""
    purpose, given = visit.care
    at = visit.at
    opened = await visit.door.open(visit.person, purpose=purpose, given=given, at=at)
    if isinstance(opened, Refused):
        return refused_page(visit, opened, person=visit.person)
    last = await visit.door.last_look(visit.person, opened.opening)
    return visit.page(
        "clinician/screen.html",
        screen=screen(opened, alerts=(), since=last.at if last else None, now=visit.now, at=at),
        given=given,
    )
