"""Which studies a person's record was in."""

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.errors import NotFound
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in


def routes(site: Site) -> list[Route]:
    """Where a person reads which studies counted them."""
    studies = site.studies
    if studies is None:
        return []

    async def own(visit: Visit) -> Response:
        person = visit.persona.person
        if person is None:
            raise NotFound
        found = await studies.own(visit.door, person)
        if isinstance(found, Refused):
            return refused_page(visit, found)
        return visit.page("patient/studies.html", studies=found)

    return [signed_in(site, "/me/studies", own)]
