"""Every page's address."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.errors import NotFound
from wholerecord.portal.allow import ending, launching
from wholerecord.portal.clinician import pages as clinician
from wholerecord.portal.counts import boards, openly, studies
from wholerecord.portal.counts import pages as counts
from wholerecord.portal.desk import pages as desk
from wholerecord.portal.paper import pages as paper
from wholerecord.portal.patient import choices, told
from wholerecord.portal.patient import pages as patient
from wholerecord.portal.patient import studies as own_studies
from wholerecord.portal.shared import asking_still, assets, joining, notices, sign_in
from wholerecord.portal.shared.menu import menu
from wholerecord.portal.shared.visit import Guest, Site, Visit, open_to_all, signed_in


def routes(site: Site) -> list[Route]:
    """The portal's routes, to be mounted at the root, after every other."""
    return [
        signed_in(site, "/", _start),
        open_to_all(site, "/about", _about),
        *sign_in.routes(site),
        *notices.routes(site),
        *asking_still.routes(site),
        *assets.routes(),
        *joining.routes(site),
        *launching.routes(site),
        *ending.routes(site),
        *paper.routes(site),
        *clinician.routes(site),
        *told.routes(site),
        *choices.routes(site),
        *own_studies.routes(site),
        *patient.routes(site),
        *desk.routes(site),
        *counts.routes(site),
        *studies.routes(site),
        *boards.routes(site),
        *openly.routes(site),
        open_to_all(site, "/{path:path}", _nothing),
    ]


async def _start(visit: Visit) -> Response:
    """The page each role starts from: the first in their menu."""
    if await visit.door.notices() or await visit.door.wrong_notices():
        return RedirectResponse("/notices", status_code=303)
    pages = menu(visit.persona)
    if len(pages) == 1 or visit.persona.cares_for == ():
        return RedirectResponse(pages[0][1] if pages else "/about", status_code=303)
    return visit.page("shared/start.html", pages=pages)


async def _about(guest: Guest) -> Response:
    return guest.page("shared/about.html")


async def _nothing(_: Guest) -> Response:
    raise NotFound
