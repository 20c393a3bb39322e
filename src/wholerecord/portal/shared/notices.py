"""What somebody is told who opened a record while it was two people's: once, when they sign in."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.errors import Incorrect
from wholerecord.portal.shared.persona import Persona
from wholerecord.portal.shared.visit import Site, Visit, signed_in


def routes(site: Site) -> list[Route]:
    """Where notices are read, and said to be read."""
    return [
        signed_in(site, "/notices", notices),
        signed_in(site, "/notices", noticed, method="POST"),
    ]


async def told_first(site: Site, persona: Persona, leads: str) -> str:
    """Where somebody who signs in is led: to their notices while there are any, else to `leads`."""
    return "/notices" if await site.door(persona.actor).notices() else leads


async def notices(visit: Visit) -> Response:
    """Every notice not read yet."""
    return visit.page("shared/notices.html", notices=await visit.door.notices())


async def noticed(visit: Visit) -> Response:
    """Say that a notice is read."""
    sent = await visit.form()
    n = sent.one("n")
    if not (n.isascii() and n.isdecimal() and len(n) < 19):
        raise Incorrect("Choose a notice.")
    await visit.door.noticed(int(n))
    return RedirectResponse("/notices", status_code=303)
